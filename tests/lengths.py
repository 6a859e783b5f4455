"""Lengths: in what order files of tests are begun.

Each is given to one process of a run as a whole; a long one that begins at the end
leaves the others idle. What computes comes while the faults are beside it, browsers
after that, and at the end what is short. Within a room, the files that take longest
come first, by seconds, as `make test` tells them.
"""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parent
ROOMS = ("faults", "web", "contract", "e2e", "unit")
LONGEST = (
    "faults/model/test_model.py",
    "faults/test_kills.py",
    "faults/test_lost_answers.py",
    "faults/test_ways.py",
    "faults/test_burst.py",
    "faults/test_database.py",
    "faults/test_holding.py",
    "faults/test_real_pds.py",
    "faults/test_further_clock.py",
    "faults/test_skew.py",
    "faults/test_processes.py",
    "faults/test_redrawn.py",
    "faults/test_breakers.py",
    "faults/test_breaking.py",
    "web/test_hostile_values.py",
    "web/test_fair_shares.py",
    "web/test_meanwhile.py",
    "web/test_older_pages.py",
    "web/test_planned_before.py",
    "web/test_compression.py",
    "e2e/test_keeping.py",
    "e2e/test_up.py",
    "e2e/test_counting.py",
    "e2e/test_screens.py",
    "e2e/test_states.py",
    "e2e/test_the_road.py",
    "e2e/test_four_platforms.py",
    "e2e/test_compose.py",
    "unit/test_patterns.py",
    "unit/test_fuzz.py",
    "unit/test_migrations.py",
    "unit/attention/test_truth.py",
)
PLACES = {TESTS / name: number for number, name in enumerate(LONGEST)}


def place(path: Path) -> tuple[int, int]:
    """The sooner, the less: by its room, and in it by how long it takes."""
    room = path.relative_to(TESTS).parts[0] if path.is_relative_to(TESTS) else ""
    at = ROOMS.index(room) if room in ROOMS else len(ROOMS)
    return at, PLACES.get(path, len(PLACES))
