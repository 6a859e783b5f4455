"""Moving a post to another time, and back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.base import Rejected
from desk import db, scheduling
from desk.desk import Desk
from desk.lifecycle import IllegalMove, State
from desk.scheduling import NextSlot, moving, queueing
from desk.scheduling.moving import Former, Place
from desk.scheduling.queueing import OutOfDate
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps
from tests.unit.scheduling.planning import HOUR, every_hour, move, plan, put_back


def later(desk: Desk, hours: int) -> datetime:
    at = factories.now_of(desk).replace(minute=17, second=0, microsecond=0)
    return at + hours * HOUR


def test_a_post_moves_to_a_time_and_back(any_desk: Desk) -> None:
    (post_id,) = plan(any_desk, factories.make_channel(any_desk), "A")
    before = factories.look_up(any_desk, post_id).due_at
    at = later(any_desk, 5)

    moved = move(any_desk, post_id, at)
    assert factories.look_up(any_desk, post_id).due_at == at
    put_back(any_desk, moved)

    assert factories.look_up(any_desk, post_id).due_at == before


def test_a_moved_draft_is_scheduled_and_undo_makes_it_a_draft(desk: Desk) -> None:
    post_id = factories.make_post(desk, factories.make_channel(desk))

    moved = move(desk, post_id, later(desk, 5))
    scheduled = factories.look_up(desk, post_id).state
    put_back(desk, moved)

    assert scheduled == State.SCHEDULED
    assert factories.look_up(desk, post_id).state == State.DRAFT


def test_moving_a_post_in_review_approves_nothing(desk: Desk) -> None:
    post_id = factories.make_post(desk, factories.make_channel(desk))
    steps.within(
        desk,
        scheduling.schedule,
        post_id=post_id,
        when=scheduling.At(later(desk, 2)),
        needs_approval=True,
    )

    move(desk, post_id, later(desk, 6))

    post = factories.look_up(desk, post_id)
    assert (post.state, post.due_at) == (State.IN_REVIEW, later(desk, 6))


def test_a_time_that_is_a_free_slot_takes_the_slot(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    every_hour(desk, channel)
    first, second = plan(desk, channel, "A", "B", first=30)
    slot = later(desk, 3).replace(minute=0)

    held = move(desk, first, slot).post.slot_at
    too = move(desk, second, slot).post
    with desk.db.reading() as session:
        now = db.now(session)
        free = queueing.free_slots(session, desk, channel, now, slot + HOUR / 2)

    assert held == slot
    assert (too.slot_at, too.due_at) == (None, slot)
    assert slot not in free


def test_the_next_slot_is_not_a_time_that_was_picked_already(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    every_hour(desk, channel)
    slot = factories.now_of(desk).replace(minute=0, second=0, microsecond=0) + HOUR
    factories.make_scheduled(desk, channel, due_at=slot)
    post_id = factories.make_post(desk, channel)

    post = steps.within(desk, scheduling.schedule, post_id=post_id, when=NextSlot())

    assert post.due_at == slot + HOUR


def test_whoever_saw_an_older_post_moves_nothing(any_desk: Desk) -> None:
    (post_id,) = plan(any_desk, factories.make_channel(any_desk), "A")
    old = factories.look_up(any_desk, post_id).fence
    move(any_desk, post_id, later(any_desk, 4))

    with pytest.raises(OutOfDate, match="Someone else changed"):
        move(any_desk, post_id, later(any_desk, 8), fence=old)

    assert factories.look_up(any_desk, post_id).due_at == later(any_desk, 4)


def test_back_to_draft_can_be_undone(desk: Desk) -> None:
    (post_id,) = plan(desk, factories.make_channel(desk), "A")
    before = factories.look_up(desk, post_id)

    moved = steps.within(desk, moving.to_draft, post_id=post_id, seen=before.fence)
    drafted = factories.look_up(desk, post_id).state
    put_back(desk, moved)

    after = factories.look_up(desk, post_id)
    assert drafted == State.DRAFT
    assert (after.state, after.due_at) == (State.SCHEDULED, before.due_at)


def test_what_is_out_or_going_out_says_why_it_stays(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    live = factories.make_scheduled(desk, channel, "Live")
    factories.run_due(desk)
    going = factories.make_scheduled(desk, channel, "Going")
    factories.claim(desk)

    with pytest.raises(IllegalMove, match="published"):
        move(desk, live, later(desk, 4))
    with pytest.raises(IllegalMove, match="going out this very moment"):
        move(desk, going, later(desk, 4))


def test_a_failed_post_that_is_moved_begins_anew(desk: Desk) -> None:
    Scripted.script.append(Rejected("No."))
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    factories.run_due(desk)

    moved = move(desk, post_id, later(desk, 4))

    post = factories.look_up(desk, post_id)
    assert (post.state, post.tries, post.crash_count) == (State.SCHEDULED, 0, 0)
    assert moved.former == ()


def test_a_former_slot_that_another_post_took_is_not_taken_back(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    every_hour(any_desk, channel)
    first, second = plan(any_desk, channel, "A", "B", first=30)
    slot = later(any_desk, 3).replace(minute=0)
    move(any_desk, first, slot)
    moved = move(any_desk, first, later(any_desk, 9))
    move(any_desk, second, slot)

    with pytest.raises(OutOfDate, match="taken that slot"):
        put_back(any_desk, moved)

    assert factories.look_up(any_desk, first).due_at == later(any_desk, 9)


@pytest.mark.parametrize(
    "place",
    [
        None,
        Place(datetime(2026, 11, 22, 12, 30, 0, 17, tzinfo=UTC), None),
        Place(*[datetime(2026, 11, 22, 12, 30, tzinfo=UTC)] * 2),
    ],
)
def test_what_undo_needs_survives_a_form(place: Place | None) -> None:
    former = Former(12, 7, place)

    assert Former.read(former.written) == former


@pytest.mark.parametrize("text", ["", "1/2", "1/2/time/soon", "1/2/time/2026-11-22"])
def test_nonsense_is_nothing_to_undo(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # whatever reading it stumbles over
        Former.read(text)
