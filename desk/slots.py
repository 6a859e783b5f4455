"""Slots: the weekly times of a channel, in newsroom time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from desk import moments
from desk.refusal import Refusal, RefusalKind

LOOK_AHEAD = timedelta(days=60)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAYS = range(5)
PRESETS = {  # breakfast, lunch and the way home; then what lies between
    3: (time(8, 0), time(12, 30), time(18, 0)),
    5: (time(7, 30), time(10, 0), time(12, 30), time(17, 30), time(20, 30)),
}


class BadSlot(Refusal):
    """What was written names no weekly time; says how to write one."""

    kind = RefusalKind.INVALID


@dataclass(frozen=True, order=True)
class WeeklySlot:
    local_time: time
    weekday: int  # 0 is Monday


Weekly = frozenset[WeeklySlot]


def upcoming(
    slots: Iterable[WeeklySlot], since: datetime, zone: ZoneInfo
) -> Iterator[datetime]:
    """Every slot after this time, in UTC, as far ahead as the desk looks.

    A slot in a spring gap is skipped that day; in autumn it is the first of the two.
    """
    by_time = sorted(slots)
    first = since.astimezone(zone)
    for day in (first + timedelta(days=n) for n in range(LOOK_AHEAD.days)):
        for slot in by_time:
            if slot.weekday != day.weekday():
                continue
            at = moments.at_local(day, slot.local_time, zone)
            if at is not None and at > since:
                yield at


def holds(slots: Iterable[WeeklySlot], at: datetime, zone: ZoneInfo) -> bool:
    """Is this time one of them?"""
    return next(upcoming(slots, at - timedelta(seconds=1), zone), None) == at


def added(slots: Iterable[WeeklySlot], at: time, days: Iterable[int]) -> Weekly:
    """These, and this time on those days."""
    return frozenset(slots) | {WeeklySlot(at, day) for day in days}


def without(slots: Iterable[WeeklySlot], at: time) -> Weekly:
    """These, but for this time: it goes on every day."""
    return frozenset(slot for slot in slots if slot.local_time != at)


def as_monday(slots: Iterable[WeeklySlot]) -> Weekly:
    """These, with Monday's times on every weekday and none else there."""
    kept = frozenset(slots)
    monday = [slot.local_time for slot in kept if slot.weekday == 0]
    weekend = frozenset(slot for slot in kept if slot.weekday not in WEEKDAYS)
    return weekend.union(WeeklySlot(at, day) for at in monday for day in WEEKDAYS)


def a_day(count: int) -> Weekly:
    """So many slots on every day, where readers look most."""
    return frozenset(WeeklySlot(at, day) for at in PRESETS[count] for day in range(7))


def parse(text: str) -> list[WeeklySlot]:
    """Weekly times as people write them: "mon-fri 09:00", "sat,sun 11:30 18:00"."""
    words = text.lower().split()
    clocks = [word for word in words if ":" in word]
    days = "".join(words[: len(words) - len(clocks)]) or "mon-sun"
    try:
        times = [time.fromisoformat(word.zfill(5)) for word in clocks or [""]]
        return [WeeklySlot(at, day) for at in times for day in _days(days)]
    except ValueError:
        raise BadSlot(
            f"“{text}” is no weekly time: write it like mon-fri 09:00, "
            "sat,sun 11:30 or 18:00 (every day)."
        ) from None


def _days(text: str) -> Iterable[int]:
    """Raises `ValueError` where a day has another name."""
    if not text.replace(",", "").replace("-", "").isalpha():
        raise ValueError(text)
    for name in text.split(","):
        first, _, last = name.strip().partition("-")
        begin, end = DAYS.index(first[:3]), DAYS.index((last or first)[:3])
        yield from (day % 7 for day in range(begin, end + (1 if end >= begin else 8)))


def slots_as_text(slots: Iterable[WeeklySlot]) -> list[str]:
    """Weekly times for people to read, such as "mon 09:00", in the week's order."""
    by_day = sorted(slots, key=lambda slot: (slot.weekday, slot.local_time))
    return [f"{DAYS[slot.weekday]} {slot.local_time:%H:%M}" for slot in by_day]
