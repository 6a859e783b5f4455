"""The order of test files: long ones first, and the list names what is there."""

from __future__ import annotations

from tests import lengths


def test_every_file_that_is_named_is_there() -> None:
    assert [path for path in lengths.PLACES if not path.is_file()] == []


def test_a_long_file_comes_before_a_room_of_waits_and_that_before_all_others() -> None:
    named = lengths.TESTS / lengths.LONGEST[-1]
    waits, computes = (
        lengths.TESTS / room / "test_any.py" for room in (lengths.ROOMS[0], "unit")
    )

    places = [lengths.place(path) for path in (named, waits, computes)]

    assert places == sorted(set(places))
