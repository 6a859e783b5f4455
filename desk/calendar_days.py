"""Calendar days: weeks and months of newsroom time, and what stands in each hour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

CLOSE = timedelta(minutes=5)  # two posts of a channel nearer than this compete
A_DAY = timedelta(days=1)
QUARTERS = (0, 15, 30, 45)


class View(StrEnum):
    WEEK = "week"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True)
class Span:
    """The days that a view shows."""

    view: View
    day: date  # the one that was asked for
    days: tuple[date, ...]
    since: datetime
    until: datetime

    @property
    def before(self) -> date:
        return _step(self.view, self.day, -1)

    @property
    def after(self) -> date:
        return _step(self.view, self.day, 1)


class Standing(Protocol):
    """Anything that stands at a time: a post, a free slot."""

    @property
    def at(self) -> datetime: ...


@dataclass(frozen=True)
class Now:
    """The line between what was and what will be."""

    at: datetime


@dataclass(frozen=True)
class Hour:
    """One hour of the clock on one day."""

    number: int
    missing: bool  # the clocks go forward over it
    twice: bool  # the clocks go back, and it comes again
    lines: list[Standing] = field(default_factory=list)


@dataclass(frozen=True)
class Day:
    date: date
    today: bool
    outside: bool  # of the month that is shown
    hours: tuple[Hour, ...]

    @property
    def lines(self) -> list[Standing]:
        """Everything on this day, in order."""
        return [line for hour in self.hours for line in hour.lines]


def span(view: View, day: date, zone: ZoneInfo) -> Span:
    """The days that this view of that day shows: whole weeks, from Monday."""
    first, count = day, 1
    if view is View.WEEK:
        first, count = _monday(day), 7
    if view is View.MONTH:
        first = _monday(day.replace(day=1))
        last = _step(View.MONTH, day.replace(day=1), 1) - A_DAY
        count = (_monday(last) - first).days + 7
    days = tuple(first + n * A_DAY for n in range(count))
    return Span(
        view, day, days, _begins(days[0], zone), _begins(days[-1] + A_DAY, zone)
    )


def laid_out(
    span: Span, standing: Iterable[Standing], now: datetime, zone: ZoneInfo
) -> list[Day]:
    """The days of the span with what stands on them, hour by hour."""
    found: dict[tuple[date, int], list[Standing]] = defaultdict(list)
    for line in sorted((*standing, Now(now)), key=lambda line: line.at):
        local = line.at.astimezone(zone)
        found[local.date(), local.hour].append(line)
    today = now.astimezone(zone).date()
    return [
        Day(
            date=day,
            today=day == today,
            outside=span.view is View.MONTH and day.month != span.day.month,
            hours=tuple(_hour(day, n, found[day, n], zone) for n in range(24)),
        )
        for day in span.days
    ]


def too_close(times: Sequence[tuple[int, int, datetime]]) -> frozenset[int]:
    """Of (post, channel, time): those within five minutes of another on its channel."""
    last: dict[int, tuple[int, datetime]] = {}
    found = set()
    for post, channel, at in sorted(times, key=lambda each: each[2]):
        if channel in last and at - last[channel][1] < CLOSE:
            found |= {post, last[channel][0]}
        last[channel] = (post, at)
    return frozenset(found)


def _hour(day: date, number: int, lines: list[Standing], zone: ZoneInfo) -> Hour:
    quarters = [datetime.combine(day, time(number, minute)) for minute in QUARTERS]
    first = [written.replace(tzinfo=zone, fold=0) for written in quarters]
    exists = any(
        at.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == written
        for at, written in zip(first, quarters, strict=True)
    )
    twice = exists and any(
        at.utcoffset() != at.replace(fold=1).utcoffset() for at in first
    )
    return Hour(number, not exists, twice, lines)


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _monday(day: date) -> date:
    return day - day.weekday() * A_DAY


def _step(view: View, day: date, by: int) -> date:
    if view is not View.MONTH:
        return day + by * A_DAY * (7 if view is View.WEEK else 1)
    month = day.year * 12 + day.month - 1 + by
    return date(month // 12, month % 12 + 1, 1)
