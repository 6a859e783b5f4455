"""A platform that hangs takes what is free, never what others keep in reserve."""

from __future__ import annotations

from workers.room import Place, Room

PLATFORMS = ("bluesky", "mastodon", "x")


def taken(room: Room, platform: str) -> int:
    """How many slots it gets before there is no more for it."""
    count = 0
    while room.enter(Place(platform)):
        count += 1
    return count


def test_one_platform_leaves_the_others_their_reserve() -> None:
    room = Room(120, PLATFORMS)

    assert taken(room, "x") == 100
    assert (taken(room, "mastodon"), taken(room, "bluesky")) == (10, 10)
    assert room.busy == 120


def test_a_reserve_is_no_cap() -> None:
    room = Room(120, PLATFORMS)
    for _ in range(40):
        room.enter(Place("mastodon"))

    assert taken(room, "x") == 70


def test_a_slot_that_is_left_is_free_again() -> None:
    room = Room(120, PLATFORMS)
    taken(room, "x")
    room.leave(Place("x"))

    assert room.enter(Place("x"))
    assert not room.enter(Place("x"))


def test_a_single_slot_serves_everybody() -> None:
    room = Room(1, PLATFORMS)

    assert room.enter(Place("x"))
    assert not room.enter(Place("mastodon"))


def test_an_account_gets_no_more_calls_at_once_than_its_platform_takes_well() -> None:
    room = Room(120, PLATFORMS)
    desk, other = Place("bluesky", 1, at_once=2), Place("bluesky", 2, at_once=2)

    assert [room.enter(desk) for _ in range(3)] == [True, True, False]
    assert room.enter(other)
    room.leave(desk)
    assert room.enter(desk)
