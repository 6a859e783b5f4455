"""Whatever a server makes of a post, it is live once, and nobody is told otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.catalogue import LIST, WAYS
from tests.faults.redrawn import CLASSES, EACH, Verdict, play

# where no time is told a person is asked, minutes later than a test waits
DATED = [way.name for way in LIST if way.dated]
SOME = DATED[::9]  # of every kind


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    return play(tmp_path_factory.mktemp("redrawn") / "home", SOME)


@pytest.mark.timeout(300)
def test_nothing_is_live_twice_or_called_absent_however_it_is_redrawn(
    verdict: Verdict,
) -> None:
    assert verdict.violations == [], f"{verdict}"


@pytest.mark.timeout(300)
def test_what_was_answered_or_can_be_read_is_published(verdict: Verdict) -> None:
    for way in SOME:
        published = verdict.states[way, "published"]
        legible = WAYS[way].legible and WAYS[way].leads
        answered = len(CLASSES) * (EACH if legible else EACH - 1)
        assert published >= answered or WAYS[way].status == 202, f"{verdict}"


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_same_of_every_way_that_tells_a_time(tmp_path: Path) -> None:
    verdict = play(tmp_path / "home", DATED)

    assert verdict.violations == [], f"{verdict}"
