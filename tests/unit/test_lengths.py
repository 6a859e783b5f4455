"""The order of test files: long ones first, and the list names what is there."""

from __future__ import annotations

import tomllib

from tests import lengths


def test_every_file_that_is_named_is_there() -> None:
    assert [path for path in lengths.PLACES if not path.is_file()] == []


def test_every_room_has_its_turn() -> None:
    asked = tomllib.loads((lengths.TESTS.parent / "pyproject.toml").read_text())
    rooms = asked["tool"]["pytest"]["ini_options"]["testpaths"]

    assert {f"tests/{room}" for room in lengths.ROOMS} == set(rooms)


def test_rooms_come_in_their_turn_and_in_each_what_is_long_comes_first() -> None:
    named = lengths.TESTS / lengths.LONGEST[0]
    short, browsers, rules = (
        lengths.TESTS / room / "test_any.py" for room in ("faults", "e2e", "unit")
    )

    places = [lengths.place(path) for path in (named, short, browsers, rules)]

    assert places == sorted(set(places))
