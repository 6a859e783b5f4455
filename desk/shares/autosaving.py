"""Autosaving: what is typed into a share goes in by itself while it is a draft."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from desk import links, shares
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post
from desk.people.actors import Actor
from desk.posts import following
from desk.shares.editing import Saved, Typed, differing, save_share
from desk.shares.rendering import Field

TIMED = frozenset({State.SCHEDULED, State.CLAIMED})
NEVER_SENT = frozenset({Field.NOTE, Field.LABELS})


def autosave_share(
    desk: Desk,
    session: Session,
    share_id: int,
    typed: Typed,
    *,
    now: datetime,
    by: Actor,
) -> Saved | None:
    """As `save_share` does; None: it would change what is sent, so nothing was saved.

    A link that is none yet waits, and keeps no other words waiting.
    """
    share = shares.locked(session, share_id, by)
    typed = finished(typed)
    fields = differing(share, typed.change)
    its = following.posts_of(session, share)
    if any(post.state in TIMED and _says(post, fields) for post in its):
        return None
    return save_share(desk, session, share_id, typed, now=now, by=by)


def finished(typed: Typed) -> Typed:
    """Without a link that is none yet."""
    change = typed.change
    if not links.problem(change.link or ""):
        return typed
    return replace(typed, change=replace(change, link=None))


def _says(post: Post, fields: Collection[Field]) -> bool:
    """Does it follow its share in one of these?"""
    sent = set(fields) - NEVER_SENT
    return any(not getattr(post, f"own_{one}", False) for one in sent)
