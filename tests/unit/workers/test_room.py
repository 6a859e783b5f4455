"""A server that hangs takes what is free, never what others keep in reserve."""

from __future__ import annotations

from workers.room import Place, Room

SERVERS = ("bluesky at pds.example", "mastodon at one.example", "x at x.example")
BLUESKY, ONE, X = SERVERS
TWO = "mastodon at two.example"


def taken(room: Room, circuit: str) -> int:
    """How many slots it gets before there is no more for it."""
    count = 0
    while room.enter(Place(circuit)):
        count += 1
    return count


def test_one_server_leaves_the_others_their_reserve() -> None:
    room = Room(120, SERVERS)

    assert taken(room, X) == 100
    assert (taken(room, ONE), taken(room, BLUESKY)) == (10, 10)
    assert room.busy == 120


def test_a_reserve_is_no_cap() -> None:
    room = Room(120, SERVERS)
    for _ in range(40):
        room.enter(Place(ONE))

    assert taken(room, X) == 70


def test_a_slot_that_is_left_is_free_again() -> None:
    room = Room(120, SERVERS)
    taken(room, X)
    room.leave(Place(X))

    assert room.enter(Place(X))
    assert not room.enter(Place(X))


def test_a_single_slot_serves_everybody() -> None:
    room = Room(1, SERVERS)

    assert room.enter(Place(X))
    assert not room.enter(Place(ONE))


def test_another_server_of_the_same_platform_has_its_own_reserve() -> None:
    room = Room(120, (ONE, TWO))

    assert taken(room, ONE) == 105
    assert taken(room, TWO) == 15


def test_a_server_that_is_known_keeps_a_reserve_before_its_first_post() -> None:
    room = Room(120)
    room.know([ONE, TWO])

    assert taken(room, ONE) == 105
    assert room.enter(Place(TWO))


def test_a_server_that_is_the_only_one_has_all_slots() -> None:
    assert taken(Room(120), ONE) == 120


def test_a_thousand_servers_keep_no_more_than_a_quarter() -> None:
    room = Room(120, [f"mastodon at {number}.example" for number in range(1000)])

    assert taken(room, ONE) == 90
    assert room.enter(Place(TWO))


def test_an_account_gets_no_more_calls_at_once_than_its_platform_takes_well() -> None:
    room = Room(120, SERVERS)
    desk, other = Place(BLUESKY, 1, at_once=2), Place(BLUESKY, 2, at_once=2)

    assert [room.enter(desk) for _ in range(3)] == [True, True, False]
    assert room.enter(other)
    room.leave(desk)
    assert room.enter(desk)
