"""Evidence: an id is one for ever, an absence is a claim, and the desk looks again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

import pytest

from connectors.base import (
    Besides,
    CantTell,
    Class,
    ConnectorError,
    Finding,
    Found,
    NotThere,
    OnRecord,
    OutcomeUnknown,
    Prepared,
    Receipt,
    Rejected,
    Sought,
)
from desk.attention import causes, deciding
from desk.desk import Desk
from desk.engine_settings import engine
from desk.lifecycle import State
from desk.models import Part
from desk.publishing import late_receipts
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
ODD = "It shows other words than were sent: look at it."


def sent_again(desk: Desk) -> int:
    """A post that was called absent, and is live by its second try."""
    post_id = steps.unconfirmed(desk, taken=False)
    steps.look(desk, post_id, times=2)
    factories.run_due(desk)
    assert factories.look_up(desk, post_id).state == "published"
    return post_id


def recheck(desk: Desk, post_id: int) -> None:
    """Look as the desk does when that time has come: the post was out so long ago."""
    post = factories.look_up(desk, post_id)
    assert post.recheck_at is not None
    assert post.published_at is not None
    now = factories.now_of(desk)
    ago = now - (post.recheck_at - post.published_at)
    steps.alter(desk, post_id, published_at=ago, recheck_at=now)
    factories.reconcile(desk, now)


def test_a_receipt_with_other_words_is_published_with_a_remark(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    odd = replace(steps.receipt("9"), warnings=(ODD,))
    Scripted.script.append(lambda _: odd)

    factories.run_due(any_desk)

    post = factories.look_up(any_desk, post_id)
    assert (post.state, post.reason) == ("published", ODD)
    assert post.parts[0].url == odd.url


def test_an_answer_that_names_an_older_post_is_for_a_person(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    older = replace(steps.receipt("3"), age=HOUR, warnings=(ODD,))
    Scripted.script.append(lambda _: older)

    factories.run_due(any_desk)

    post = factories.look_up(any_desk, post_id)
    assert (post.state, post.needs_person) == ("unconfirmed", True)
    assert (post.reason, post.lookalikes) == (late_receipts.OLDER, [older.url])


@pytest.mark.parametrize("age", [20 * SECOND, HOUR, 400 * 24 * HOUR], ids=str)
def test_an_answer_that_says_our_words_is_ours_whatever_its_clock(
    any_desk: Desk, age: timedelta
) -> None:
    """Its posts may be told by another clock than its header."""
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    Scripted.script.append(lambda _: replace(steps.receipt("3"), age=age))

    factories.run_due(any_desk)

    post = factories.look_up(any_desk, post_id)
    assert (post.state, post.parts[0].remote_id) == ("published", "3")


def test_clocks_that_are_minutes_apart_make_no_post_an_older_one(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    odd = replace(steps.receipt("3"), age=3 * 60 * SECOND, warnings=(ODD,))
    Scripted.script.append(lambda _: odd)

    factories.run_due(desk)

    post = factories.look_up(desk, post_id)
    assert (post.state, post.reason) == ("published", ODD)


def test_a_link_that_was_named_stays_beside_a_try_that_shows_up(any_desk: Desk) -> None:
    post_id = steps.unconfirmed(any_desk, taken=False)
    steps.look(any_desk, post_id, times=2)
    named = replace(steps.receipt("2"), age=HOUR, warnings=(ODD,))
    Scripted.script.append(lambda _: named)
    factories.run_due(any_desk)
    Scripted.looks.append(Found((steps.receipt("1"),)))

    now = factories.now_of(any_desk)
    steps.alter(any_desk, post_id, recheck_at=now)
    factories.reconcile(any_desk, now)

    post = factories.look_up(any_desk, post_id)
    assert (post.state, post.parts[0].remote_id) == ("published", "1")
    assert post.lookalikes == [named.url]
    assert post.reason == late_receipts.PERHAPS


def test_a_repeat_may_be_answered_with_what_the_first_try_made(desk: Desk) -> None:
    Scripted.once = Class.WINDOW
    post_id = steps.unconfirmed(desk, taken=True)
    first = steps.attempts(desk, post_id)[0]
    age = factories.now_of(desk) - first.intent_at + timedelta(seconds=1)
    Scripted.script.append(lambda _: replace(steps.receipt("1"), age=age))

    assert steps.look(desk, post_id).state == "published"


def test_an_id_in_an_unclear_answer_is_never_called_absent(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    post_id = factories.make_scheduled(any_desk, channel)
    Scripted.script.append(OutcomeUnknown("It answered 502.", "77"))
    factories.run_due(any_desk)
    Scripted.looks.extend([NotThere()] * 9)

    post = steps.look(any_desk, post_id, times=9)

    assert (post.state, post.needs_person) == ("unconfirmed", True)
    assert "77" in post.reason
    assert len(steps.attempts(any_desk, post_id)) == 1


@pytest.mark.parametrize("once", [Class.EXACT, Class.WINDOW])
def test_what_an_answer_named_is_looked_for_and_not_sent_again(
    desk: Desk, once: Class
) -> None:
    Scripted.once = once
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    Scripted.script.append(OutcomeUnknown("It answered 502.", "77"))
    factories.run_due(desk)
    Scripted.looks.append(Found((steps.receipt("77"),)))

    post = steps.look(desk, post_id)

    assert (post.state, len(steps.attempts(desk, post_id))) == ("published", 1)


def test_a_person_is_given_every_link_that_may_be_it(any_desk: Desk) -> None:
    post_id = steps.unconfirmed(any_desk, taken=False)
    seen = (steps.receipt("7"), steps.receipt("8"))
    Scripted.looks.extend([CantTell("There is a new post.", seen=seen)] * 5)

    post = steps.look(any_desk, post_id, times=5)

    assert (post.state, post.needs_person) == ("unconfirmed", True)
    assert post.lookalikes == [one.url for one in seen]


def test_a_look_in_vain_takes_no_link_away(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=False)
    seen = (steps.receipt("7"),)
    Scripted.looks.extend([CantTell("A new post.", seen=seen), CantTell("Away.")])

    post = steps.look(desk, post_id, times=2)

    assert post.lookalikes == [seen[0].url]


def test_a_channel_that_lost_its_secret_is_not_looked_at_for_ever(desk: Desk) -> None:
    post_id = sent_again(desk)
    steps.alter_channel(desk, 1, secrets=b"not a token")

    for _ in engine.looks.rechecks:
        recheck(desk, post_id)

    assert factories.look_up(desk, post_id).recheck_at is None


def test_what_may_be_it_is_forgotten_once_it_is_found(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=True)
    Scripted.looks.append(CantTell("A new post.", seen=(steps.receipt("7"),)))

    doubtful = steps.look(desk, post_id).lookalikes
    post = steps.look(desk, post_id)

    assert (len(doubtful), post.state, post.lookalikes) == (1, "published", [])


def test_two_tries_that_are_both_there_are_told_as_live_twice(any_desk: Desk) -> None:
    post_id = steps.unconfirmed(any_desk, taken=False)
    Scripted.script.append(OutcomeUnknown("lost again"))
    steps.look(any_desk, post_id, times=2)
    factories.run_due(any_desk)
    Scripted.looks.append(Found((steps.receipt("7"), steps.receipt("8"))))

    post = steps.look(any_desk, post_id)

    links = {post.parts[0].url, post.twice_url}
    assert (post.state, links) == (
        "published",
        {steps.receipt("7").url, steps.receipt("8").url},
    )
    assert "live twice" in post.reason


@pytest.mark.parametrize("look", [1, 2], ids=["minutes later", "an hour later"])
def test_a_first_try_that_shows_up_after_all_is_told_as_live_twice(
    any_desk: Desk, look: int
) -> None:
    post_id = sent_again(any_desk)
    for _ in range(look - 1):
        Scripted.looks.append(NotThere())
        recheck(any_desk, post_id)
    late = steps.receipt("late")
    Scripted.looks.append(Found((late, steps.receipt("1"))))

    recheck(any_desk, post_id)

    post = factories.look_up(any_desk, post_id)
    assert (post.state, post.twice_url) == ("published", late.url)
    assert "live twice" in post.reason
    assert post.recheck_at is None


def test_what_may_be_its_first_try_is_shown_beside_the_second(desk: Desk) -> None:
    post_id = sent_again(desk)
    seen = (steps.receipt("7"),)
    Scripted.looks.append(CantTell("A new post.", seen=seen))

    recheck(desk, post_id)

    post = factories.look_up(desk, post_id)
    assert (post.state, post.lookalikes) == ("published", [seen[0].url])
    assert "may be live twice" in post.reason


def test_a_second_post_under_one_link_is_live_twice_too(desk: Desk) -> None:
    post_id = sent_again(desk)
    own = factories.look_up(desk, post_id).parts[0].url or ""
    Scripted.looks.append(Found((Receipt("another", own),)))

    recheck(desk, post_id)

    assert factories.look_up(desk, post_id).twice_url == own


def test_the_desk_looks_minutes_and_an_hour_after_a_send_again(desk: Desk) -> None:
    post_id = sent_again(desk)
    waits = []
    for _ in engine.looks.rechecks:
        post = factories.look_up(desk, post_id)
        assert post.recheck_at is not None
        assert post.published_at is not None
        waits.append(post.recheck_at - post.published_at)
        Scripted.looks.append(NotThere())
        recheck(desk, post_id)

    for wait, least in zip(waits, engine.looks.rechecks, strict=True):
        assert least <= wait < least + late_receipts.APART[least]
    assert factories.look_up(desk, post_id).recheck_at is None


def test_what_was_never_sent_again_is_not_looked_at_again(desk: Desk) -> None:
    found = steps.unconfirmed(desk, taken=True)

    assert steps.look(desk, found).state == "published"
    assert factories.look_up(desk, found).recheck_at is None


def test_what_a_person_sent_again_is_looked_at_again(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=False)
    steps.within(desk, deciding.confirm_absent, post_id=post_id)
    factories.run_due(desk)

    post = factories.look_up(desk, post_id)
    assert (post.state, post.recheck_at is not None) == ("published", True)


def test_a_later_look_keeps_no_other_post_waiting(desk: Desk) -> None:
    post_id = sent_again(desk)
    steps.alter_channel(desk, 1, in_order=True)
    second = factories.make_scheduled(desk, 1, "Second")

    factories.run_due(desk)

    assert factories.look_up(desk, post_id).recheck_at is not None
    assert factories.look_up(desk, second).state == "published"


class Listing(Scripted):
    """It answers a look for all attempts at once, and remembers what it was asked."""

    asked: ClassVar[list[tuple[list[Sought], list[OnRecord]]]] = []

    def find_all(
        self,
        sought: Sequence[Sought],
        known: Sequence[OnRecord] = (),
        besides: Callable[[], Besides] | None = None,
    ) -> list[Finding]:
        self.asked.append((list(sought), list(known)))
        return super().find_all(sought, known)


def of_many(desk: Desk, count: int) -> list[int]:
    """Posts of one account whose answers were all lost in one burst."""
    Listing.asked.clear()
    desk.connectors["scripted"] = Listing  # type: ignore[index]
    channel = factories.make_channel(desk)
    due = factories.now_of(desk)
    ids = [
        factories.make_scheduled(desk, channel, f"Post {n}", due_at=due)
        for n in range(count)
    ]
    Scripted.script.extend([OutcomeUnknown("lost")] * count)
    factories.run_due(desk)
    return ids


def test_one_listing_serves_every_attempt_in_doubt_on_an_account(
    any_desk: Desk,
) -> None:
    ids = of_many(any_desk, 4)
    due = factories.look_up(any_desk, ids[-1]).look_at
    assert due is not None

    factories.reconcile(any_desk, due + timedelta(seconds=5))

    [(sought, _)] = Listing.asked
    assert len(sought) == 4
    assert {factories.look_up(any_desk, one).looks for one in ids} == {1}


def test_a_look_is_told_what_is_on_record_and_what_else_is_in_doubt(
    any_desk: Desk,
) -> None:
    ids = of_many(any_desk, 2)
    factories.make_scheduled(any_desk, 1, "Known")
    Scripted.script.append(lambda _: replace(steps.receipt("5"), total=12))
    factories.run_due(any_desk)
    steps.alter(
        any_desk, ids[1], look_at=factories.now_of(any_desk) + timedelta(days=1)
    )
    due = factories.look_up(any_desk, ids[0]).look_at
    assert due is not None

    factories.reconcile(any_desk, due)

    [(sought, known)] = Listing.asked
    assert [_text(one.prepared) for one in sought] == ["Post 0", "Post 1"]
    assert [(one.remote_id, one.total) for one in known] == [("5", 12)]
    assert factories.look_up(any_desk, ids[1]).state == State.UNCONFIRMED


@pytest.mark.parametrize("hours", [5, 40])
def test_a_look_is_told_the_newest_post_on_record_however_old_it_is(
    any_desk: Desk, hours: int
) -> None:
    """By it the clock of a server that tells no time is told."""
    ids = of_many(any_desk, 1)
    known = factories.make_scheduled(any_desk, 1, "Known")
    Scripted.script.append(lambda _: steps.receipt("5"))
    factories.run_due(any_desk)
    before = factories.now_of(any_desk) - timedelta(hours=hours)
    with any_desk.db.writing() as session:
        session.get_one(Part, known).published_at = before
    due = factories.look_up(any_desk, ids[0]).look_at
    assert due is not None

    factories.reconcile(any_desk, due)

    [(_, on_record)] = Listing.asked
    assert [(one.remote_id, one.at) for one in on_record] == [("5", before)]


def _text(prepared: Prepared) -> str:
    return str(Receipt(prepared.body, "").remote_id.split('"')[3])


def test_after_a_send_again_both_tries_are_looked_for(desk: Desk) -> None:
    """The first one shows up while the second is in doubt: it is no other post's."""
    (post_id,) = of_many(desk, 1)
    steps.look(desk, post_id, times=2)
    Scripted.script.append(OutcomeUnknown(steps.CUT))
    factories.run_due(desk)
    Listing.asked.clear()
    Scripted.looks.append(Found((steps.receipt("1"),)))

    post = steps.look(desk, post_id)

    [(sought, _)] = Listing.asked
    assert [one.since for one in sought] == [steps.attempts(desk, post_id)[0].intent_at]
    assert (post.state, post.parts[0].remote_id) == ("published", "1")


@pytest.mark.parametrize(
    ("again", "looks"), [(Rejected("No."), 0), (OutcomeUnknown(steps.CUT), 2)]
)
def test_whatever_becomes_of_a_send_again_the_desk_looks_later(
    any_desk: Desk, again: ConnectorError, looks: int
) -> None:
    post_id = steps.unconfirmed(any_desk, taken=False)
    steps.look(any_desk, post_id, times=2)
    Scripted.script.append(again)
    factories.run_due(any_desk)
    before = steps.look(any_desk, post_id, times=looks)
    assert (before.state, before.needs_person) in (
        ("failed", False),
        ("unconfirmed", True),
    )
    assert before.recheck_at is not None
    assert causes.sure(before) is causes.Sure.CANT_TELL

    Scripted.looks.append(Found((steps.receipt("1"),)))
    factories.reconcile(any_desk, before.recheck_at)

    post = factories.look_up(any_desk, post_id)
    assert (post.state, post.parts[0].remote_id) == ("published", "1")
