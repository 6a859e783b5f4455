"""The checker itself: a well desk passes, and each invariant can be broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.checker import Accepted, Asked, Attempt, Event, Post, violations

DUE = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ENDED = DUE + timedelta(minutes=5)


def after(seconds: float) -> datetime:
    return DUE + timedelta(seconds=seconds)


TRY = Attempt(1, fence=3, intent_at=after(0.01), outcome="published")
SENDING = Event(after(0.01), 3, "sending", "Sending, try 1.")
PUBLISHED = Event(after(0.3), 3, "published", "Published.")
DOUBT = Event(after(4), 4, "unconfirmed", "No answer.")
LIVE = Accepted("Mastodon", "Dodge returns", after(0.02), "r1", key="k1")
WELL = Post(
    1, "Mastodon", ("Dodge returns",), "published", DUE, "r1",
    attempts=(TRY,), events=(SENDING, PUBLISHED),
)  # fmt: skip
WAITING = replace(WELL, state="scheduled", remote_id=None, attempts=(), events=())


def broken(post: Post, *accepted: Accepted) -> list[tuple[str, str]]:
    found = violations(accepted, [post], ENDED)
    return [(one.invariant, one.sentence) for one in found]


def names(post: Post, *accepted: Accepted) -> set[str]:
    return {name for name, _ in broken(post, *accepted)}


def test_a_desk_that_is_well_passes() -> None:
    edited = replace(
        WELL,
        texts=("Dodge leaves", "Dodge returns"),
        asked=(Asked("edit", after(-1), old="Dodge leaves"),),
    )

    assert broken(WELL, LIVE) == []
    assert broken(edited, LIVE) == []
    assert broken(replace(WAITING, waits="its channel is stopped")) == []
    assert broken(replace(WAITING, due_at=ENDED + timedelta(hours=1))) == []


def test_i1_a_post_is_accepted_twice() -> None:
    again = replace(LIVE, at=after(5), remote_id="r2", key="")

    found = broken(WELL, replace(LIVE, key=""), again)

    assert [name for name, _ in found] == ["I1"]
    assert "accepted 2 times" in found[0][1]


def test_i1_a_key_is_accepted_twice() -> None:
    """Under other words: the post's own count would not show it."""
    other = replace(WELL, number=2, texts=("Ferry sails",), remote_id="r2")
    twin = replace(LIVE, text="Ferry sails", remote_id="r2")

    found = violations([LIVE, twin], [WELL, other], ENDED)

    assert [one.invariant for one in found] == ["I1"]
    assert "key k1 2 times" in found[0].sentence


@pytest.mark.parametrize(
    "post",
    [
        WAITING,
        replace(WAITING, state="claimed"),
        replace(WAITING, state="sending"),
        replace(WAITING, state="unconfirmed", findable=False),
        replace(WAITING, state="lost"),
        replace(WAITING, state="failed"),
        replace(WAITING, state="missed"),
        replace(WAITING, state="cancelled"),
        replace(WAITING, state="draft"),
    ],
    ids=lambda post: post.state,
)
def test_i2_a_post_does_not_end(post: Post) -> None:
    assert names(post) == {"I2"}


def test_i2_a_post_may_fail_when_the_platform_refused_it() -> None:
    refused = replace(TRY, outcome="rejected")

    assert broken(replace(WAITING, state="failed", attempts=(refused,))) == []


def test_i3_what_is_published_is_nowhere() -> None:
    assert names(WELL) == {"I3"}


def test_i3_what_is_published_has_another_id() -> None:
    assert names(replace(WELL, remote_id="r9"), LIVE) == {"I3"}


@pytest.mark.parametrize("state", ["failed", "missed"])
def test_i3_what_is_live_is_called_something_else(state: str) -> None:
    tries = (TRY, Attempt(2, 5, after(9), "rejected"))
    post = replace(WELL, state=state, remote_id=None, attempts=tries)

    assert names(post, LIVE) == {"I3"}


def test_i3_the_platform_has_words_that_nobody_wrote() -> None:
    assert names(WELL, LIVE, replace(LIVE, text="Other", key="k2")) == {"I3"}


