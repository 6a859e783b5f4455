"""Clock jumps: what is due or late only since a clock was set waits for a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from desk import holds, transition
from desk.engine_settings import engine
from desk.lifecycle import State
from desk.models import Post
from desk.models.posts import Triage


def set_aside(session: Session, really: datetime, shown: datetime) -> int:
    """What is due, or too late, only between the real time and the one shown."""
    due = and_(
        Post.next_at > really + engine.claims.lead,
        Post.next_at <= shown + engine.claims.lead,
    )
    late = and_(Post.expires_at > really, Post.expires_at <= shown + engine.claims.lead)
    moved = or_(
        and_(Post.state == State.SCHEDULED, or_(due, late)),
        and_(Post.state == State.CLAIMED, late),
    )
    query = select(Post).where(moved, Post.triage.is_(None)).order_by(Post.id)
    posts = session.scalars(query.with_for_update(of=Post)).all()
    for post in posts:
        transition.move(session, post, State.SCHEDULED, shown)
        why = f"The clock jumped from {really:%H:%M:%S} to {shown:%H:%M:%S} UTC."
        holds.to_triage(session, post, Triage.JUMPED, why, shown)
    return len(posts)
