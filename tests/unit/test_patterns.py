"""No text that is pasted, however it is made, keeps a process busy."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests import growing


@pytest.fixture(scope="module")
def found() -> set[str]:
    return {one.name for one in growing.found()}


@pytest.mark.timeout(300)
def test_no_pattern_takes_longer_than_its_text_grows() -> None:
    assert _slow("patterns") == {}


def test_sees_patterns_that_grow_or_explode() -> None:
    assert _slow("explode").keys() == growing.HOSTILE.keys()


@pytest.mark.parametrize(
    "name",
    [
        "desk.writing.news.AMOUNT",  # a module's
        "desk.reading.days.SHAPES",  # in a tuple
        "desk.writing.languages.SCRIPTS",  # in pairs
        "verbs(de)",  # made when it is needed
    ],
)
def test_finds_patterns_wherever_they_are_kept(name: str, found: set[str]) -> None:
    assert name in found


def test_finds_patterns_that_stand_in_a_call(found: set[str]) -> None:
    assert any(name.startswith("desk.writing.words:") for name in found)


def _slow(kind: str) -> dict[str, str]:
    """In a process of its own: a fork of this one would take its threads along."""
    command = [sys.executable, "-m", "tests.growing", kind]
    done = subprocess.run(command, cwd=growing.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    slow: dict[str, str] = json.loads(done.stdout)
    return slow
