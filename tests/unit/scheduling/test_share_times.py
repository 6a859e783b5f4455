"""A time for a share, and who follows it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from desk import db, scheduling
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post
from desk.scheduling import At, NextSlot, share_times
from desk.shares.editing import Conflict, Kept, Saved
from tests.factories import look_up, now_of
from tests.unit.articles.taken import drafts, give_slots, take
from tests.unit.publishing import steps
from tests.unit.shares.sharing import INES, own, share_of

HOUR = timedelta(hours=1)


def schedule(desk: Desk, post: Post, when: scheduling.When) -> None:
    with desk.db.writing() as session:
        scheduling.schedule(desk, session, post.id, when, now=db.now(session), by=INES)


def pick(desk: Desk, post: Post, at: datetime | None, revision: int = 1) -> Saved:
    with desk.db.writing() as session:
        now = db.now(session)
        return share_times.pick_time(
            desk, session, post.share_id, at, revision, now=now, by=INES
        )


def test_posts_that_follow_go_out_at_the_picked_time(any_desk: Desk) -> None:
    first, second, third = drafts(any_desk, take(any_desk, "Aldon", "Bay", "Coast"))
    at = now_of(any_desk) + 5 * HOUR
    give_slots(any_desk, first.channel_id)
    schedule(any_desk, first, NextSlot())
    schedule(any_desk, second, At(at + HOUR))

    saved = pick(any_desk, first, at)

    assert [post.id for post in saved.changed] == [first.id]
    assert (look_up(any_desk, first.id).due_at, own(any_desk, first.id)) == (at, set())
    assert look_up(any_desk, second.id).due_at == at + HOUR
    assert look_up(any_desk, third.id).due_at is None
    assert share_times.time_of(share_of(any_desk, first.id)) == At(at)


def test_without_a_picked_time_each_goes_back_to_its_channels_slots(
    any_desk: Desk,
) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    give_slots(any_desk, first.channel_id)
    at = now_of(any_desk) + 5 * HOUR
    pick(any_desk, first, at)
    schedule(any_desk, first, At(at))
    schedule(any_desk, second, At(at))

    saved = pick(any_desk, first, None, revision=2)

    post = look_up(any_desk, first.id)
    assert post.slot_at == post.due_at != at
    assert own(any_desk, first.id) == set()
    assert saved.kept == {second.id: Kept.UNFIT}
    assert (look_up(any_desk, second.id).due_at, own(any_desk, second.id)) == (
        at,
        {"time"},
    )


def test_two_who_pick_a_time_are_told(any_desk: Desk) -> None:
    first, _ = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    at = now_of(any_desk) + 5 * HOUR
    pick(any_desk, first, at)

    with pytest.raises(Conflict):
        pick(any_desk, first, at + HOUR)


def test_what_is_going_out_keeps_its_time(any_desk: Desk) -> None:
    first, _ = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    at = now_of(any_desk) + 5 * HOUR
    pick(any_desk, first, at)
    schedule(any_desk, first, At(at))
    steps.alter(any_desk, first.id, state=State.SENDING)

    saved = pick(any_desk, first, at + HOUR, revision=2)

    assert saved.kept == {first.id: Kept.GOING_OUT}
    assert (look_up(any_desk, first.id).due_at, own(any_desk, first.id)) == (
        at,
        {"time"},
    )


def test_a_time_of_its_own_gives_way_again(any_desk: Desk) -> None:
    first, _ = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    at = now_of(any_desk) + 5 * HOUR
    pick(any_desk, first, at)
    schedule(any_desk, first, At(at + HOUR))
    before = own(any_desk, first.id)

    with any_desk.db.writing() as session:
        share_times.follow_time(
            any_desk, session, first.id, now=db.now(session), by=INES
        )

    assert before == {"time"}
    assert (look_up(any_desk, first.id).due_at, own(any_desk, first.id)) == (at, set())
