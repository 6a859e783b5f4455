"""The states of a post: nothing is lost in them, and no failure leads astray."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import (
    ConnectorError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
)
from desk import lifecycle
from desk.engine_settings import engine
from desk.lifecycle import (
    EDITABLE,
    MOVES,
    IllegalMove,
    Priority,
    State,
)
from tests.conftest import NOON

FOUND = {State.DRAFT, State.IN_REVIEW, State.SCHEDULED, State.PUBLISHED}
errors = st.sampled_from(
    [
        Rejected("no"),
        Rejected("seen it", duplicate=True),
        Unauthorized("who?"),
        RateLimited("slow", NOON + timedelta(minutes=5)),
        Unavailable("down"),
        OutcomeUnknown("lost"),
        ConnectorError("none of the five"),
    ]
)


def test_every_state_has_its_moves() -> None:
    assert set(MOVES) == set(State)


@given(st.lists(st.randoms(use_true_random=False), min_size=1, max_size=12))
def test_no_way_through_the_states_loses_a_post(walk: list[object]) -> None:
    state = State.DRAFT
    for choice in walk:
        state = choice.choice(sorted(MOVES[state]))  # type: ignore[attr-defined]

    assert State.PUBLISHED in MOVES[state]
    assert FOUND & reachable(state)


@pytest.mark.parametrize("state", [s for s in State if s is not State.PUBLISHED])
def test_a_post_that_is_not_out_can_still_go_out(state: State) -> None:
    assert State.SENDING in reachable(state)


def test_only_what_may_be_out_already_can_not_be_changed() -> None:
    assert set(State) - EDITABLE == {
        State.SENDING,
        State.UNCONFIRMED,
        State.PUBLISHED,
    }


def test_what_may_be_out_is_never_taken_back() -> None:
    taken_back = {State.DRAFT, State.IN_REVIEW, State.CANCELLED}

    assert not MOVES[State.SENDING].keys() & taken_back
    assert not MOVES[State.UNCONFIRMED].keys() & (taken_back | {State.MISSED})
    assert MOVES[State.PUBLISHED].keys() == {State.PUBLISHED}


def test_only_a_claimed_or_unconfirmed_post_is_sent() -> None:
    senders = {state for state in State if State.SENDING in MOVES[state]}

    assert senders == {State.CLAIMED, State.UNCONFIRMED}


def test_a_move_that_is_none_says_so() -> None:
    with pytest.raises(IllegalMove, match="published cannot become draft"):
        lifecycle.move("published", State.DRAFT)


@given(errors, st.integers(1, 50), st.floats(0, 1), st.booleans())
def test_a_lost_answer_is_never_sent_again_blindly(
    error: ConnectorError, tries: int, jitter: float, unknown: bool
) -> None:
    step = lifecycle.after(error, tries, NOON, jitter, unknown)

    surely_not = isinstance(error, Rejected | Unauthorized | RateLimited | Unavailable)
    if unknown or not surely_not:
        assert step.state is State.UNCONFIRMED
    else:
        assert step.state in {State.SCHEDULED, State.FAILED}


@given(errors, st.integers(1, 50), st.floats(0, 1), st.booleans())
def test_every_step_is_a_move_that_a_post_may_make(
    error: ConnectorError, tries: int, jitter: float, unknown: bool
) -> None:
    step = lifecycle.after(error, tries, NOON, jitter, unknown)

    for state in (State.SENDING, State.UNCONFIRMED):
        assert step.state in MOVES[state]


def test_a_refusal_in_doubt_is_not_sent_again() -> None:
    step = lifecycle.after(Rejected("no"), 1, NOON, 0.5, True)

    assert (step.state, step.resend) == (State.UNCONFIRMED, False)


def test_a_rate_limit_is_no_try() -> None:
    until = NOON + timedelta(minutes=5)

    step = lifecycle.after(RateLimited("slow", until), 1, NOON, 0.5, False)

    assert (step.counts, step.wait_until, step.holds_channel) == (False, until, True)


def test_a_try_in_which_the_desk_called_nobody_is_no_try() -> None:
    last, away = engine.retries.tries, Unavailable("The database went away.")

    step = lifecycle.after(away, last, NOON, 0.5, False, called=False)

    assert (step.state, step.counts) == (State.SCHEDULED, False)
    assert step.wait_until is not None
    assert step.wait_until > NOON


def test_an_absent_platform_is_tried_six_times() -> None:
    states = [
        lifecycle.after(Unavailable("down"), tries, NOON, 0.5, False).state
        for tries in range(1, engine.retries.tries + 1)
    ]

    assert states == [*[State.SCHEDULED] * 5, State.FAILED]


@given(st.integers(1, 1000), st.floats(0, 1))
def test_waits_grow_to_a_ceiling_and_never_vanish(tries: int, jitter: float) -> None:
    wait = lifecycle.backoff(tries, jitter)

    assert timedelta(seconds=1) <= wait <= engine.retries.longest_wait
    assert lifecycle.backoff(tries, 1.0) <= lifecycle.backoff(tries + 1, 1.0)


def test_how_late_is_too_late_goes_by_class_and_channel() -> None:
    minutes = [lifecycle.deadline(one).total_seconds() / 60 for one in Priority]

    assert minutes == [10, 60, 24 * 60]
    assert lifecycle.deadline("normal", {"normal": 90}) == timedelta(seconds=90)
    assert lifecycle.deadline("breaking", {"normal": 90}) == timedelta(minutes=10)


def reachable(state: State) -> set[State]:
    """Every state that a post in this one can come to, itself included."""
    seen: set[State] = set()
    ahead: Iterable[State] = {state}
    while ahead:
        seen |= set(ahead)
        ahead = {after for one in ahead for after in MOVES[one]} - seen
    return seen
