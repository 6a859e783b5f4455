"""What a channel takes: counted by calls, given back by whatever ends a claim."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from connectors.base import (
    OutcomeUnknown,
    Prepared,
    RateLimit,
    RateLimited,
    Receipt,
    Rejected,
    Unavailable,
)
from desk import channels, clock_jumps, db, holds, scheduling
from desk.channels import waiting
from desk.desk import Desk
from desk.models import Attempt, Channel, Post
from desk.posts import editing
from desk.posts.editing import Change, Typed
from desk.publishing import calling, inline_runner, leases, preparing, quotas
from desk.publishing.claiming import Claim
from desk.publishing.publisher_steps import Commit, Process
from desk.scheduling import moving
from tests import factories
from tests.conftest import UTC_ZONE
from tests.factories import WORKER
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
PER = 5 * MINUTE


def limited(desk: Desk, posts: int, reserve: int = 0, per: timedelta = PER) -> int:
    """A channel whose platform takes so many posts in so long."""
    channel = factories.make_channel(desk)
    limits = steps.channel_of(desk, channel).limits | {
        "posts": posts,
        "reserve": reserve,
        "per": per.total_seconds(),
    }
    steps.alter_channel(desk, channel, limits=limits)
    return channel


def left(desk: Desk, channel: int, now: datetime | None = None) -> int:
    with desk.db.reading() as session:
        one = session.get_one(Channel, channel)
        at = now or db.now(session)
        return quotas.room_left(session, [one], at)[channel].posts


def make_due(desk: Desk, channel: int, count: int) -> list[int]:
    return [factories.make_scheduled(desk, channel, f"Post {n}") for n in range(count)]


def calls(desk: Desk) -> int:
    with desk.db.reading() as session:
        made = select(Attempt).where(Attempt.outcome != "unavailable")
        return len(session.scalars(made).all())


def age_calls(desk: Desk, by: timedelta) -> None:
    """Let what was called so far be so much longer ago."""
    with desk.db.writing() as session:
        for attempt in session.scalars(select(Attempt)):
            attempt.intent_at -= by


def test_what_was_called_counts_until_the_period_is_over(any_desk: Desk) -> None:
    channel = limited(any_desk, posts=2)
    make_due(any_desk, channel, 3)

    factories.run_due(any_desk)
    before = left(any_desk, channel)
    age_calls(any_desk, PER)

    assert (Scripted.live(), before) == (["Post 0", "Post 1"], 0)
    assert left(any_desk, channel) == 2


def test_the_rest_of_a_burst_goes_when_there_is_room_again(any_desk: Desk) -> None:
    channel = limited(any_desk, posts=2)
    make_due(any_desk, channel, 3)
    factories.run_due(any_desk)
    until = steps.channel_of(any_desk, channel).not_before
    assert until is not None

    early = factories.claim(any_desk, until - SECOND)
    later = factories.claim(any_desk, until)

    assert (early, len(later)) == ([], 1)


def test_each_part_of_a_thread_is_taken_off_the_allowance(any_desk: Desk) -> None:
    channel = limited(any_desk, posts=4)
    thread = steps.make_thread(any_desk, "One", "Two", "Three", channel_id=channel)
    steps.make_thread(any_desk, "Four", "Five", channel_id=channel)
    single = factories.make_scheduled(any_desk, channel, "Six")

    claims = factories.claim(any_desk)

    assert [claim.post_id for claim in claims] == [thread, single]
    assert left(any_desk, channel) == 0


def test_a_thread_in_the_air_counts_each_part_once(any_desk: Desk) -> None:
    channel = limited(any_desk, posts=4)
    steps.make_thread(any_desk, "One", "Two", "Three", channel_id=channel)
    steps.sending_now(any_desk)

    assert left(any_desk, channel) == 1


def test_a_thread_goes_on_for_what_is_left_of_it(desk: Desk) -> None:
    channel = limited(desk, posts=2)
    thread = steps.make_thread(desk, "One", "Two", "Three", channel_id=channel)
    with desk.db.writing() as session:
        session.get_one(Post, thread).parts[0].remote_id = "live"

    assert len(factories.claim(desk)) == 1
    assert left(desk, channel) == 0


def test_a_thread_longer_than_the_allowance_begins_with_all_of_it(desk: Desk) -> None:
    channel = limited(desk, posts=2)
    steps.make_thread(desk, "One", "Two", "Three", channel_id=channel)

    assert len(factories.claim(desk)) == 1
    assert left(desk, channel) < 1


def edited(desk: Desk, claim: Claim, _: datetime) -> None:
    with desk.db.writing() as session:
        change, now = Change(text="Other words"), db.now(session)
        post = session.get_one(Post, claim.post_id)
        editing.edit(desk, session, post.id, Typed(change, post.revision), now=now)


def held(desk: Desk, claim: Claim, _: datetime) -> None:
    steps.within(desk, holds.hold, scope="post", target=str(claim.post_id))


def cancelled(desk: Desk, claim: Claim, _: datetime) -> None:
    steps.within(desk, scheduling.cancel, post_id=claim.post_id)


def taken_back(desk: Desk, claim: Claim, _: datetime) -> None:
    steps.within(desk, scheduling.to_draft, post_id=claim.post_id)


def scheduled_anew(desk: Desk, claim: Claim, now: datetime) -> None:
    with desk.db.writing() as session:
        later = now + timedelta(hours=1)
        steps.reschedule(desk, session, claim.post_id, later, "normal")


def moved(desk: Desk, claim: Claim, now: datetime) -> None:
    held(desk, claim, now)
    fence = factories.look_up(desk, claim.post_id).fence
    with desk.db.writing() as session:
        later = now + timedelta(hours=1)
        moving.move(desk, session, claim.post_id, later, fence, now=now)


def jumped(desk: Desk, claim: Claim, now: datetime) -> None:
    steps.alter(desk, claim.post_id, expires_at=now + MINUTE)
    with desk.db.writing() as session:
        clock_jumps.set_aside(session, now, now + 5 * MINUTE)


def given_back(desk: Desk, claim: Claim, _: datetime) -> None:
    """As a worker does that is told to end."""
    with desk.db.writing() as session:
        leases.give_back(session, [claim.pair])


def rescued(desk: Desk, _: Claim, now: datetime) -> None:
    steps.rescue(desk, now + MINUTE)


def not_staged(desk: Desk, claim: Claim, _: datetime) -> None:
    Scripted.staging.append(Unavailable("No road to it."))
    inline_runner.publish(desk, claim, WORKER)


def refused_while_staged(desk: Desk, claim: Claim, _: datetime) -> None:
    Scripted.staging.append(Rejected("That picture is broken."))
    inline_runner.publish(desk, claim, WORKER)


def missed(desk: Desk, claim: Claim, now: datetime) -> None:
    given_back(desk, claim, now)
    steps.expire(desk, now + timedelta(hours=2))


def poisoned(desk: Desk, claim: Claim, now: datetime) -> None:
    rescued(desk, claim, now)
    steps.alter(desk, claim.post_id, crash_count=99)
    factories.pick_up(desk, factories.claim(desk, now + 2 * MINUTE))


def refused_at_the_intent(desk: Desk, claim: Claim, now: datetime) -> None:
    work = steps.load(desk, claim)
    assert work is not None
    ready = preparing.make_ready(desk, work)
    assert ready is not None
    steps.alter_channel(desk, work.channel_id, stopped_at=now)
    Commit([ready]).carry_out(Process(desk, WORKER))


def frozen(desk: Desk, claim: Claim, _: datetime) -> None:
    call = steps.call(desk, claim)
    assert call is not None
    old = replace(call.intent, read=replace(call.intent.read, boot=0.0))
    replace(call, intent=old).answer(desk, calling.call(old))


WAYS: list[Callable[[Desk, Claim, datetime], None]] = [
    edited,
    held,
    cancelled,
    taken_back,
    scheduled_anew,
    moved,
    jumped,
    given_back,
    rescued,
    not_staged,
    refused_while_staged,
    missed,
    poisoned,
    refused_at_the_intent,
    frozen,
]


@pytest.mark.parametrize("end", WAYS, ids=lambda end: end.__name__)
def test_whatever_ends_a_claim_without_a_call_gives_it_back(
    any_desk: Desk, end: Callable[[Desk, Claim, datetime], None]
) -> None:
    channel = limited(any_desk, posts=3)
    factories.make_scheduled(any_desk, channel)
    claim = steps.claimed(any_desk)
    taken = left(any_desk, channel)

    end(any_desk, claim, factories.now_of(any_desk))

    assert (taken, calls(any_desk)) == (2, 0)
    assert left(any_desk, channel) == 3


@pytest.mark.parametrize(
    "answer",
    [
        None,
        Rejected("No."),
        OutcomeUnknown("The line was cut."),
        RateLimited("Slow down.", datetime.fromisoformat("2100-01-01T00:00:00Z")),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_a_call_is_taken_whatever_came_of_it(
    any_desk: Desk, answer: Exception | None
) -> None:
    channel = limited(any_desk, posts=3)
    factories.make_scheduled(any_desk, channel)
    if answer is not None:
        Scripted.script.append(answer)

    factories.run_due(any_desk)

    assert (calls(any_desk), left(any_desk, channel)) == (1, 2)


def test_edits_between_claim_and_call_keep_no_one_waiting(any_desk: Desk) -> None:
    channel = limited(any_desk, posts=40)
    made = make_due(any_desk, channel, 40)
    for claim in factories.claim(any_desk)[:20]:
        edited(any_desk, claim, factories.now_of(any_desk))

    factories.run_due(any_desk)
    steps.rescue(any_desk, factories.now_of(any_desk) + MINUTE)
    factories.run_due(any_desk)

    states = {factories.look_up(any_desk, one).state for one in made}
    assert (states, calls(any_desk)) == ({"published"}, 40)


def says(left: RateLimit) -> None:
    """What the next publish answers beside its receipt."""

    def answer(prepared: Prepared) -> Receipt:
        return replace(Scripted.take(prepared), rate_limits=(left,))

    Scripted.script.append(answer)


@pytest.mark.parametrize(("told", "goes"), [(500, 6), (2, 2)])
def test_the_platforms_own_number_counts_where_it_says_one(
    any_desk: Desk, told: int, goes: int
) -> None:
    channel = limited(any_desk, posts=5, reserve=1)
    factories.make_scheduled(any_desk, channel, "First")
    says(RateLimit(told, factories.now_of(any_desk) + 3 * MINUTE))
    factories.run_due(any_desk)
    make_due(any_desk, channel, 6)

    assert len(factories.claim(any_desk)) == goes


def test_what_the_platform_said_holds_until_it_counts_anew(any_desk: Desk) -> None:
    channel = limited(any_desk, posts=5, reserve=1)
    factories.make_scheduled(any_desk, channel, "First")
    says(RateLimit(1, factories.now_of(any_desk) + 3 * MINUTE))
    factories.run_due(any_desk)

    later = factories.now_of(any_desk) + 4 * MINUTE

    assert (left(any_desk, channel), left(any_desk, channel, later)) == (1, 3)


def test_our_own_wait_ends_when_the_platform_says_that_there_is_room(
    any_desk: Desk,
) -> None:
    channel = limited(any_desk, posts=3, reserve=1)
    make_due(any_desk, channel, 5)
    says(RateLimit(40, factories.now_of(any_desk) + 3 * MINUTE))

    factories.run_due(any_desk)
    waited = steps.channel_of(any_desk, channel).wait
    factories.run_due(any_desk)

    assert waited == "own"
    assert steps.channel_of(any_desk, channel).not_before is None
    assert len(Scripted.live()) == 5


def test_the_words_say_whose_limit_it_is(any_desk: Desk) -> None:
    channel = limited(any_desk, posts=100, reserve=98, per=15 * MINUTE)
    make_due(any_desk, channel, 3)

    factories.run_due(any_desk)

    said = waiting.wait_words(steps.channel_of(any_desk, channel), UTC_ZONE)
    assert "our own limit of 2 posts in 15 minutes" in said
    assert "a reserve below the platform's 100" in said


def test_a_wait_of_our_own_is_not_lifted_by_a_check(any_desk: Desk) -> None:
    channel = limited(any_desk, posts=2, reserve=1)
    make_due(any_desk, channel, 2)
    factories.run_due(any_desk)

    factories.run_due(any_desk)

    assert steps.channel_of(any_desk, channel).wait == "own"
    assert len(Scripted.live()) == 1


def test_a_post_that_would_wait_too_long_is_missed_and_says_why(desk: Desk) -> None:
    channel = limited(desk, posts=1, per=timedelta(hours=3))
    factories.make_scheduled(desk, channel, "First")
    second = factories.make_scheduled(desk, channel, "Second")
    factories.run_due(desk)

    steps.expire(desk, factories.now_of(desk))

    post = factories.look_up(desk, second)
    assert post.state == "missed"
    assert "the platform's 1 posts in 3 hours" in post.reason
    assert "too late for a normal post" in post.reason


# A platform that says a small number, and when it counts anew


def two_until_tomorrow(desk: Desk) -> RateLimit:
    """What every answer says, whatever is sent."""
    return RateLimit(2, factories.now_of(desk) + timedelta(hours=22))


def round_of_the_clock(desk: Desk) -> list[Claim]:
    """As the clock goes round: claims first, then what is too late."""
    claims = factories.claim(desk)
    steps.expire(desk, factories.now_of(desk))
    return claims


def test_who_waits_for_calls_under_way_is_not_missed(any_desk: Desk) -> None:
    """The third goes when the first two are answered, and so on."""
    channel, left = limited(any_desk, posts=300), two_until_tomorrow(any_desk)
    factories.make_scheduled(any_desk, channel, "First")
    says(left)
    factories.run_due(any_desk)
    made = make_due(any_desk, channel, 7)

    for _ in range(4):
        claims = round_of_the_clock(any_desk)
        between = {factories.look_up(any_desk, one).state for one in made}
        for claim in factories.pick_up(any_desk, claims):
            says(left)
            inline_runner.publish(any_desk, claim, WORKER)

    assert "missed" not in between
    assert {factories.look_up(any_desk, one).state for one in made} == {"published"}


def test_a_thread_of_more_parts_than_may_follow_is_missed_now_and_says_why(
    any_desk: Desk,
) -> None:
    channel, left = limited(any_desk, posts=300), two_until_tomorrow(any_desk)
    factories.make_scheduled(any_desk, channel, "First")
    says(left)
    factories.run_due(any_desk)
    thread = steps.make_thread(any_desk, "One", "Two", "Three", channel_id=channel)

    round_of_the_clock(any_desk)

    post = factories.look_up(any_desk, thread)
    assert post.state == "missed"
    assert "takes only a few more posts until" in post.reason
    assert "too late for a normal post" in post.reason


def test_what_it_said_is_forgotten_where_a_check_answers_well(any_desk: Desk) -> None:
    channel, left = limited(any_desk, posts=300), two_until_tomorrow(any_desk)
    factories.make_scheduled(any_desk, channel, "First")
    says(left)
    factories.run_due(any_desk)
    steps.make_thread(any_desk, "One", "Two", "Three", channel_id=channel)
    factories.claim(any_desk)
    waited = steps.channel_of(any_desk, channel)

    channels.check(any_desk, channel, factories.now_of(any_desk))
    claims = factories.claim(any_desk)

    assert waited.wait == "full"
    assert "“Try now”" in waiting.way_out(waited, factories.now_of(any_desk))
    assert len(claims) == 1
