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
from desk.shares.editing import (
    ALL_AT_ONCE,
    Began,
    Change,
    Saved,
    differing,
    save_share,
)
from desk.shares.rendering import Field

TIMED = frozenset({State.SCHEDULED, State.CLAIMED})
NEVER_SENT = frozenset({Field.NOTE, Field.LABELS})


def autosave_share(
    desk: Desk,
    session: Session,
    share_id: int,
    change: Change,
    revision: int,
    *,
    now: datetime,
    by: Actor,
    began: Began = ALL_AT_ONCE,
) -> Saved | None:
    """As `save_share` does; None: it would change what is sent, so nothing was saved.

    A link that is none yet waits, and keeps no other words waiting.
    """
    share = shares.locked(session, share_id, by)
    change = finished(change)
    fields = differing(share, change)
    its = following.posts_of(session, share)
    if any(post.state in TIMED and _says(post, fields) for post in its):
        return None
    return save_share(
        desk, session, share_id, change, revision, now=now, by=by, began=began
    )


def finished(change: Change) -> Change:
    """Without a link that is none yet."""
    return replace(change, link=None) if links.problem(change.link or "") else change


def _says(post: Post, fields: Collection[Field]) -> bool:
    """Does it follow its share in one of these?"""
    sent = set(fields) - NEVER_SENT
    return any(not getattr(post, f"own_{one}", False) for one in sent)
