"""Ranges: spans of whole days in newsroom time, by name or from a day to a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from desk.refusal import Refusal, RefusalKind

DAY = timedelta(days=1)
NAMED = {  # the first and the last day, counted from today
    "today": (0, 0),
    "yesterday": (-1, -1),
    "7d": (-6, 0),
    "30d": (-29, 0),
}


class BadRange(Refusal):
    """What was asked for is no range of days; says what to write."""

    kind = RefusalKind.INVALID


@dataclass(frozen=True)
class Range:
    """From the beginning of the first day to the end of the last one."""

    first: date
    last: date
    since: datetime
    until: datetime


def range_named(name: str, now: datetime, zone: ZoneInfo) -> Range:
    """Raises `BadRange`."""
    if name not in NAMED:
        raise BadRange(
            f"There is no range “{name}”. Choose today, yesterday, 7d or 30d, or "
            "give the days from and to."
        )
    today = now.astimezone(zone).date()
    begin, end = NAMED[name]
    return _range(today + begin * DAY, today + end * DAY, zone)


def range_between(first: str, last: str, now: datetime, zone: ZoneInfo) -> Range:
    """From a day to a day, both included; one left out is today. Raises `BadRange`."""
    today = now.astimezone(zone).date()
    begin, end = _day(first, today), _day(last, today)
    if begin > end:
        raise BadRange(f"{begin} comes after {end}: change one of the two days.")
    return _range(begin, end, zone)


def _day(text: str, today: date) -> date:
    if not text.strip():
        return today
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise BadRange(f"“{text}” is not a day. Write it like 2026-11-22.") from None
    if not 2000 <= day.year <= 2200:
        raise BadRange(f"There are no records of {day}: check its year.")
    return day


def _range(first: date, last: date, zone: ZoneInfo) -> Range:
    return Range(first, last, _midnight(first, zone), _midnight(last + DAY, zone))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
