"""Posts: one message for one channel. Making, locking, altering one is a file each."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.lifecycle import State
from desk.models import Post
from desk.posts.altering import alter, give_time
from desk.posts.locking import (
    NoSuchPost,
    find_post,
    lock_all,
    lock_editable,
    lock_in_state,
    locked,
)
from desk.posts.making import create, new_key
from desk.posts.refusals import REFUSALS, refuse, refuse_actor, refuse_partly_live
from desk.posts.seen import UNSEEN, Seen, arrangement, stands

__all__ = [
    "REFUSALS",
    "UNSEEN",
    "NoSuchPost",
    "Seen",
    "alter",
    "arrangement",
    "create",
    "drafts",
    "find_post",
    "give_time",
    "lock_all",
    "lock_editable",
    "lock_in_state",
    "locked",
    "new_key",
    "refuse",
    "refuse_actor",
    "refuse_partly_live",
    "stands",
]


def drafts(session: Session, article_id: int) -> list[Post]:
    """An article's posts on which nobody has decided yet."""
    query = select(Post).where(Post.article_id == article_id, Post.state == State.DRAFT)
    return list(session.scalars(query.order_by(Post.id)))
