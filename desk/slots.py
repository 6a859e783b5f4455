"""Slots: the weekly times of a channel, in newsroom time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from desk import moments

LOOK_AHEAD = timedelta(days=60)


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
