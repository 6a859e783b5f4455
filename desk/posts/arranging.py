"""Arranging: a long text as a thread, and where the link of a post goes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from desk import posts
from desk.desk import Desk
from desk.models import Post
from desk.posts import former
from desk.posts.editing import Change


def make_thread(
    desk: Desk, session: Session, post_id: int, on: bool, *, now: datetime, by: str
) -> Post:
    """Take the text into as many parts as it needs, or put it together again."""
    return _change(desk, session, post_id, Change(thread=on), now, by)


def place_link(
    desk: Desk,
    session: Session,
    post_id: int,
    in_reply: bool,
    *,
    now: datetime,
    by: str,
) -> Post:
    """The link in a first reply of its own, or with the post."""
    return _change(desk, session, post_id, Change(link_in_reply=in_reply), now, by)


def _change(
    desk: Desk, session: Session, post_id: int, change: Change, now: datetime, by: str
) -> Post:
    post = posts.found(session, post_id, lock=True)
    drafted = post.alt_is_draft
    return former.replace(
        desk, session, post, change, now=now, by=by, alt_is_draft=drafted
    )
