"""Arranging: a long text as a thread, and where the link of a post goes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from desk import posts
from desk.desk import Desk
from desk.models import Post
from desk.posts import former
from desk.posts.editing import Change


def arrange(
    desk: Desk,
    session: Session,
    post_id: int,
    change: Change,
    *,
    now: datetime,
    by: str,
) -> Post:
    """The same words in another arrangement, with a way back."""
    post = posts.found(session, post_id, lock=True)
    drafted = post.alt_is_draft
    return former.replace(
        desk, session, post, change, now=now, by=by, alt_is_draft=drafted
    )
