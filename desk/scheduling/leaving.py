"""Leaving: what somebody let out a moment ago, and can still be stopped."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, select
from sqlalchemy.orm import Session

from desk.lifecycle import State
from desk.models import Event, Post
from desk.models.base import UtcDateTime
from desk.scheduling import NOW_IN

MOST = 200  # that one button stops
NOW, UNTIL, SINCE = (
    bindparam(name, type_=UtcDateTime())
    for name in ("now", "leaving_until", "let_out_since")
)
LET_OUT = exists().where(
    Event.post_id == Post.id, Event.state == State.SCHEDULED, Event.at >= SINCE
)


def is_leaving() -> ColumnElement[bool]:
    """For `moments_of`: it goes out within seconds, and was let out just now."""
    return and_(
        Post.due_at > NOW,
        Post.due_at <= UNTIL,
        Post.state.in_((State.SCHEDULED, State.CLAIMED)),
        LET_OUT,
    )


def moments_of(now: datetime) -> dict[str, Any]:
    return {"now": now, "leaving_until": now + NOW_IN, "let_out_since": now - NOW_IN}


LEAVING = select(Post).where(is_leaving()).order_by(Post.due_at, Post.id).limit(MOST)


def leaving(session: Session, now: datetime) -> list[Post]:
    """The first of them first."""
    return list(session.scalars(LEAVING, moments_of(now)))
