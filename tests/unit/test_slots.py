"""Weekly slots in newsroom time, across every kind of clock change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import slots
from desk.slots import WeeklySlot

ROME = ZoneInfo("Europe/Rome")
ZONES = [
    "Europe/Rome",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour
    "Africa/Casablanca",  # changes for Ramadan
    "Pacific/Apia",  # skipped a day in 2011
    "Asia/Kathmandu",
    "UTC",
]
weekly = st.lists(
    st.builds(
        WeeklySlot,
        st.times().map(lambda at: at.replace(second=0, microsecond=0)),
        st.integers(0, 6),
    ),
    max_size=4,
    unique=True,
)


@given(
    weekly=weekly,
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    now=st.datetimes(
        datetime(2011, 1, 1),  # noqa: DTZ001  # hypothesis adds the zone
        datetime(2031, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    many=st.integers(1, 4),
)
def test_the_coming_slots_are_those_that_exist_in_their_order(
    weekly: list[WeeklySlot], zone: ZoneInfo, now: datetime, many: int
) -> None:
    found = list(islice(slots.upcoming(weekly, now, zone), many))

    expected = [at for at in every(weekly, now, zone) if at > now]
    assert found == expected[: len(found)]
    assert len(found) == min(many, len(expected))


def every(weekly: list[WeeklySlot], now: datetime, zone: ZoneInfo) -> list[datetime]:
    """Every slot of the coming weeks that is on the clock that day."""
    today = now.astimezone(zone).date()
    found = set()
    for day in (today + timedelta(days=n) for n in range(slots.LOOK_AHEAD.days)):
        for slot in weekly:
            at = datetime.combine(day, slot.local_time, zone).astimezone(UTC)
            back = at.astimezone(zone)
            same = (back.date(), back.time()) == (day, slot.local_time)
            if same and day.weekday() == slot.weekday:
                found.add(at)
    return sorted(found)


def test_a_slot_keeps_newsroom_time_across_the_clock_change() -> None:
    morning = [WeeklySlot(time(9), 0)]

    winter = next(
        slots.upcoming(morning, datetime(2026, 3, 20, tzinfo=UTC), ROME), None
    )
    summer = next(
        slots.upcoming(morning, datetime(2026, 3, 27, tzinfo=UTC), ROME), None
    )

    assert winter == datetime(2026, 3, 23, 8, tzinfo=UTC)
    assert summer == datetime(2026, 3, 30, 7, tzinfo=UTC)


def test_a_slot_in_the_hour_that_is_skipped_waits_a_week() -> None:
    night = [WeeklySlot(time(2, 30), 6)]

    found = next(
        slots.upcoming(night, datetime(2026, 3, 28, 12, tzinfo=UTC), ROME), None
    )

    assert found == datetime(2026, 4, 5, 0, 30, tzinfo=UTC)


def test_a_slot_in_the_hour_that_comes_twice_is_the_first_one() -> None:
    night = [WeeklySlot(time(2, 30), 6)]

    found = next(
        slots.upcoming(night, datetime(2026, 10, 24, 12, tzinfo=UTC), ROME), None
    )

    assert found == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_without_slots_there_is_none() -> None:
    assert (
        next(slots.upcoming([], datetime(2026, 1, 1, tzinfo=UTC), ROME), None) is None
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mon 09:00", ["mon 09:00"]),
        ("Sat,Sun 9:30", ["sat 09:30", "sun 09:30"]),
        ("fri-mon 18:00", ["mon 18:00", "fri 18:00", "sat 18:00", "sun 18:00"]),
        ("18:00", [f"{day} 18:00" for day in slots.DAYS]),
        ("sat, sun 07:30 23:00", ["sat 07:30", "sat 23:00", "sun 07:30", "sun 23:00"]),
    ],
)
def test_weekly_times_are_read_as_people_write_them(text: str, said: list[str]) -> None:
    assert slots.slots_as_text(slots.parse(text)) == said


@pytest.mark.parametrize(
    "text", ["", "noon", "mon", "moon 09:00", "mon 25:00", "9:00 sun", "mon 09"]
)
def test_what_is_no_weekly_time_says_how_to_write_one(text: str) -> None:
    with pytest.raises(slots.BadSlot, match="write it like mon-fri 09:00"):
        slots.parse(text)
