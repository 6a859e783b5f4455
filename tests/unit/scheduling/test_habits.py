"""Habits: the same channels, way of timing and time of day, offered again."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from desk.desk import Desk
from desk.scheduling import habits
from desk.scheduling.habits import Habit

ROME = ZoneInfo("Europe/Rome")


def test_everyone_has_habits_of_their_own(any_desk: Desk) -> None:
    with any_desk.db.writing() as session:
        habits.keep(session, 1, Habit([3], "slot"))
        habits.keep(session, 1, Habit([4], "at", "18:30"))
        habits.keep(session, 2, Habit([], "now"))

    with any_desk.db.reading() as session:
        assert habits.habit_of(session, 1) == Habit([4], "at", "18:30")
        assert habits.habit_of(session, 2).when == "now"
        assert habits.habit_of(session, 3) == Habit()


def test_a_picked_time_comes_round_again_today_or_tomorrow() -> None:
    habit = Habit(clock="18:30")
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    evening = datetime(2026, 11, 22, 20, tzinfo=UTC)

    today = habits.next_time(habit, noon, ROME)
    tomorrow = habits.next_time(habit, evening, ROME)

    assert today == datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
    assert tomorrow == datetime(2026, 11, 23, 17, 30, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_offered_a_day_later() -> None:
    night = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)

    found = habits.next_time(Habit(clock="02:30"), night, ROME)

    assert found == datetime(2027, 3, 29, 0, 30, tzinfo=UTC)


def test_no_time_was_picked_yet() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)

    assert habits.next_time(Habit(), now, ROME) is None
