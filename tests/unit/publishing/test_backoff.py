"""Limits that a platform says are used up: who waits, and until when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from sqlalchemy import event

from connectors.base import (
    Field,
    OutcomeUnknown,
    Prepared,
    RateLimit,
    RateLimited,
    Receipt,
)
from desk import channels, db
from desk.attention import deciding
from desk.channels import BadChannel, backoff, circuit_breakers, waiting
from desk.desk import Desk
from desk.publishing import staging
from desk.publishing.claiming import Claim
from tests import factories
from tests.conftest import UTC_ZONE
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
Begin = Callable[[Desk], int]


class OfApp(Scripted):
    """Scripted, through one of several apps."""

    fields: ClassVar[tuple[Field, ...]] = (*Scripted.fields, Field("app", "App"))

    @property
    def app(self) -> str:
        return self.credentials["app"]


@pytest.fixture
def desk_(any_desk: Desk) -> Desk:
    return replace(any_desk, connectors={"scripted": OfApp})


def make_channel(desk: Desk, name: str, app: str = "one") -> int:
    return factories.make_channel(desk, name, app=app)


def waits_until(desk: Desk, channel: int) -> datetime | None:
    return steps.channel_of(desk, channel).not_before


def soon(desk: Desk, minutes: int = 7) -> datetime:
    return (factories.now_of(desk) + minutes * MINUTE).replace(microsecond=0)


def leaves(*limits: RateLimit) -> None:
    """What the next publish answers beside its receipt."""

    def answer(prepared: Prepared) -> Receipt:
        return replace(Scripted.take(prepared), rate_limits=limits)

    Scripted.script.append(answer)


def test_a_channel_waits_when_nothing_is_left(desk_: Desk) -> None:
    until = soon(desk_)
    full, other = make_channel(desk_, "Full"), make_channel(desk_, "Other")
    first = factories.make_scheduled(desk_, full, "One")
    leaves(RateLimit(0, until))

    factories.run_due(desk_)
    factories.make_scheduled(desk_, full, "Two")
    factories.make_scheduled(desk_, other, "Three")
    factories.run_due(desk_)

    assert factories.look_up(desk_, first).state == "published"
    assert waits_until(desk_, full) == until
    assert waits_until(desk_, other) is None
    assert Scripted.live() == ["One", "Three"]


def test_it_goes_on_when_the_platform_counts_anew(desk_: Desk) -> None:
    until = soon(desk_)
    channel = make_channel(desk_, "Full")
    factories.make_scheduled(desk_, channel, "One")
    leaves(RateLimit(0, until))
    factories.run_due(desk_)
    factories.make_scheduled(desk_, channel, "Two")

    assert factories.claim(desk_, until - MINUTE) == []
    assert len(factories.claim(desk_, until)) == 1


def test_as_long_as_something_is_left_nobody_waits(desk_: Desk) -> None:
    channel = make_channel(desk_, "Desk")
    factories.make_scheduled(desk_, channel)
    leaves(RateLimit(1, soon(desk_)), RateLimit(300, soon(desk_), shared=True))

    factories.run_due(desk_)

    assert waits_until(desk_, channel) is None


def test_of_several_limits_the_longest_counts(desk_: Desk) -> None:
    channel = make_channel(desk_, "Desk")
    factories.make_scheduled(desk_, channel)
    long = soon(desk_, 90)
    leaves(
        RateLimit(0, soon(desk_)), RateLimit(0, long), RateLimit(5, soon(desk_, 300))
    )

    factories.run_due(desk_)

    assert waits_until(desk_, channel) == long


def test_a_shorter_wait_ends_no_longer_one(desk_: Desk) -> None:
    channel, long = make_channel(desk_, "Desk"), soon(desk_, 90)
    factories.make_scheduled(desk_, channel)
    claim = steps.claimed(desk_)
    call = steps.call(desk_, claim)
    assert call is not None
    steps.alter_channel(desk_, channel, not_before=long)

    call.answer(
        desk_, replace(steps.receipt("1"), rate_limits=(RateLimit(0, soon(desk_)),))
    )

    assert waits_until(desk_, channel) == long


def test_a_limit_of_the_app_makes_all_its_channels_wait(desk_: Desk) -> None:
    until = soon(desk_)
    one, two = make_channel(desk_, "One"), make_channel(desk_, "Two")
    elsewhere = make_channel(desk_, "Elsewhere", app="another")
    factories.make_scheduled(desk_, one)
    leaves(RateLimit(0, until, shared=True))

    factories.run_due(desk_)

    assert [waits_until(desk_, each) for each in (one, two, elsewhere)] == [
        until,
        until,
        None,
    ]


def test_so_does_a_refusal_by_a_limit_of_the_app(desk_: Desk) -> None:
    until = soon(desk_)
    one, two = make_channel(desk_, "One"), make_channel(desk_, "Two")
    factories.make_scheduled(desk_, one)
    Scripted.script.append(RateLimited("The app's day is used up.", until, shared=True))

    factories.run_due(desk_)

    assert waits_until(desk_, one) == waits_until(desk_, two) == until


def test_so_does_one_met_by_an_upload(desk_: Desk) -> None:
    until = soon(desk_)
    one, two = make_channel(desk_, "One"), make_channel(desk_, "Two")
    factories.make_scheduled(desk_, one)
    Scripted.staging.append(RateLimited("No credit is left.", until, shared=True))

    factories.run_due(desk_)

    assert waits_until(desk_, one) == waits_until(desk_, two) == until


def test_a_refusal_by_a_limit_of_the_account_is_its_own(desk_: Desk) -> None:
    until = soon(desk_)
    one, two = make_channel(desk_, "One"), make_channel(desk_, "Two")
    factories.make_scheduled(desk_, one)
    Scripted.script.append(RateLimited("Slow down.", until))

    factories.run_due(desk_)

    assert waits_until(desk_, one) == until
    assert waits_until(desk_, two) is None


def test_channels_without_an_app_share_no_limit(desk_: Desk) -> None:
    desk = replace(desk_, connectors={"scripted": Scripted})
    one = factories.make_channel(desk, "One")
    two = factories.make_channel(desk, "Two")
    factories.make_scheduled(desk, one)
    leaves(RateLimit(0, soon(desk), shared=True))

    factories.run_due(desk)

    assert waits_until(desk, one) is not None
    assert waits_until(desk, two) is None


@pytest.mark.parametrize(("app", "shared"), [("one", False), ("", True)])
def test_channels_recorded_together_do_not_wait_for_each_other(
    desk_: Desk, app: str, shared: bool
) -> None:
    channels = [make_channel(desk_, "One"), make_channel(desk_, "Two")]
    connector = OfApp({"account": "a", "token": "t", "app": app})
    full = replace(steps.receipt("1"), rate_limits=(RateLimit(0, soon(desk_), shared),))
    said = [full, steps.receipt("2")]
    calls = [
        circuit_breakers.Call(connector, channel, 7, one)
        for channel, one in zip(channels, said, strict=True)
    ]
    for channel in channels:
        steps.alter_channel(desk_, channel, app=app)

    with desk_.db.writing() as session:
        backoff.heed_limits(session, calls, db.now(session))

    first, second = (waits_until(desk_, channel) for channel in channels)
    assert first is not None
    assert second is None


def test_a_channel_from_before_learns_its_app_by_the_way(desk_: Desk) -> None:
    one, two = make_channel(desk_, "One"), make_channel(desk_, "Two")
    steps.alter_channel(desk_, one, app="")
    factories.make_scheduled(desk_, one)
    leaves(RateLimit(0, soon(desk_), shared=True))

    factories.run_due(desk_)

    assert steps.channel_of(desk_, one).app == "one"
    assert waits_until(desk_, two) is not None


TEN_DAYS = timedelta(days=10)
QUARTER = 15 * MINUTE


def told_to_wait(desk: Desk, length: timedelta = TEN_DAYS, name: str = "Desk") -> int:
    """A channel that a platform has just refused a post of, with a wait."""
    channel = make_channel(desk, name)
    factories.make_scheduled(desk, channel, "First")
    Scripted.script.append(RateLimited("Slow down.", factories.now_of(desk) + length))
    factories.run_due(desk)
    return channel


def words(desk: Desk, channel: int) -> str:
    return waiting.wait_words(steps.channel_of(desk, channel), UTC_ZONE)


def make_breaking(desk: Desk, channel: int, text: str) -> int:
    post_id = factories.make_scheduled(desk, channel, text)
    ends = factories.now_of(desk) + 10 * MINUTE
    steps.alter(desk, post_id, priority="breaking", expires_at=ends)
    return post_id


def probe(desk: Desk, now: datetime) -> list[steps.Call]:
    """The calls that a clock and a worker would make then."""
    made = [steps.call(desk, one, now) for one in picked(desk, now)]
    return [one for one in made if one is not None]


def picked(desk: Desk, now: datetime) -> list[Claim]:
    return factories.pick_up(desk, factories.claim(desk, now))


def test_a_wait_has_a_kind_an_end_and_the_platforms_words(desk_: Desk) -> None:
    channel = steps.channel_of(desk_, told_to_wait(desk_))

    assert (channel.wait, channel.wait_why) == ("asked", "Slow down.")
    assert channel.not_before is not None
    assert channel.not_before > factories.now_of(desk_) + 9 * timedelta(days=1)


def test_the_last_post_that_is_taken_begins_a_wait_of_its_own_kind(
    desk_: Desk,
) -> None:
    channel = make_channel(desk_, "Desk")
    factories.make_scheduled(desk_, channel)
    leaves(RateLimit(0, soon(desk_, 22 * 60)))

    factories.run_due(desk_)

    assert steps.channel_of(desk_, channel).wait == "used up"
    assert words(desk_, channel).startswith("Desk takes no more posts until")


def used_up(desk: Desk) -> int:
    channel = make_channel(desk, "Desk")
    factories.make_scheduled(desk, channel)
    leaves(RateLimit(0, soon(desk, 22 * 60)))
    factories.run_due(desk)
    return channel


@pytest.mark.parametrize("wait", [told_to_wait, used_up])
def test_a_check_that_answers_well_lifts_it(desk_: Desk, wait: Begin) -> None:
    channel = wait(desk_)
    now = factories.now_of(desk_)

    channels.check(desk_, channel, now)

    after = steps.channel_of(desk_, channel)
    assert (after.not_before, after.wait, after.probe_at) == (None, None, None)


@pytest.mark.parametrize("wait", [told_to_wait, used_up])
def test_so_does_a_reconnect(desk_: Desk, wait: Begin) -> None:
    channel = wait(desk_)

    channels.reconnect(desk_, channel, {"token": "new"}, factories.now_of(desk_))

    assert waits_until(desk_, channel) is None


def test_a_check_that_is_told_to_wait_itself_lifts_nothing(desk_: Desk) -> None:
    channel = told_to_wait(desk_)
    Scripted.checking.append(RateLimited("Slow down.", soon(desk_)))

    with pytest.raises(BadChannel):
        channels.check(desk_, channel, factories.now_of(desk_))

    assert waits_until(desk_, channel) is not None


def test_what_a_lifted_wait_kept_goes_out_30_s_apart(desk_: Desk) -> None:
    channel = told_to_wait(desk_)
    factories.make_scheduled(desk_, channel, "Second")
    now = factories.now_of(desk_)

    channels.check(desk_, channel, now)

    assert [len(factories.claim(desk_, now + n * SECOND)) for n in (0, 30)] == [1, 1]


def test_a_check_on_one_channel_lifts_a_wait_of_the_app_on_all(desk_: Desk) -> None:
    one, two = make_channel(desk_, "One"), make_channel(desk_, "Two")
    factories.make_scheduled(desk_, one)
    until = factories.now_of(desk_) + TEN_DAYS
    Scripted.script.append(RateLimited("No credit is left.", until, shared=True))
    factories.run_due(desk_)

    channels.check(desk_, two, factories.now_of(desk_))

    assert waits_until(desk_, one) is waits_until(desk_, two) is None


def test_one_channel_finds_out_for_all_that_wait_for_their_app(desk_: Desk) -> None:
    one, two = make_channel(desk_, "One"), make_channel(desk_, "Two")
    factories.make_scheduled(desk_, one)
    until = factories.now_of(desk_) + TEN_DAYS
    Scripted.script.append(RateLimited("No credit is left.", until, shared=True))
    factories.run_due(desk_)
    factories.make_scheduled(desk_, two)

    (call,) = probe(desk_, factories.now_of(desk_) + QUARTER)
    call.answer(desk_, steps.receipt("1"))

    assert waits_until(desk_, one) is waits_until(desk_, two) is None


def test_a_long_wait_lets_one_post_through_each_quarter_of_an_hour(
    desk_: Desk,
) -> None:
    channel = told_to_wait(desk_)
    factories.make_scheduled(desk_, channel, "Second")
    began = factories.now_of(desk_)

    early = factories.claim(desk_, began + 14 * MINUTE)
    (call,) = probe(desk_, began + QUARTER)
    more = factories.claim(desk_, began + QUARTER + MINUTE)
    call.answer(desk_, RateLimited("Slow down.", began + TEN_DAYS))
    asked = steps.channel_of(desk_, channel).probe_at

    assert (early, more) == ([], [])
    assert asked is not None
    assert asked >= factories.now_of(desk_) + 14 * MINUTE


def test_a_probe_that_gets_through_lifts_the_wait(desk_: Desk) -> None:
    channel = told_to_wait(desk_)
    factories.make_scheduled(desk_, channel, "Second")
    began = factories.now_of(desk_)
    (call,) = probe(desk_, began + QUARTER)

    call.answer(desk_, steps.receipt("1"))

    after = factories.now_of(desk_)
    assert waits_until(desk_, channel) is None
    assert [len(factories.claim(desk_, after + n * SECOND)) for n in (0, 30)] == [0, 1]


def test_what_a_probe_is_told_counts_instead(desk_: Desk) -> None:
    channel = told_to_wait(desk_)
    (call,) = probe(desk_, factories.now_of(desk_) + QUARTER)
    until = soon(desk_, 3)

    call.answer(desk_, RateLimited("Three minutes more.", until))

    after = steps.channel_of(desk_, channel)
    assert (after.not_before, after.wait_why) == (until, "Three minutes more.")


def test_a_probe_whose_answer_is_lost_says_nothing(desk_: Desk) -> None:
    channel = told_to_wait(desk_)
    factories.make_scheduled(desk_, channel, "Second")
    (call,) = probe(desk_, factories.now_of(desk_) + QUARTER)

    call.answer(desk_, OutcomeUnknown("The line was cut."))

    after = steps.channel_of(desk_, channel)
    assert after.not_before is not None
    assert after.probe_at is not None
    assert after.probe_at > factories.now_of(desk_)


def test_an_answer_to_a_call_from_before_the_wait_lifts_nothing(desk_: Desk) -> None:
    channel = make_channel(desk_, "Desk")
    for text in ("One", "Two"):
        factories.make_scheduled(desk_, channel, text)
    first, second = probe(desk_, factories.now_of(desk_))
    first.answer(desk_, RateLimited("Slow down.", factories.now_of(desk_) + TEN_DAYS))

    second.answer(desk_, steps.receipt("1"))

    assert waits_until(desk_, channel) is not None


def test_a_short_wait_passes_by_itself(desk_: Desk) -> None:
    channel = told_to_wait(desk_, 10 * MINUTE)

    assert steps.channel_of(desk_, channel).probe_at is None
    assert factories.claim(desk_, factories.now_of(desk_) + 9 * MINUTE) == []


@pytest.mark.parametrize(
    ("told", "shortest", "longest"),
    [
        (-TEN_DAYS, timedelta(seconds=3), timedelta(seconds=10)),
        (timedelta(0), timedelta(seconds=3), timedelta(seconds=10)),
        (timedelta(days=36_500), timedelta(days=30), timedelta(days=32)),
    ],
)
def test_no_wait_is_absurd(
    desk_: Desk, told: timedelta, shortest: timedelta, longest: timedelta
) -> None:
    channel = told_to_wait(desk_, told)
    until, now = waits_until(desk_, channel), factories.now_of(desk_)

    assert until is not None
    assert shortest < until - now < longest


def test_a_breaking_post_that_it_keeps_too_long_says_the_cause(desk_: Desk) -> None:
    channel = told_to_wait(desk_)
    breaking = make_breaking(desk_, channel, "Dodge is back")

    steps.expire(desk_, factories.now_of(desk_))

    post = factories.look_up(desk_, breaking)
    assert post.state == "missed"
    assert post.reason.startswith("Desk asked us to wait until ")
    assert post.reason.endswith(", too late for a breaking post.")


def test_a_post_for_which_a_probe_comes_in_time_is_not_given_up(desk_: Desk) -> None:
    channel = told_to_wait(desk_)
    normal = factories.make_scheduled(desk_, channel, "Second")
    now = factories.now_of(desk_)

    early = steps.expire(desk_, now)
    late = steps.expire(desk_, now + 61 * MINUTE)

    assert (early, late) == (0, 2)
    assert "asked us to wait" in factories.look_up(desk_, normal).reason


def test_who_sends_missed_ones_again_lets_one_find_out(desk_: Desk) -> None:
    channel = told_to_wait(desk_)
    made = [make_breaking(desk_, channel, text) for text in ("One", "Two", "Three")]
    steps.expire(desk_, factories.now_of(desk_))

    done = steps.within(desk_, deciding.send_all, post_ids=made)
    steps.expire(desk_, factories.now_of(desk_))
    factories.run_due(desk_)
    after = factories.now_of(desk_)

    assert "one post goes to find out" in " ".join(done.kept)
    assert Scripted.live() == ["One"]
    assert waits_until(desk_, channel) is None
    assert len(factories.claim(desk_, after + 31 * SECOND)) == 1


def test_a_wait_that_is_over_leaves_nothing_behind(desk_: Desk) -> None:
    channel = told_to_wait(desk_, 40 * MINUTE)
    until = waits_until(desk_, channel)
    assert until is not None

    factories.claim(desk_, until)

    after = steps.channel_of(desk_, channel)
    assert (after.not_before, after.wait, after.wait_why) == (None, None, "")


def test_nothing_is_uploaded_ahead_on_a_channel_that_waits(desk_: Desk) -> None:
    channel, other = told_to_wait(desk_), make_channel(desk_, "Other")
    due = factories.now_of(desk_) + MINUTE
    made = [
        factories.make_scheduled(desk_, one, "Soon", due) for one in (channel, other)
    ]
    for post_id in made:
        steps.alter(desk_, post_id, link="https://news.example/story")

    with desk_.db.reading() as session:
        found = staging.due_for_staging(session, due - SECOND)

    assert found == made[1:]


def test_hundreds_of_receipts_with_room_cost_nothing(desk_: Desk) -> None:
    connector = OfApp({"account": "a", "token": "t", "app": "one"})
    limits = (RateLimit(1, factories.now_of(desk_)),)
    calls = [
        circuit_breakers.Call(
            connector, 1, n, replace(steps.receipt(str(n)), rate_limits=limits)
        )
        for n in range(500)
    ]
    asked: list[str] = []

    with desk_.db.writing() as session:
        now = db.now(session)
        event.listen(
            desk_.db.engine,
            "before_cursor_execute",
            lambda *said: asked.append(said[2]),
        )
        backoff.heed_limits(session, calls, now)

    assert asked == []
