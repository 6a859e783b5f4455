"""Answers that come late, twice, or against what the desk thought."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.base import (
    CantTell,
    Class,
    ConnectorError,
    OutcomeUnknown,
    Prepared,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
)
from desk import db
from desk.attention import deciding
from desk.desk import Desk
from desk.lifecycle import State
from desk.publishing import calling, late_receipts, outbox, reconciliation
from desk.publishing.limiter import Lane
from desk.publishing.outbox import Ready
from desk.report import boards
from desk.timekeeping import ClockReading
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps

LATER = timedelta(minutes=2)


@pytest.mark.parametrize("state", [state for state in State if state != "published"])
def test_a_receipt_wins_in_every_state(desk: Desk, state: State) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    call = steps.sending_now(desk)
    fence = factories.look_up(desk, post_id).fence + 5
    steps.alter(desk, post_id, state=state, fence=fence)

    call.answer(desk, steps.receipt("77"))

    post = factories.look_up(desk, post_id)
    assert (post.state, post.fence) == ("published", fence + 1)
    assert post.parts[0].remote_id == "77"


def test_a_receipt_after_the_rescue_publishes(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    call = steps.sending_now(any_desk)
    steps.rescue(any_desk, factories.now_of(any_desk) + LATER)

    call.answer(any_desk, steps.receipt("77"))

    post = factories.look_up(any_desk, post_id)
    assert (post.state, post.look_at) == ("published", None)
    assert steps.outcomes(any_desk, post_id) == ["published"]


def test_a_receipt_wins_over_the_next_holder_of_its_slot(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    post_id = factories.make_scheduled(any_desk, channel)
    call = steps.sending_now(any_desk)
    slot_at = factories.now_of(any_desk)
    steps.alter(any_desk, post_id, state="missed", slot_at=slot_at)
    steps.alter(any_desk, factories.make_scheduled(any_desk, channel), slot_at=slot_at)

    call.answer(any_desk, steps.receipt("77"))

    post = factories.look_up(any_desk, post_id)
    assert (post.state, post.slot_at) == ("published", None)


def test_two_receipts_of_one_post_say_that_it_is_live_twice(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=False)
    steps.look(desk, post_id, times=2)
    late = steps.sending_now(desk)
    late.answer(desk, steps.receipt("1"))

    late.answer(desk, steps.receipt("2"))

    post = factories.look_up(desk, post_id)
    assert (post.state, post.parts[0].remote_id) == ("published", "1")
    assert post.twice_url == "https://scripted.example/2"
    with desk.db.reading() as session:
        now = factories.now_of(desk)
        board = boards.board(session, now, desk.settings.zone)
    assert [one.id for one in board.needs_you.posts] == [post_id]


def test_the_same_receipt_again_changes_nothing_for_readers(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    call = steps.sending_now(desk)
    call.answer(desk, steps.receipt("1"))
    before = factories.look_up(desk, post_id).published_at

    call.answer(desk, steps.receipt("1"))

    post = factories.look_up(desk, post_id)
    assert (post.twice_url, post.published_at) == (None, before)


def test_the_link_that_a_person_pasted_is_known_again(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    call = steps.sending_now(desk)
    steps.rescue(desk, factories.now_of(desk) + LATER)
    link = steps.receipt("9").url
    steps.within(desk, deciding.confirm_live, post_id=post_id, url=link)

    call.answer(desk, steps.receipt("9"))

    post = factories.look_up(desk, post_id)
    assert (post.twice_url, post.parts[0].remote_id) == (None, "9")


@pytest.mark.parametrize(
    ("error", "state"),
    [(Rejected("too rude"), "failed"), (Unavailable("no route"), "scheduled")],
)
def test_a_late_no_ends_the_doubt(
    desk: Desk, error: ConnectorError, state: str
) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    call = steps.sending_now(desk)
    steps.rescue(desk, factories.now_of(desk) + LATER)
    looking = steps.look_claims(desk, post_id)

    call.answer(desk, error)
    Scripted.looks.append(CantTell("busy"))
    for claim in looking:
        reconciliation.reconcile(desk, [claim], factories.WORKER)

    post = factories.look_up(desk, post_id)
    assert (post.state, post.look_at, post.blind_looks) == (state, None, 0)
    assert post.reason == error.reason


def test_a_late_lost_answer_changes_nothing(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    call = steps.sending_now(desk)
    steps.rescue(desk, factories.now_of(desk) + LATER)
    before = factories.look_up(desk, post_id)

    call.answer(desk, OutcomeUnknown("timed out"))

    post = factories.look_up(desk, post_id)
    assert (post.state, post.look_at) == ("unconfirmed", before.look_at)


def test_a_late_no_says_nothing_of_a_post_that_went_on(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=False)
    steps.look(desk, post_id, times=2)
    call = steps.sending_now(desk)
    steps.alter(desk, post_id, fence=50)

    call.answer(desk, Rejected("too rude"))

    assert factories.look_up(desk, post_id).state == "sending"


def test_an_answer_that_is_another_posts_asks_a_person(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    factories.make_scheduled(any_desk, channel, "First")
    factories.run_due(any_desk)
    second = factories.make_scheduled(any_desk, channel, "Second")
    Scripted.script.append(lambda _: steps.receipt("1"))

    factories.run_due(any_desk)

    post = factories.look_up(any_desk, second)
    assert (post.state, post.needs_person) == ("unconfirmed", True)
    assert post.parts[0].remote_id is None


@pytest.mark.parametrize("platform", ["One", "Two"])
def test_the_same_number_on_two_channels_is_two_posts(
    desk: Desk, platform: str
) -> None:
    factories.make_scheduled(desk, factories.make_channel(desk, "Other"))
    Scripted.script.append(lambda _: steps.receipt("1"))
    factories.run_due(desk)
    post_id = factories.make_scheduled(desk, factories.make_channel(desk, platform))
    Scripted.script.append(lambda _: steps.receipt("1"))

    factories.run_due(desk)

    assert factories.look_up(desk, post_id).state == "published"


class Strange(ConnectorError):
    """Of a connector that does not know the five."""


class Ruder(Rejected):
    """One of the five, by another name."""


@pytest.mark.parametrize(
    "answer",
    [
        ValueError("a bug"),
        Strange("what?"),
        lambda _: None,
        lambda _: steps.receipt(""),
        lambda _: "https://scripted.example/1",
    ],
)
def test_anything_but_a_receipt_or_a_refusal_is_in_doubt(
    desk: Desk, answer: Exception | Callable[..., object]
) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    Scripted.script.append(answer)  # type: ignore[arg-type]  # that is the point

    factories.run_due(desk)

    assert factories.look_up(desk, post_id).state == "unconfirmed"


@pytest.mark.parametrize(
    ("error", "state", "outcome"),
    [
        (Rejected("no"), "failed", "rejected"),
        (Ruder("no!"), "failed", "rejected"),
        (Unauthorized("who?"), "scheduled", "unauthorized"),
        (Unavailable("down"), "scheduled", "unavailable"),
        (OutcomeUnknown("lost"), "unconfirmed", "unknown"),
    ],
)
def test_each_error_leads_to_its_cure(
    desk: Desk, error: ConnectorError, state: str, outcome: str
) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    Scripted.script.append(error)

    factories.run_due(desk)

    post = factories.look_up(desk, post_id)
    assert (post.state, post.reason) == (state, error.reason)
    assert steps.outcomes(desk, post_id) == [outcome]


def test_a_refused_credential_stops_the_channel_and_its_posts_wait(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    Scripted.script.append(Unauthorized("token revoked"))
    factories.make_scheduled(desk, channel)
    factories.run_due(desk)

    other = factories.make_scheduled(desk, channel, "Other")
    factories.run_due(desk)

    assert steps.channel_of(desk, channel).stopped_why == "token revoked"
    assert factories.look_up(desk, other).state == "scheduled"
    assert Scripted.live() == []


def test_a_rate_limit_holds_the_channel_and_is_no_try(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    post_id = factories.make_scheduled(desk, channel)
    until = factories.now_of(desk) + timedelta(minutes=5)
    Scripted.script.append(RateLimited("slow down", until))
    factories.run_due(desk)
    told = steps.channel_of(desk, channel).not_before

    factories.make_scheduled(desk, channel, "Other")
    waiting = factories.claim(desk, until - timedelta(seconds=3))
    allowed = factories.claim(desk, until)

    post = factories.look_up(desk, post_id)
    assert (post.tries, told) == (0, until)
    assert (waiting, len(allowed)) == ([], 2)


def test_a_platform_that_stays_away_makes_the_post_fail(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    for _ in range(6):
        Scripted.script.append(Unavailable("down"))
        factories.run_due(desk)
        steps.alter(desk, post_id, next_at=factories.now_of(desk))

    post = factories.look_up(desk, post_id)
    assert (post.state, post.tries) == ("failed", 6)


def test_a_wait_longer_than_the_class_allows_is_missed_now(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    steps.alter(
        desk, post_id, expires_at=factories.now_of(desk) + timedelta(minutes=10)
    )
    until = factories.now_of(desk) + timedelta(hours=2)
    Scripted.script.append(RateLimited("slow down", until))

    factories.run_due(desk)
    steps.expire(desk, factories.now_of(desk))

    post = factories.look_up(desk, post_id)
    assert post.state == "missed"
    assert post.reason.startswith("Desk asked us to wait until")


def test_a_duplicate_without_an_earlier_doubt_asks_for_other_words(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    Scripted.script.append(Rejected("seen it", duplicate=True))

    factories.run_due(desk)

    post = factories.look_up(desk, post_id)
    assert post.state == "failed"
    assert post.reason == "Scripted refuses the same text twice: change a word."


def test_a_frozen_process_sends_nothing(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    call = steps.sending_now(desk)
    read = call.intent.read
    aged = type(read)(read.at, read.boot - 2.1)
    intent = type(call.intent)(**{**vars(call.intent), "read": aged})

    replace(call, intent=intent).answer(desk, calling.call(intent))

    assert Scripted.live() == []
    assert steps.outcomes(desk, post_id) == ["unavailable"]


def test_a_receipt_that_is_on_record_stays_whatever_its_repeat_says_of_its_age(
    any_desk: Desk,
) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    call = steps.sending_now(any_desk)
    call.answer(any_desk, steps.receipt("77"))

    call.answer(any_desk, replace(steps.receipt("77"), age=timedelta(hours=1)))

    post = factories.look_up(any_desk, post_id)
    assert (post.state, post.needs_person) == ("published", False)
    assert (post.reason, post.lookalikes) == ("", [])


def test_what_a_person_called_live_stays_so_where_its_receipt_is_anothers(
    any_desk: Desk,
) -> None:
    channel = factories.make_channel(any_desk)
    other = factories.make_scheduled(any_desk, channel)
    steps.sending_now(any_desk).answer(any_desk, steps.receipt("77"))
    post_id = factories.make_scheduled(any_desk, channel)
    call = steps.sending_now(any_desk)
    steps.rescue(any_desk, factories.now_of(any_desk) + LATER)
    steps.within(any_desk, deciding.confirm_live, post_id=post_id, url="https://me/1")

    call.answer(any_desk, replace(steps.receipt("77"), url="https://me/1"))

    post = factories.look_up(any_desk, post_id)
    assert (post.state, post.reason) == ("published", late_receipts.ANOTHERS)
    assert factories.look_up(any_desk, other).state == "published"


def test_a_repeat_that_may_not_go_out_keeps_no_lease(any_desk: Desk) -> None:
    Scripted.once = Class.WINDOW
    post_id = steps.unconfirmed(any_desk, taken=False)
    (claim,) = steps.look_claims(any_desk, post_id)
    post = factories.look_up(any_desk, post_id)
    (tried,) = steps.attempts(any_desk, post_id)
    ready = Ready(
        claim,
        post.channel_id,
        tried.part_id,
        post.channel.credential_version - 1,  # someone reconnected it meanwhile
        Prepared(tried.key, tried.body),
        Scripted({}),
        Lane.of(Scripted({}), post.channel_id),
    )

    with any_desk.db.writing() as session:
        again = replace(ready, held_as=State.UNCONFIRMED)
        read = ClockReading.of(db.now(session))
        made = outbox.intend(session, [again], factories.WORKER, read)

    post = factories.look_up(any_desk, post_id)
    assert (made, post.state) == ([], "unconfirmed")
    assert (post.lease_until, post.owner) == (None, None)
    assert post.look_at is not None
