"""Time that really passed, and clocks that somebody set."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import timekeeping
from desk.engine_settings import engine
from desk.timekeeping import ClockReading, Pulse
from tests.conftest import NOON

HOUR = timedelta(hours=1)


def test_an_hour_of_sleep_is_no_jump() -> None:
    assert ClockReading(NOON, 100.0).jumped(ClockReading(NOON + HOUR, 3700.0)) is None


def test_a_clock_that_was_set_forward_has_jumped() -> None:
    assert ClockReading(NOON, 100.0).jumped(
        ClockReading(NOON + HOUR, 101.0)
    ) == HOUR - (timedelta(seconds=1))


def test_a_clock_that_was_set_back_has_jumped() -> None:
    moved = ClockReading(NOON, 100.0).jumped(ClockReading(NOON - HOUR, 100.0))

    assert moved == -HOUR


def test_two_seconds_are_within_what_clocks_do() -> None:
    later = ClockReading(NOON + timedelta(seconds=3), 101.0)

    assert ClockReading(NOON, 100.0).jumped(later) is None


def test_a_reading_ages_by_a_clock_that_can_not_be_set() -> None:
    fresh = ClockReading.of(NOON)
    old = ClockReading(NOON, fresh.boot - 3600)

    assert HOUR <= old.age() < HOUR + timedelta(minutes=1)
    assert old.now() - NOON >= HOUR


@pytest.fixture
def boot(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The boot clock of this process, for a test to set."""
    at = [1000.0]
    monkeypatch.setattr(timekeeping, "boot_seconds", lambda: at[0])
    return at


def beat_for(pulse: Pulse, boot: list[float], seconds: float) -> None:
    for _ in range(int(seconds * 4)):
        boot[0] += 0.25
        pulse.beat()


def test_a_process_that_beats_was_awake(boot: list[float]) -> None:
    pulse, began = Pulse(), boot[0]

    beat_for(pulse, boot, 30)

    assert pulse.awake_since(began)


def test_a_process_that_was_stopped_was_not(boot: list[float]) -> None:
    pulse, began = Pulse(), boot[0]
    beat_for(pulse, boot, 1)
    boot[0] += 24

    before_it_beats = pulse.awake_since(began)
    beat_for(pulse, boot, 1)

    assert not before_it_beats
    assert not pulse.awake_since(began)


def test_what_began_after_a_freeze_counts_again(boot: list[float]) -> None:
    pulse = Pulse()
    boot[0] += 24
    pulse.beat()
    began = boot[0]

    beat_for(pulse, boot, 3)

    assert pulse.awake_since(began)


def test_a_busy_second_is_no_freeze(boot: list[float]) -> None:
    pulse, began = Pulse(), boot[0]
    boot[0] += engine.awake.frozen_s - 0.1
    pulse.beat()

    assert pulse.awake_since(began)
