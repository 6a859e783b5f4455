"""Jumps: posts that are due only because somebody set the clock wait for a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import holds
from desk.lifecycle import State
from desk.models import Post
from desk.publishing.claiming import LEAD


def set_aside(session: Session, really: datetime, shown: datetime) -> int:
    """What falls between the time it really is and the one the clock shows."""
    query = select(Post).where(
        Post.state == State.SCHEDULED,
        Post.triage.is_(None),
        Post.next_at > really + LEAD,
        Post.next_at <= shown + LEAD,
    )
    posts = session.scalars(query.with_for_update(of=Post)).all()
    for post in posts:
        post.fence += 1
        why = f"The clock jumped from {really:%H:%M:%S} to {shown:%H:%M:%S} UTC."
        holds.to_triage(session, post, "jumped", why, shown)
    return len(posts)
