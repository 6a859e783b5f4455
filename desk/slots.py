"""Slots: the weekly times of a channel, in newsroom time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from desk import moments

LOOK_AHEAD = timedelta(days=60)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class BadSlot(Exception):
    """What was written names no weekly time; says how to write one."""


@dataclass(frozen=True, order=True)
class WeeklySlot:
    local_time: time
    weekday: int  # 0 is Monday


def next_free(
    slots: Iterable[WeeklySlot],
    taken: Collection[datetime],
    now: datetime,
    zone: ZoneInfo,
) -> datetime | None:
    """The first slot after now that no post holds, in UTC.

    A slot in a spring gap is skipped that day; in autumn it is the first of the two.
    """
    by_time = sorted(slots)
    today = now.astimezone(zone)
    for day in (today + timedelta(days=n) for n in range(LOOK_AHEAD.days)):
        for slot in by_time:
            if slot.weekday != day.weekday():
                continue
            at = moments.at_local(day, slot.local_time, zone)
            if at is not None and at > now and at not in taken:
                return at
    return None


def parse(text: str) -> list[WeeklySlot]:
    """Weekly times as people write them, such as "mon-fri 09:00" or "sat,sun 11:30"."""
    days, _, clock = text.strip().lower().rpartition(" ")
    try:
        at = time.fromisoformat(clock.zfill(5))
        return [WeeklySlot(at, day) for day in _days(days.strip() or "mon-sun")]
    except ValueError:
        raise BadSlot(
            f"“{text}” is no weekly time: write it like mon-fri 09:00, "
            "sat,sun 11:30 or 18:00 (every day)."
        ) from None


def _days(text: str) -> Iterable[int]:
    """Raises `ValueError` where a day has another name."""
    for name in text.split(","):
        first, _, last = name.strip().partition("-")
        begin, end = DAYS.index(first[:3]), DAYS.index((last or first)[:3])
        yield from (day % 7 for day in range(begin, end + (1 if end >= begin else 8)))


def written(slots: Iterable[WeeklySlot]) -> list[str]:
    """Weekly times for people to read, such as "mon 09:00", in the week's order."""
    by_day = sorted(slots, key=lambda slot: (slot.weekday, slot.local_time))
    return [f"{DAYS[slot.weekday]} {slot.local_time:%H:%M}" for slot in by_day]
