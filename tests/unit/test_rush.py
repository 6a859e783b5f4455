"""A rush: pages wait while many posts go out, and never for long."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desk import rush
from desk.engine_settings import engine

NOON = 1_795_521_600.0
RUSH = engine.rush


class Watch:
    """A clock that a sleeper moves on, while a worker tells what it sends."""

    def __init__(self, home: Path) -> None:
        self.home, self.now, self.goes_on_until = home, NOON, 0.0

    def tell(self) -> None:
        rush.tell(self.home)
        os.utime(self.home / rush.NAME, (self.now, self.now))

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.now < self.goes_on_until:
            self.tell()

    def waited(self, courtesy: rush.Courtesy) -> float:
        """Seconds that a page waited."""
        before = self.now
        courtesy.let_pass()
        return self.now - before


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path)


@pytest.fixture
def courtesy(watch: Watch) -> rush.Courtesy:
    return rush.Courtesy(watch.home, lambda: watch.now, watch.sleep)


def test_no_page_waits_where_nothing_goes_out(
    watch: Watch, courtesy: rush.Courtesy
) -> None:
    assert watch.waited(courtesy) == 0

    watch.tell()
    watch.now += 60
    assert watch.waited(courtesy) == 0


def test_a_page_waits_until_they_have_gone(
    watch: Watch, courtesy: rush.Courtesy
) -> None:
    watch.tell()
    watch.goes_on_until = NOON + RUSH.awaited_s / 2

    waited = watch.waited(courtesy)

    assert RUSH.awaited_s / 2 < waited < RUSH.awaited_s


def test_a_long_rush_keeps_pages_once_and_then_no_more(
    watch: Watch, courtesy: rush.Courtesy
) -> None:
    watch.tell()
    watch.goes_on_until = NOON + 60

    first, others = watch.waited(courtesy), [0.0]
    while watch.now < watch.goes_on_until:
        others.append(watch.waited(courtesy))
        watch.sleep(0.05)

    assert first == pytest.approx(RUSH.awaited_s, abs=2 * RUSH.looked_every_s)
    assert max(others) == 0


def test_the_next_rush_is_let_pass_again(watch: Watch, courtesy: rush.Courtesy) -> None:
    watch.tell()
    watch.waited(courtesy)

    watch.now += 60
    watch.tell()

    assert watch.waited(courtesy) > 0


def test_a_clock_that_was_set_back_keeps_nobody(
    watch: Watch, courtesy: rush.Courtesy
) -> None:
    watch.tell()
    watch.now -= 3600

    assert watch.waited(courtesy) == 0
