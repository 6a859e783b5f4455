"""Posts of several parts: each part once, live parts for good."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.base import OutcomeUnknown, Rejected, Unavailable
from desk import holds, scheduling
from desk.attention import deciding
from desk.desk import Desk
from desk.lifecycle import IllegalMove
from desk.posts import editing
from desk.posts.editing import Change
from desk.publishing import inline_runner
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps

LATER = timedelta(minutes=2)


def test_every_part_goes_out_in_order(desk: Desk) -> None:
    post_id = steps.make_thread(desk, "One", "Two", "Three")

    factories.run_due(desk)

    assert Scripted.live() == ["One", "Two", "Three"]
    assert factories.look_up(desk, post_id).state == "published"


def test_a_thread_goes_on_at_the_part_that_failed(desk: Desk) -> None:
    post_id = steps.make_thread(desk, "One", "Two", "Three")
    Scripted.script.extend([Scripted.take, Rejected("too rude")])
    factories.run_due(desk)
    failed = factories.look_up(desk, post_id)

    with desk.db.writing() as session:
        now = factories.now_of(desk)
        scheduling.retry(desk, session, post_id, now=now)
    factories.run_due(desk)

    assert (failed.state, failed.reason) == ("failed", "1 of 3 live. too rude")
    assert Scripted.live() == ["One", "Two", "Three"]


def test_a_live_part_is_not_sent_again_under_the_same_fence(any_desk: Desk) -> None:
    steps.make_thread(any_desk, "One", "Two")
    claim = steps.claimed(any_desk)
    slow = steps.load(any_desk, claim)
    fast = steps.call(any_desk, claim)
    assert slow is not None
    assert fast is not None
    fast.answer(any_desk, Scripted.take(fast.intent.prepared))

    doubled = steps.call_for(any_desk, slow)

    assert doubled is None
    assert Scripted.live() == ["One"]


def test_a_thread_too_late_to_go_on_has_failed(any_desk: Desk) -> None:
    post_id = steps.make_thread(any_desk, "One", "Two")
    Scripted.script.extend([Scripted.take, Unavailable("down")])
    factories.run_due(any_desk)

    steps.expire(any_desk, factories.now_of(any_desk) + timedelta(hours=2))

    post = factories.look_up(any_desk, post_id)
    assert post.state == "failed"
    assert post.reason == "1 of 2 live; too late to go on by itself."


def test_a_thread_that_crashes_the_desk_says_what_is_live(desk: Desk) -> None:
    post_id = steps.make_thread(desk, "One", "Two")
    Scripted.script.extend([Scripted.take, Unavailable("down")])
    factories.run_due(desk)
    steps.alter(desk, post_id, crash_count=3, next_at=factories.now_of(desk))

    factories.pick_up(desk, factories.claim(desk))

    post = factories.look_up(desk, post_id)
    assert (post.state, post.reason[:11]) == ("failed", "1 of 2 live")


@pytest.mark.parametrize("state", ["scheduled", "failed"])
def test_a_partly_live_thread_is_not_changed_or_taken_back(
    desk: Desk, state: str
) -> None:
    post_id = steps.make_thread(desk, "One", "Two")
    Scripted.script.extend([Scripted.take, Unavailable("down")])
    factories.run_due(desk)
    steps.alter(desk, post_id, state=state)
    change = Change(text="Other")

    for refused, given in (
        (scheduling.cancel, {}),
        (scheduling.to_draft, {}),
        (editing.edit, {"typed": editing.Typed(change, 1)}),
    ):
        with pytest.raises(IllegalMove, match="Part of this thread is live"):
            steps.within(desk, refused, post_id=post_id, **given)

    assert factories.look_up(desk, post_id).state == state


def test_a_hold_stops_a_thread_between_its_parts(any_desk: Desk) -> None:
    post_id = steps.make_thread(any_desk, "One", "Two")
    claim = steps.claimed(any_desk)
    first = steps.call(any_desk, claim)
    assert first is not None
    first.answer(any_desk, Scripted.take(first.intent.prepared))

    steps.within(any_desk, holds.hold)
    inline_runner.publish(any_desk, claim, factories.WORKER)

    assert Scripted.live() == ["One"]
    assert factories.look_up(any_desk, post_id).state == "scheduled"


def test_a_lost_part_is_found_and_the_thread_goes_on(desk: Desk) -> None:
    post_id = steps.make_thread(desk, "One", "Two")
    Scripted.script.append(steps.taken_but_lost)
    factories.run_due(desk)

    steps.look(desk, post_id)
    factories.run_due(desk)

    assert Scripted.live() == ["One", "Two"]
    assert factories.look_up(desk, post_id).state == "published"


def test_a_late_receipt_of_a_part_lets_the_thread_go_on(desk: Desk) -> None:
    post_id = steps.make_thread(desk, "One", "Two")
    call = steps.sending_now(desk)
    steps.rescue(desk, factories.now_of(desk) + LATER)

    call.answer(desk, Scripted.take(call.intent.prepared))
    factories.run_due(desk)

    assert Scripted.live() == ["One", "Two"]
    assert factories.look_up(desk, post_id).state == "published"


@pytest.mark.parametrize("state", ["draft", "in review", "missed", "cancelled"])
def test_a_part_that_turns_up_late_shows_that_the_thread_failed(
    desk: Desk, state: str
) -> None:
    post_id = steps.make_thread(desk, "One", "Two")
    call = steps.sending_now(desk)
    steps.alter(desk, post_id, state=state, fence=9)

    call.answer(desk, steps.receipt("1"))

    post = factories.look_up(desk, post_id)
    assert (post.state, post.reason) == ("failed", "1 of 2 live.")


def test_a_late_receipt_beside_a_call_in_the_air_waits_for_its_answer(
    desk: Desk,
) -> None:
    post_id = steps.make_thread(desk, "One", "Two")
    first = steps.sending_now(desk)
    steps.rescue(desk, factories.now_of(desk) + LATER)
    steps.look(desk, post_id, times=2)
    second = steps.sending_now(desk)
    first.answer(desk, Scripted.take(first.intent.prepared))
    meanwhile = factories.look_up(desk, post_id).state

    second.answer(desk, Rejected("seen it", duplicate=True))
    factories.run_due(desk)

    assert meanwhile == "sending"
    assert Scripted.live() == ["One", "Two"]
    assert factories.look_up(desk, post_id).state == "published"


def test_a_person_confirms_a_part_and_the_rest_goes_out(desk: Desk) -> None:
    post_id = steps.make_thread(desk, "One", "Two")
    Scripted.script.append(OutcomeUnknown("lost"))
    factories.run_due(desk)

    link = "https://scripted.example/one"
    steps.within(desk, deciding.confirm_live, post_id=post_id, url=link)
    factories.run_due(desk)

    post = factories.look_up(desk, post_id)
    assert (post.state, Scripted.live()) == ("published", ["Two"])