def test_i4_a_person_is_asked_what_the_platform_could_have_told() -> None:
    post = replace(WELL, state="unconfirmed", needs_person=True, remote_id=None)

    assert names(post, LIVE) == {"I4"}
    assert names(replace(post, findable=False), LIVE) == set()


def test_i4_a_doubt_takes_too_long() -> None:
    found = Event(after(65), 5, "published", "Published.")

    late = names(replace(WELL, events=(SENDING, DOUBT, found)), LIVE)
    in_time = names(
        replace(WELL, events=(SENDING, DOUBT, replace(found, at=after(63)))), LIVE
    )

    assert late == {"I4"}
    assert in_time == set()


def test_i4_the_minute_begins_anew_when_the_platform_can_not_be_asked() -> None:
    blind = Event(after(30), 5, "unconfirmed", "Can't tell yet: nobody answers.")
    found = Event(after(85), 6, "published", "Published.")

    asked = names(replace(WELL, events=(SENDING, DOUBT, blind, found)), LIVE)
    late = replace(found, at=after(91))

    assert asked == set()
    assert names(replace(WELL, events=(SENDING, DOUBT, blind, late)), LIVE) == {"I4"}


@pytest.mark.parametrize("outcome", ["not there", "unavailable", "rate limited"])
def test_i4_a_doubt_is_settled_against_the_truth(outcome: str) -> None:
    post = replace(WELL, attempts=(replace(TRY, outcome=outcome),))

    assert names(post, LIVE) == {"I4"}


def test_i5_two_intents_stand_under_one_fence() -> None:
    second = replace(TRY, number=2, intent_at=after(0.02))

    assert names(replace(WELL, attempts=(TRY, second)), LIVE) == {"I5"}


@pytest.mark.parametrize(
    "events",
    [
        (SENDING, replace(PUBLISHED, fence=2)),
        (SENDING, SENDING, PUBLISHED),
        (SENDING, PUBLISHED, replace(SENDING, fence=4, state="scheduled")),
    ],
    ids=["the fence falls", "sending twice", "after the end"],
)
def test_i5_a_history_is_not_linear(events: Sequence[Event]) -> None:
    assert names(replace(WELL, events=tuple(events)), LIVE) == {"I5"}


def test_i5_the_tries_are_out_of_order() -> None:
    third = Attempt(3, fence=4, intent_at=after(9), outcome="unknown")

    assert names(replace(WELL, attempts=(TRY, third)), LIVE) == {"I5"}


def test_i5_the_call_came_before_its_intent() -> None:
    late = replace(TRY, intent_at=after(0.5))

    assert names(replace(WELL, attempts=(late,)), LIVE) == {"I5"}


def test_i6_a_post_goes_out_early() -> None:
    tries = (replace(TRY, intent_at=after(-1)),)

    early = broken(replace(WELL, attempts=tries), replace(LIVE, at=after(-0.001)))

    assert [name for name, _ in early] == ["I6"]
    assert "0.001 s early" in early[0][1]


def test_i6_old_words_go_out_after_an_edit() -> None:
    post = replace(
        WELL,
        texts=("Dodge returns", "Dodge stays"),
        asked=(Asked("edit", after(-1), old="Dodge returns"),),
    )

    assert names(post, LIVE) == {"I6"}


def test_i6_a_cancelled_post_goes_out() -> None:
    post = replace(WELL, asked=(Asked("cancel", after(-1)),))

    assert names(post, LIVE) == {"I6"}


def test_i6_a_held_post_goes_out() -> None:
    held = Asked("hold", after(-1), until=after(2))

    assert names(replace(WELL, asked=(held,)), LIVE) == {"I6"}
    assert names(replace(WELL, asked=(replace(held, until=after(0)),)), LIVE) == set()


def test_a_violation_tells_the_whole_history() -> None:
    (found,) = violations([], [WELL], ENDED)

    assert str(found).startswith('I3: Post 1 "Dodge returns" is published as r1')
    assert "Sending, try 1." in str(found)
    assert "Mastodon, due 12:00:00" in str(found)
