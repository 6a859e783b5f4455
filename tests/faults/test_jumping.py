"""The tests' own arithmetic: which time a clock shows that somebody sets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.faults.jumping import Jumping

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def back_and_right_again() -> Jumping:
    return Jumping([(NOON, -HOUR), (NOON + 4 * SECOND, timedelta())])


def test_it_shows_the_time_as_it_was_set_last() -> None:
    clock = back_and_right_again()

    shown = [clock.shows(NOON + number * SECOND) - NOON for number in (-1, 1, 5)]

    assert shown == [-SECOND, SECOND - HOUR, 5 * SECOND]


def test_what_it_showed_leads_back_to_the_moment() -> None:
    clock = back_and_right_again()
    moments = [NOON + number * SECOND for number in (-3000, -1, 1, 5)]

    assert [clock.truly(clock.shows(at)) for at in moments] == moments


def test_a_call_in_the_air_is_told_by_the_clock_of_before() -> None:
    clock = Jumping([(NOON, -5 * SECOND)])
    at = NOON + SECOND

    assert clock.shows(at, [NOON - SECOND]) == at
    assert clock.shows(at, [NOON - 60 * SECOND]) == at - 5 * SECOND
    assert clock.shows(at + HOUR, [NOON - SECOND]) == at + HOUR - 5 * SECOND
