"""Lengths: the files of tests that take longest come first, so that none is the last.

Each is given to one process of a run as a whole; a long one that begins at the end
leaves the others idle. The order is by seconds, as `make test` tells them.
"""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parent
LONGEST = (
    "faults/model/test_model.py",
    "e2e/test_up.py",
    "faults/test_lost_answers.py",
    "faults/test_burst.py",
    "faults/test_breakers.py",
    "faults/test_kills.py",
    "faults/test_processes.py",
    "faults/test_breaking.py",
    "faults/test_holding.py",
    "e2e/test_keeping.py",
    "faults/test_real_pds.py",
    "e2e/test_the_road.py",
    "e2e/test_four_platforms.py",
    "unit/test_patterns.py",
    "web/test_hostile_values.py",
    "unit/test_fuzz.py",
    "web/test_meanwhile.py",
    "unit/test_migrations.py",
    "unit/attention/test_truth.py",
)
PLACES = {TESTS / name: number for number, name in enumerate(LONGEST)}
ROOMS = ("faults", "e2e")  # each file of them takes seconds at least


def place(path: Path) -> int:
    """The sooner, the longer it takes; those that are short come last, as they are."""
    last = len(PLACES) + (not {*path.parts} & {*ROOMS})
    return PLACES.get(path, last)
