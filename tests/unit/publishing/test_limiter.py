"""A server that hangs takes what is free, never what others keep in reserve."""

from __future__ import annotations

from workers.room import AHEAD_S, FEW, TRUST_S, Place, Room

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


ACCOUNT = Place(X, channel_id=1)


def in_a_burst(room: Room, clock: list[float], place: Place = ACCOUNT) -> int:
    """How many calls of it begin at this moment, of twenty that are due."""
    return sum(room.enter(place) for _ in range(20))


def ticking() -> tuple[Room, list[float]]:
    clock = [1000.0]
    return Room(120, SERVERS, clock=lambda: clock[0]), clock


def test_of_a_burst_on_one_account_a_few_go_ahead() -> None:
    room, clock = ticking()

    first = in_a_burst(room, clock)
    room.let_in(ACCOUNT)

    assert (first, in_a_burst(room, clock)) == (FEW, 20)


def test_another_account_of_that_server_does_not_wait_for_them() -> None:
    room, clock = ticking()
    in_a_burst(room, clock)

    assert in_a_burst(room, clock, Place(X, channel_id=2)) == FEW


def test_who_is_not_answered_within_a_second_keeps_no_one() -> None:
    room, clock = ticking()
    in_a_burst(room, clock)

    clock[0] += AHEAD_S

    assert in_a_burst(room, clock) == 20


def test_an_account_that_was_let_in_a_moment_ago_goes_at_once() -> None:
    room, clock = ticking()
    room.let_in(ACCOUNT)
    soon = in_a_burst(room, clock)
    for _ in range(20):
        room.leave(ACCOUNT)

    clock[0] += TRUST_S

    assert (soon, in_a_burst(room, clock)) == (20, FEW)


def test_a_refused_account_begins_nothing_until_that_is_on_record() -> None:
    room, clock = ticking()
    room.let_in(ACCOUNT)
    room.refused(ACCOUNT)

    before = in_a_burst(room, clock)
    room.noted(ACCOUNT)

    assert (before, in_a_burst(room, clock)) == (0, FEW)
