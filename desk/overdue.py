"""Overdue: posts that should have gone out by now, with nothing that explains it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk import holds
from desk.lifecycle import State
from desk.models import Post
from desk.sendable import SCHEDULED, in_turn, sendable

PATIENCE = timedelta(seconds=5)


def oldest(session: Session, now: datetime) -> timedelta | None:
    """How long the oldest one has waited past its time; None: there is none.

    No hold, wait, breaker, embargo or earlier post of its channel keeps it: it is the
    engine that is late.
    """
    if any(hold.scope == "desk" for hold in holds.list_holds(session)):
        return None  # without asking of each post what holds it
    late = now - PATIENCE
    waiting = (
        select(Post.next_at)
        .where(SCHEDULED, Post.next_at <= late, sendable(now), in_turn())
        .order_by(Post.next_at, Post.id)
        .limit(1)
    )
    leased = select(func.min(Post.next_at)).where(
        Post.lease_until.is_not(None), Post.state == State.CLAIMED
    )
    found = [session.scalar(waiting), session.scalar(leased)]
    times = [at for at in found if at is not None and at <= late]
    return now - min(times) if times else None
