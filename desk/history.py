"""History: what happened to a post, added in the same transaction as the change."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from desk.models import Event, Post


def note(session: Session, post: Post, what: str, now: datetime, by: str = "") -> None:
    """Add a line to the post's history, as it stands after the change."""
    session.add(
        Event(
            post_id=post.id,
            at=now,
            fence=post.fence,
            state=post.state,
            what=what,
            by=by,
        )
    )
