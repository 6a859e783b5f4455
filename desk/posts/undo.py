"""Undo: what a post said before one press changed it, kept to bring it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from desk import posts
from desk.desk import Desk
from desk.lifecycle import IllegalMove
from desk.models import Post, Share
from desk.people.actors import Actor
from desk.posts import Seen, editing, following, working_copies
from desk.posts.editing import Change, Typed

KEPT = (
    "text",
    "alt",
    "alt_is_draft",
    "credit",
    "picture_id",
    "thread",
    "link_in_reply",
    "carried",
    "link",
    "own_pictures",
)
PICTURES = {"alt", "credit"}  # what is said of a picture goes with it


def change_with_undo(
    desk: Desk,
    session: Session,
    post_id: int,
    change: Change,
    *,
    now: datetime,
    by: Actor,
    seen: Seen | None = None,
    alt_is_draft: bool | None = None,
) -> Post:
    """Put a change in, and keep what stood there until someone writes on.

    `alt_is_draft`: None leaves it as it is.
    """
    post = posts.locked(session, post_id, by, seen=seen)
    drafted = post.alt_is_draft if alt_is_draft is None else alt_is_draft
    kept = former_words(session, post)
    revision = post.revision
    typed = Typed(change, revision)
    post = editing.edit(desk, session, post.id, typed, now=now, by=by)
    post.alt_is_draft = bool(post.alt) and drafted
    post.former = kept
    if change.text is None:
        lost = PICTURES if change.picture_id is not None else set()
        working_copies.move_along(session, post, revision, lost)
    return post


def former_words(session: Session, post: Post) -> dict[str, Any]:
    """What the locked post says, for `Post.former`."""
    kept = {name: getattr(post, name) for name in KEPT}
    return kept | {"share": following.share_of(session, post).revision}


def bring_back(
    desk: Desk,
    session: Session,
    post_id: int,
    *,
    now: datetime,
    by: Actor,
    seen: Seen | None = None,
) -> Post:
    """Undo the last of these changes; raises `IllegalMove` where it was changed since.

    `seen`: the post as the press that is undone left it.
    """
    post = posts.locked(session, post_id, by, seen=seen)
    was = post.former
    if was is None:
        raise IllegalMove(
            "This post was changed since, so there is nothing to undo. Its text is as "
            "it was written last."
        )
    change = Change(
        text=was["text"],
        alt=was["alt"],
        credit=was["credit"],
        picture_id=was["picture_id"] or 0,
        thread=was.get("thread"),  # None: kept before there were any
        link_in_reply=was.get("link_in_reply"),
        link=_former_link(post, was),
    )
    typed = Typed(change, post.revision)
    post = editing.edit(desk, session, post_id, typed, now=now, by=by)
    post.alt_is_draft = was["alt_is_draft"]
    post.carried = was.get("carried", [])
    post.own_pictures = was.get("own_pictures", True) or _shows_another(
        following.share_of(session, post), was
    )
    return post


def _former_link(post: Post, former: Mapping[str, Any]) -> str | None:
    """None: it is still the same, or was not kept."""
    link = former.get("link", post.link)
    return None if link == post.link else link or ""


def _shows_another(share: Share, former: Mapping[str, Any]) -> bool:
    """Does the share show another picture by now, or say something else of it?"""
    return bool(share.changed_at.get("pictures", 0) > former["share"])
