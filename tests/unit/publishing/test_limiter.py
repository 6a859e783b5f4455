"""A server that hangs takes what is free, never what others keep in reserve."""

from __future__ import annotations

from desk.engine_settings import engine
from desk.publishing.limiter import Lane, Limiter

SERVERS = ("bluesky at pds.example", "mastodon at one.example", "x at x.example")
BLUESKY, ONE, X = SERVERS
TWO = "mastodon at two.example"


def taken(limiter: Limiter, circuit: str) -> int:
    """How many slots it gets before there is no more for it."""
    count = 0
    while limiter.enter(Lane(circuit)):
        count += 1
    return count


def test_one_server_leaves_the_others_their_reserve() -> None:
    limiter = Limiter(120, SERVERS)

    assert taken(limiter, X) == 100
    assert (taken(limiter, ONE), taken(limiter, BLUESKY)) == (10, 10)
    assert limiter.busy == 120


def test_a_reserve_is_no_cap() -> None:
    limiter = Limiter(120, SERVERS)
    for _ in range(40):
        limiter.enter(Lane(ONE))

    assert taken(limiter, X) == 70


def test_a_slot_that_is_left_is_free_again() -> None:
    limiter = Limiter(120, SERVERS)
    taken(limiter, X)
    limiter.leave(Lane(X))

    assert limiter.enter(Lane(X))
    assert not limiter.enter(Lane(X))


def test_a_single_slot_serves_everybody() -> None:
    limiter = Limiter(1, SERVERS)

    assert limiter.enter(Lane(X))
    assert not limiter.enter(Lane(ONE))


def test_another_server_of_the_same_platform_has_its_own_reserve() -> None:
    limiter = Limiter(120, (ONE, TWO))

    assert taken(limiter, ONE) == 105
    assert taken(limiter, TWO) == 15


def test_a_server_that_is_known_keeps_a_reserve_before_its_first_post() -> None:
    limiter = Limiter(120)
    limiter.know([ONE, TWO])

    assert taken(limiter, ONE) == 105
    assert limiter.enter(Lane(TWO))


def test_a_server_that_is_the_only_one_has_all_slots() -> None:
    assert taken(Limiter(120), ONE) == 120


def test_a_thousand_servers_keep_no_more_than_a_quarter() -> None:
    limiter = Limiter(120, [f"mastodon at {number}.example" for number in range(1000)])

    assert taken(limiter, ONE) == 90
    assert limiter.enter(Lane(TWO))


def test_an_account_gets_no_more_calls_at_once_than_its_platform_takes_well() -> None:
    limiter = Limiter(120, SERVERS)
    desk, other = Lane(BLUESKY, 1, at_once=2), Lane(BLUESKY, 2, at_once=2)

    assert [limiter.enter(desk) for _ in range(3)] == [True, True, False]
    assert limiter.enter(other)
    limiter.leave(desk)
    assert limiter.enter(desk)


ACCOUNT = Lane(X, channel_id=1)


def in_a_burst(limiter: Limiter, clock: list[float], lane: Lane = ACCOUNT) -> int:
    """How many calls of it begin at this moment, of twenty that are due."""
    return sum(limiter.enter(lane) for _ in range(20))


def ticking() -> tuple[Limiter, list[float]]:
    clock = [1000.0]
    return Limiter(120, SERVERS, clock=lambda: clock[0]), clock


def test_of_a_burst_on_one_account_a_few_go_ahead() -> None:
    limiter, clock = ticking()

    first = in_a_burst(limiter, clock)
    limiter.let_in(ACCOUNT)

    assert (first, in_a_burst(limiter, clock)) == (engine.slots.first, 20)


def test_another_account_of_that_server_does_not_wait_for_them() -> None:
    limiter, clock = ticking()
    in_a_burst(limiter, clock)

    assert in_a_burst(limiter, clock, Lane(X, channel_id=2)) == engine.slots.first


def test_who_is_not_answered_within_a_second_keeps_no_one() -> None:
    limiter, clock = ticking()
    in_a_burst(limiter, clock)

    clock[0] += engine.slots.first_alone_s

    assert in_a_burst(limiter, clock) == 20


def test_an_account_that_was_let_in_a_moment_ago_goes_at_once() -> None:
    limiter, clock = ticking()
    limiter.let_in(ACCOUNT)
    soon = in_a_burst(limiter, clock)
    for _ in range(20):
        limiter.leave(ACCOUNT)

    clock[0] += engine.slots.trusted_s

    assert (soon, in_a_burst(limiter, clock)) == (20, engine.slots.first)


def test_a_refused_account_begins_nothing_until_that_is_on_record() -> None:
    limiter, clock = ticking()
    limiter.let_in(ACCOUNT)
    limiter.refused(ACCOUNT)

    before = in_a_burst(limiter, clock)
    limiter.noted(ACCOUNT)

    assert (before, in_a_burst(limiter, clock)) == (0, engine.slots.first)
