"""The board: what goes out now, next, went out today, and needs a person.

Its statements are made once: making them anew took as long as asking them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    select,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from desk import attention
from desk.attention import NOW, TroubledChannel, needs_you
from desk.lifecycle import GOING_OUT, State
from desk.models import Post
from desk.models.base import UtcDateTime
from desk.partial_indexes import TROUBLE
from desk.posts.loading import load_for_board
from desk.sendable import SCHEDULED

Order = ColumnElement[Any] | InstrumentedAttribute[datetime | None]
Times = Mapping[str, datetime]
AHEAD = timedelta(minutes=60)
SHOWN = 20  # in a column
MOST = 10_000  # that are counted of those that wait beyond the next hour
PRESSING = 8  # of what needs a person; its own page has the rest
SOON, MIDNIGHT = (bindparam(name, type_=UtcDateTime()) for name in ("soon", "midnight"))


@dataclass(frozen=True)
class Column:
    """Posts on the board, and how many there are in all."""

    posts: list[Post]
    count: int


@dataclass(frozen=True)
class Board:
    """The status board: four columns, and how many wait beyond the next hour."""

    publishing: Column
    next_hour: Column
    done_today: Column
    needs_you: Column
    channels: list[TroubledChannel]
    scheduled_later: int
    or_more: bool  # they were not counted to the end


def counted(which: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many posts are so."""
    return select(func.count()).select_from(Post).where(which).scalar_subquery()


def going_out() -> ColumnElement[bool]:
    """What screens call publishing, and what the desk itself is looking for."""
    leased = and_(Post.lease_until.is_not(None), Post.state.in_(GOING_OUT))
    looking = and_(
        TROUBLE, Post.state == State.UNCONFIRMED, Post.needs_person.is_(False)
    )
    found = union(select(Post.id).where(leased), select(Post.id).where(looking))
    return Post.id.in_(found)


@dataclass(frozen=True, eq=False)
class Asked:
    """What a column asks for: which posts, the first of them in this order."""

    which: ColumnElement[bool]
    order: Order
    size: int = SHOWN

    @cached_property
    def first(self) -> Select[int]:
        query = select(Post.id).where(self.which)
        return query.order_by(self.order, Post.id).limit(self.size)

    @cached_property
    def all(self) -> Select[int]:
        return select(counted(self.which))


PUBLISHING = Asked(going_out(), Post.due_at)
NEXT_HOUR = Asked(and_(SCHEDULED, ~needs_you(NOW), Post.next_at <= SOON), Post.next_at)
DONE = Asked(
    and_(Post.state == State.PUBLISHED, Post.published_at >= MIDNIGHT),
    Post.published_at.desc(),
)
NEEDS_YOU = Asked(needs_you(NOW), Post.due_at.desc(), PRESSING)
COLUMNS = (PUBLISHING, NEXT_HOUR, DONE, NEEDS_YOU)
# Counted apart and not to the end, as there may be many: the first in an index alone.
BEYOND = and_(SCHEDULED, Post.next_at > SOON)
SOME = select(Post.id).where(BEYOND).limit(bindparam("most")).subquery()
LATER = select(
    select(func.count()).select_from(SOME).scalar_subquery(),
    counted(and_(BEYOND, needs_you(NOW))),
)
TICKETS = load_for_board(
    select(Post).where(Post.id.in_(bindparam("ids", expanding=True)))
)


def board(session: Session, now: datetime, zone: ZoneInfo) -> Board:
    """What the status board shows. "Today" is the newsroom's day."""
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    at = {"now": now, "soon": now + AHEAD, "midnight": midnight}
    publishing, next_hour, done_today, yours = _columns(session, at)
    later, of_them_yours = session.execute(LATER, {**at, "most": MOST}).one()
    return Board(
        publishing=publishing,
        next_hour=next_hour,
        done_today=done_today,
        needs_you=yours,
        channels=attention.channels(session, now),
        scheduled_later=later - of_them_yours,
        or_more=later == MOST,
    )


def _columns(session: Session, at: Times) -> list[Column]:
    """All of them loaded together: that costs hardly more than one."""
    ids = [list(session.scalars(one.first, at)) for one in COLUMNS]
    shown = session.scalars(TICKETS, {"ids": list(chain(*ids))})
    by_id = {post.id: post for post in shown}
    return [
        Column([by_id[id_] for id_ in its], _count(session, one, len(its), at))
        for one, its in zip(COLUMNS, ids, strict=True)
    ]


def _count(session: Session, column: Asked, shown: int, at: Times) -> int:
    return shown if shown < column.size else session.scalar(column.all, at) or 0
