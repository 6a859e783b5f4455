"""Habits: how someone scheduled last, offered to them again the next time."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from desk import moments
from desk.models import Preference


@dataclass(frozen=True)
class Habit:
    """Channels left out, the way of timing, and the time of day that was picked."""

    left_out: list[int] = field(default_factory=list)
    when: str = ""  # slot, now or at; empty: nothing was chosen yet
    clock: str = ""  # in newsroom time


def habit_of(session: Session, user_id: int) -> Habit:
    kept = session.get(Preference, _name(user_id))
    return Habit(**json.loads(kept.value)) if kept else Habit()


def keep(session: Session, user_id: int, habit: Habit) -> None:
    session.merge(Preference(name=_name(user_id), value=json.dumps(asdict(habit))))


def next_time(habit: Habit, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the picked time of day comes round again; None where none was picked."""
    if not habit.clock:
        return None
    clock = time.fromisoformat(habit.clock)
    today = now.astimezone(zone)
    days = (today + timedelta(days=n) for n in range(3))  # the clocks may skip it once
    times = (moments.at_local(day, clock, zone) for day in days)
    return next((at.astimezone(UTC) for at in times if at and at > now), None)


def _name(user_id: int) -> str:
    return f"habit of {user_id}"
