"""Too late, spaced out, or due only because a clock was set."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import clock_jumps, holds
from desk.catch_up import space_out
from desk.desk import Desk
from desk.engine_settings import engine
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("priority", "minutes"), [("breaking", 10), ("normal", 60), ("evergreen", 24 * 60)]
)
def test_each_class_has_its_own_too_late(
    desk: Desk, priority: str, minutes: int
) -> None:
    channel = factories.make_channel(desk)
    due = factories.now_of(desk)
    post_id = factories.make_scheduled(desk, channel, due_at=due)
    with desk.db.writing() as session:
        steps.reschedule(desk, session, post_id, due, priority)

    early = steps.expire(desk, due + minutes * MINUTE - timedelta(seconds=1))
    late = steps.expire(desk, due + minutes * MINUTE)

    assert (early, late) == (0, 1)


def test_a_channel_sets_its_own_too_late(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    steps.alter_channel(desk, channel, deadlines_s={"normal": 90})
    due = factories.now_of(desk)
    factories.make_scheduled(desk, channel, due_at=due)

    assert steps.expire(desk, due + timedelta(seconds=89)) == 0
    assert steps.expire(desk, due + timedelta(seconds=90)) == 1


def test_a_missed_post_says_what_it_waited_for_and_is_not_sent(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    steps.alter(desk, post_id, reason="The platform is down.")

    steps.expire(desk, factories.now_of(desk) + 61 * MINUTE)
    factories.run_due(desk)

    post = factories.look_up(desk, post_id)
    assert (post.state, Scripted.live()) == ("missed", [])
    assert post.reason == (
        "Too late for a normal post, so it was not sent. "
        "It was waiting: The platform is down."
    )


def test_a_post_past_its_class_is_not_claimed_even_before_it_is_missed(
    desk: Desk,
) -> None:
    factories.make_scheduled(desk, factories.make_channel(desk))

    assert factories.claim(desk, factories.now_of(desk) + 61 * MINUTE) == []


def test_posts_that_wait_for_a_channel_too_long_are_missed_now(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    now = factories.now_of(any_desk)
    due = factories.make_scheduled(any_desk, channel, due_at=now)
    ahead = factories.make_scheduled(any_desk, channel, due_at=now + 30 * MINUTE)
    in_time = factories.make_scheduled(any_desk, factories.make_channel(any_desk, "B"))
    steps.alter_channel(any_desk, channel, not_before=now + 120 * MINUTE)

    steps.expire(any_desk, now)

    states = [factories.look_up(any_desk, i).state for i in (due, ahead, in_time)]
    assert states == ["missed", "scheduled", "scheduled"]


def test_what_is_overdue_after_an_outage_goes_out_spaced(any_desk: Desk) -> None:
    channel, other = (factories.make_channel(any_desk, name) for name in "AB")
    now = factories.now_of(any_desk)
    overdue = now - 5 * MINUTE
    ids = [factories.make_scheduled(any_desk, channel, due_at=overdue) for _ in "123"]
    apart = factories.make_scheduled(any_desk, other, due_at=overdue)
    fresh = factories.make_scheduled(any_desk, channel, due_at=now)

    with any_desk.db.writing() as session:
        space_out(session, now)

    turns = [factories.look_up(any_desk, i).next_at for i in [*ids, apart, fresh]]
    assert turns == [
        now,
        now + engine.catch_up.gap,
        now + 2 * engine.catch_up.gap,
        now,
        now,
    ]
    assert factories.look_up(any_desk, ids[2]).due_at == overdue


def test_what_will_not_go_out_takes_no_turn(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    now = factories.now_of(any_desk)
    overdue = now - 5 * MINUTE
    made = [factories.make_scheduled(any_desk, channel, due_at=overdue) for _ in "1234"]
    late, aside, held, last = made
    steps.alter(any_desk, late, expires_at=now)
    steps.alter(any_desk, aside, triage="held")
    steps.within(any_desk, holds.hold, scope="post", target=str(held))

    with any_desk.db.writing() as session:
        space_out(session, now)

    assert factories.look_up(any_desk, last).next_at == now


def test_breaking_news_has_the_first_turn(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    now = factories.now_of(desk)
    factories.make_scheduled(desk, channel, due_at=now - 6 * MINUTE)
    breaking = factories.make_scheduled(desk, channel, due_at=now - 5 * MINUTE)
    steps.alter(desk, breaking, priority="breaking")

    with desk.db.writing() as session:
        space_out(session, now)

    assert factories.look_up(desk, breaking).next_at == now


def test_posts_due_only_by_a_jump_wait_for_a_person(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    now = factories.now_of(any_desk)
    really_due = factories.make_scheduled(any_desk, channel, due_at=now)
    by_jump = factories.make_scheduled(any_desk, channel, due_at=now + 30 * MINUTE)
    later = factories.make_scheduled(any_desk, channel, due_at=now + 90 * MINUTE)

    with any_desk.db.writing() as session:
        count = clock_jumps.set_aside(session, now, now + 45 * MINUTE)

    made = (really_due, by_jump, later)
    triage = [factories.look_up(any_desk, post_id).triage for post_id in made]
    assert (count, triage) == (1, [None, "jumped", None])
    claims = factories.claim(any_desk, now + 45 * MINUTE)
    assert [claim.post_id for claim in claims] == [really_due]


def test_what_is_too_late_only_by_a_jump_waits_for_a_person(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    now, day = factories.now_of(any_desk), timedelta(days=1)
    claimed = factories.make_scheduled(any_desk, channel, due_at=now)
    claims = factories.claim(any_desk, now)
    due = factories.make_scheduled(any_desk, channel, due_at=now - 5 * MINUTE)
    coming = factories.make_scheduled(any_desk, channel, due_at=now + 30 * MINUTE)

    with any_desk.db.writing() as session:
        clock_jumps.set_aside(session, now, now + day)
    steps.expire(any_desk, now + day)

    posts = [factories.look_up(any_desk, made) for made in (claimed, due, coming)]
    assert [(post.state, post.triage) for post in posts] == [
        ("scheduled", "jumped")
    ] * 3
    assert factories.pick_up(any_desk, claims) == []


def test_a_clock_set_back_puts_nothing_aside(desk: Desk) -> None:
    now = factories.now_of(desk)
    factories.make_scheduled(desk, factories.make_channel(desk), due_at=now)

    with desk.db.writing() as session:
        assert clock_jumps.set_aside(session, now, now - 60 * MINUTE) == 0
