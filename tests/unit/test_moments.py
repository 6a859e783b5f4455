"""Times as editors write and read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import moments
from desk.moments import BadMoment
from tests.conftest import NOON

ROME = ZoneInfo("Europe/Rome")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("now", NOON),
        (" NOW ", NOON),
        ("18:30", datetime(2026, 11, 22, 17, 30, tzinfo=UTC)),
        ("2026-11-22 18:30", datetime(2026, 11, 22, 17, 30, tzinfo=UTC)),
        ("2026-11-22T18:30", datetime(2026, 11, 22, 17, 30, tzinfo=UTC)),
        ("2026-11-22T18:30+02:00", datetime(2026, 11, 22, 16, 30, tzinfo=UTC)),
        ("2026-11-22T18:30Z", datetime(2026, 11, 22, 18, 30, tzinfo=UTC)),
        ("2026-07-01 09:05", datetime(2026, 7, 1, 7, 5, tzinfo=UTC)),
        ("18.30", datetime(2026, 11, 22, 17, 30, tzinfo=UTC)),
        ("18h30", datetime(2026, 11, 22, 17, 30, tzinfo=UTC)),
        ("at 6:30 pm", datetime(2026, 11, 22, 17, 30, tzinfo=UTC)),
        ("1830", datetime(2026, 11, 22, 17, 30, tzinfo=UTC)),
        ("today 18", datetime(2026, 11, 22, 17, tzinfo=UTC)),
        ("tomorrow 9", datetime(2026, 11, 23, 8, tzinfo=UTC)),
        ("9:00 tomorrow", datetime(2026, 11, 23, 8, tzinfo=UTC)),
        ("mon 7:30", datetime(2026, 11, 23, 6, 30, tzinfo=UTC)),
        ("Sunday 14:00", datetime(2026, 11, 22, 13, tzinfo=UTC)),
        ("sun 12:00", datetime(2026, 11, 29, 11, tzinfo=UTC)),
        ("Sun 29 Nov 18:00", datetime(2026, 11, 29, 17, tzinfo=UTC)),
        ("29 november, 18:00", datetime(2026, 11, 29, 17, tzinfo=UTC)),
        ("Nov 29th 2026 6pm", datetime(2026, 11, 29, 17, tzinfo=UTC)),
        ("29.11. 18.00", datetime(2026, 11, 29, 17, tzinfo=UTC)),
        ("29.11.2026 18", datetime(2026, 11, 29, 17, tzinfo=UTC)),
        ("2 Jan 9:00", datetime(2027, 1, 2, 8, tzinfo=UTC)),
    ],
)
def test_reads_a_time(text: str, at: datetime) -> None:
    june = NOON if at.month == 11 else datetime(2026, 6, 1, tzinfo=UTC)

    assert moments.parse(text, ROME, june) == at


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("soon", "is not a time"),
        ("", "is not a time"),
        ("25:00", "is not a time"),
        ("9", "is not a time"),
        ("13pm", "is not a time"),
        ("18:00 19:00", "is not a time"),
        ("next mon 9:00", "is not a time"),
        ("31 nov 9:00", "is not a time"),
        ("\uff12\uff12:00", "is not a time"),
        ("tomorrow", "names no time of day"),
        ("2026-11-29", "names no time of day"),
        ("29 Nov 1830", "names no time of day"),
        ("Mon 29 Nov 18:00", "29 Nov 2026 is a Sunday, not a Monday"),
        ("20 Nov 18:00", "is past"),
        ("12:58", "is past"),
        ("2026-11-21 18:30", "is past"),
        ("2027-03-28 02:30", "does not exist in Europe/Rome"),
        ("2027-10-31 02:30", "happens twice in Europe/Rome"),
        ("2029-01-01 00:00", "more than two years ahead"),
        ("0001-01-01 00:00", "check its year"),
        ("9999-12-31T23:59-12:00", "check its year"),
    ],
)
def test_refuses_what_is_no_time_to_publish_at(text: str, why: str) -> None:
    with pytest.raises(BadMoment, match=why):
        moments.parse(text, ROME, NOON)


def test_offers_both_hours_of_a_time_that_happens_twice() -> None:
    with pytest.raises(BadMoment) as refused:
        moments.parse("2027-10-31 02:30", ROME, NOON)

    offered = [word for word in str(refused.value).split() if word.startswith("02:30+")]
    times = [moments.parse(f"2027-10-31 {one}", ROME, NOON) for one in offered]
    assert times[1] - times[0] == timedelta(hours=1)


@given(minutes=st.integers(2, 365 * 24 * 60))
def test_a_time_in_a_field_is_read_back_as_it_was(minutes: int) -> None:
    at = NOON + timedelta(minutes=minutes)

    assert moments.parse(moments.as_written(at, ROME, NOON), ROME, NOON) == at


def test_a_time_that_can_not_be_used_is_said_without_an_error() -> None:
    assert moments.read_moment("18:30", ROME, NOON).at
    assert "is not a time" in moments.read_moment("soon", ROME, NOON).refused


def test_this_very_minute_is_now() -> None:
    at = NOON + timedelta(seconds=40)

    assert moments.parse("13:00", ROME, at) == at


def test_names_the_zone_of_a_local_time() -> None:
    assert moments.local(NOON, ROME) == "Sun 22 Nov 2026, 13:00 CET"
    assert moments.clock(NOON, ROME) == "13:00"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "now"),
        (4, "in 4 s"),
        (250, "in 4 min"),
        (-7300, "2 h ago"),
        (-200_000, "2 d ago"),
    ],
)
def test_says_how_far_away_a_time_is(seconds: int, words: str) -> None:
    assert moments.relative(NOON + timedelta(seconds=seconds), NOON) == words


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (1, "today"),
        (24, "Mon"),
        (6 * 24, "Sat"),
        (7 * 24, "Sun 29 Nov"),
        (-24, "Sat 21 Nov"),
    ],
)
def test_a_near_day_is_said_as_people_do(hours: int, said: str) -> None:
    at = NOON + timedelta(hours=hours)

    assert moments.near_day(at, NOON, ROME) == said


@pytest.mark.parametrize(
    ("minute", "at"), [(0, "12:30"), (20, "12:30"), (21, "13:00"), (50, "13:00")]
)
def test_the_next_half_hour_leaves_ten_minutes(minute: int, at: str) -> None:
    now = NOON.replace(hour=12, minute=minute, second=0, microsecond=0)

    assert f"{moments.next_half_hour(now):%H:%M}" == at


@given(
    st.integers(0, 6 * 365 * 24 * 60).map(lambda n: NOON + timedelta(minutes=n)),
    st.sampled_from(["UTC", "Europe/Rome", "America/New_York", "Pacific/Apia"]),
)
def test_the_example_of_a_time_is_one_that_can_be_written(
    now: datetime, name: str
) -> None:
    zone = ZoneInfo(name)

    read = moments.parse(moments.example_time(now, zone), zone, now)

    assert timedelta() < read - now <= timedelta(days=2, hours=1)
