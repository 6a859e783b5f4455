"""Sums: how many went out and how late, in all and hour by hour or day by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from desk.lifecycle import State
from desk.models import Post
from desk.report.records import EPOCH, FATES, Fate, Filter, chosen, lateness_ms

ON_TIME = timedelta(seconds=5)
HOURS = timedelta(days=2)  # a longer range is told by the day
TOGETHER = 100  # bars that are counted in one question
DAYS = timedelta(days=92)  # and one longer than that by the month


class Step(StrEnum):
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True)
class Sums:
    """What a range came to. Lateness is told of what went out."""

    fates: Counter[Fate]
    on_time: int = 0
    median_s: float | None = None
    worst_s: float | None = None

    @property
    def due(self) -> int:
        return sum(self.fates.values())

    @property
    def live(self) -> int:
        return self.fates[Fate.LIVE]

    @property
    def on_time_percent(self) -> float | None:
        return 100 * self.on_time / self.live if self.live else None


@dataclass(frozen=True)
class Bar:
    """One step of the chart."""

    begins_at: datetime
    fates: Counter[Fate] = field(default_factory=Counter)


@dataclass(frozen=True)
class Chart:
    step: Step
    bars: list[Bar]

    @property
    def highest(self) -> int:
        return max((sum(bar.fates.values()) for bar in self.bars), default=0)


@dataclass(frozen=True)
class Told:
    sums: Sums
    chart: Chart


def sum_records(
    session: Session, which: Filter, since: datetime, until: datetime, zone: ZoneInfo
) -> Told:
    """Counted by the database: a hundred thousand posts are no list to load."""
    step = step_of(until - since)
    begins = _steps(since, until, step, zone)
    fates: Counter[Fate] = Counter()
    kept = 0
    worst: list[int] = []
    bars = [Bar(at) for at in begins]
    for row in _rows(session, which, [*begins, until]):
        fate = FATES[State(row.state)]
        bars[row.bar].fates[fate] += row.posts
        fates[fate] += row.posts
        if fate is Fate.LIVE:
            kept += row.on_time
            worst += [] if row.worst is None else [row.worst]
    median = _median_s(session, which, fates[Fate.LIVE])
    in_all = Sums(fates, kept, median, max(worst) / 1000 if worst else None)
    return Told(in_all, Chart(step, bars))


def _rows(
    session: Session, which: Filter, bounds: list[datetime]
) -> Iterator[Row[int, str, int, int, int]]:
    """What each bar counts by state; many bars in one question."""
    bars = list(enumerate(pairwise(bounds)))
    for first in range(0, len(bars), TOGETHER):
        parts = [
            _counted(which, number, since, until)
            for number, (since, until) in bars[first : first + TOGETHER]
        ]
        yield from session.execute(union_all(*parts))


def _counted(
    which: Filter, bar: int, since: datetime, until: datetime
) -> Select[int, str, int, int, int]:
    """One bar: a short range of the index, where one grouping of all took seconds."""
    late = lateness_ms()
    on_time = func.count().filter(late <= ON_TIME // timedelta(milliseconds=1))
    return (
        select(
            literal(bar).label("bar"),
            Post.state,
            func.count().label("posts"),
            on_time.label("on_time"),
            func.max(late).label("worst"),
        )
        .where(chosen(which), Post.due_at >= since, Post.due_at < until)
        .group_by(Post.state)
    )


def step_of(span: timedelta) -> Step:
    if span <= HOURS:
        return Step.HOUR
    return Step.DAY if span <= DAYS else Step.MONTH


def _median_s(session: Session, which: Filter, count: int) -> float | None:
    if not count:
        return None
    late = lateness_ms()
    query = select(late).where(chosen(which), Post.state == State.PUBLISHED)
    query = query.order_by(late)
    middle = session.scalars(query.offset((count - 1) // 2).limit(2 - count % 2)).all()
    return sum(middle) / len(middle) / 1000 if middle else None


def _steps(
    since: datetime, until: datetime, step: Step, zone: ZoneInfo
) -> list[datetime]:
    """When each bar begins, in UTC; an hour that the clocks pass twice is two bars."""
    at, found = _begin(since, step, zone), []
    while at < until:
        found.append(at)
        ahead = {Step.HOUR: 1, Step.DAY: 36, Step.MONTH: 32 * 24}[step]
        at = _begin(at + timedelta(hours=ahead), step, zone)
    return found


def _begin(at: datetime, step: Step, zone: ZoneInfo) -> datetime:
    """When the hour, day or month of newsroom time began that this moment is in."""
    local = at.astimezone(zone)
    if step is Step.HOUR:
        past = timedelta(minutes=local.minute, seconds=local.second)
        return at - past - timedelta(microseconds=local.microsecond)
    day = 1 if step is Step.MONTH else local.day
    midnight = datetime(local.year, local.month, day, tzinfo=zone)
    return midnight.astimezone(EPOCH.tzinfo)
