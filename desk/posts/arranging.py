"""Arranging: a long text as a thread, and where the link of a post goes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from desk.desk import Desk
from desk.models import Post
from desk.people.actors import Actor
from desk.posts import Seen, undo
from desk.posts.editing import Change


def arrange(
    desk: Desk,
    session: Session,
    post_id: int,
    change: Change,
    *,
    now: datetime,
    by: Actor,
    seen: Seen | None = None,
) -> Post:
    """The same words in another arrangement, with a way back."""
    return undo.replace(desk, session, post_id, change, now=now, by=by, seen=seen)
