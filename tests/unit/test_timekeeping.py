"""Time that really passed, and clocks that somebody set."""

from __future__ import annotations

from datetime import timedelta

from desk.timekeeping import Reading
from tests.conftest import NOON

HOUR = timedelta(hours=1)


def test_an_hour_of_sleep_is_no_jump() -> None:
    assert Reading(NOON, 100.0).jumped(Reading(NOON + HOUR, 3700.0)) is None


def test_a_clock_that_was_set_forward_has_jumped() -> None:
    assert Reading(NOON, 100.0).jumped(Reading(NOON + HOUR, 101.0)) == HOUR - (
        timedelta(seconds=1)
    )


def test_a_clock_that_was_set_back_has_jumped() -> None:
    moved = Reading(NOON, 100.0).jumped(Reading(NOON - HOUR, 100.0))

    assert moved == -HOUR


def test_two_seconds_are_within_what_clocks_do() -> None:
    later = Reading(NOON + timedelta(seconds=3), 101.0)

    assert Reading(NOON, 100.0).jumped(later) is None


def test_a_reading_ages_by_a_clock_that_can_not_be_set() -> None:
    fresh = Reading.of(NOON)
    old = Reading(NOON, fresh.boot - 3600)

    assert HOUR <= old.age() < HOUR + timedelta(minutes=1)
    assert old.now() - NOON >= HOUR
