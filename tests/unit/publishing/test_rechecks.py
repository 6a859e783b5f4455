"""Rechecks: whoever sent it again and whatever became of it, the desk looks again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from connectors.base import (
    CantTell,
    Class,
    ConnectorError,
    Finding,
    Found,
    NotThere,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
)
from desk import scheduling
from desk.attention import deciding
from desk.desk import Desk
from desk.engine_settings import engine
from desk.models import Attempt, Post
from desk.posts import editing
from desk.posts.editing import Change, Typed
from desk.publishing import late_receipts
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps

LATE = Found((steps.receipt("late"),))
DAYS = timedelta(days=10)
REFUSED = Rejected("Text is not allowed here.")


def sent_again(desk: Desk, answer: ConnectorError) -> int:
    """Sent again by the desk after a “not there”, with this answer."""
    post_id = steps.unconfirmed(desk, taken=False)
    steps.look(desk, post_id, times=2)
    Scripted.script.append(answer)
    factories.run_due(desk)
    return post_id


def limited(desk: Desk, wait: timedelta) -> RateLimited:
    return RateLimited("Too many requests.", factories.now_of(desk) + wait)


def missed(desk: Desk) -> int:
    post_id, now = sent_again(desk, limited(desk, DAYS)), factories.now_of(desk)
    steps.alter(desk, post_id, expires_at=now + timedelta(minutes=5))
    steps.expire(desk, now)
    return post_id


def dropped(desk: Desk) -> int:
    post_id = sent_again(desk, REFUSED)
    steps.within(desk, scheduling.cancel, post_id=post_id)
    return post_id


def drafted(desk: Desk) -> int:
    post_id = sent_again(desk, REFUSED)
    steps.within(desk, scheduling.to_draft, post_id=post_id)
    return post_id


def waiting(desk: Desk) -> int:
    return sent_again(desk, limited(desk, timedelta(minutes=4)))


def unreachable(desk: Desk) -> int:
    return sent_again(desk, Unavailable("No route."))


def planned(desk: Desk) -> int:
    post_id = dropped(desk)
    tomorrow = scheduling.At(factories.now_of(desk) + timedelta(days=1))
    steps.within(desk, scheduling.schedule, post_id=post_id, when=tomorrow)
    return post_id


def refused(desk: Desk) -> int:
    return sent_again(desk, REFUSED)


def by_a_person(desk: Desk, answer: ConnectorError = REFUSED) -> int:
    post_id = steps.unconfirmed(desk, taken=False)
    steps.within(desk, deciding.confirm_absent, post_id=post_id)
    Scripted.script.append(answer)
    factories.run_due(desk)
    return post_id


LAST = engine.looks.rechecks[-1]
ENDS = {
    "failed": refused,
    "missed": missed,
    "cancelled": dropped,
    "draft": drafted,
    "scheduled": waiting,
}
OTHERS = (unreachable, planned, by_a_person)


def recheck(desk: Desk, post_id: int, finding: Finding) -> Post:
    """The look for which its time has come."""
    at = factories.look_up(desk, post_id).recheck_at
    assert at is not None
    Scripted.looks.append(finding)
    factories.reconcile(desk, at)
    return factories.look_up(desk, post_id)


@pytest.mark.parametrize("state", ENDS)
def test_a_try_that_shows_up_late_is_found_in_every_state(
    any_desk: Desk, state: str
) -> None:
    post_id = ENDS[state](any_desk)
    assert factories.look_up(any_desk, post_id).state == state

    post = recheck(any_desk, post_id, LATE)

    assert (post.state, post.parts[0].remote_id) == ("published", "late")
    assert not Scripted.looks


@pytest.mark.parametrize("made", OTHERS)
def test_whoever_sends_it_again_and_however_it_ends(
    desk: Desk, made: Callable[[Desk], int]
) -> None:
    post_id = made(desk)

    post = recheck(desk, post_id, LATE)

    assert (post.state, post.parts[0].remote_id) == ("published", "late")


def said_already(desk: Desk) -> int:
    """The platform has the text by its own word; nobody sees it, and a person decides.

    So nothing is called absent any more that a recheck could be about.
    """
    post_id = sent_again(desk, Rejected("You said that already.", duplicate=True))
    steps.look(desk, post_id, times=2)
    return post_id


def test_what_the_platform_calls_a_duplicate_is_looked_for_once_more(
    desk: Desk,
) -> None:
    post_id = said_already(desk)
    assert factories.look_up(desk, post_id).needs_person

    post = recheck(desk, post_id, LATE)

    assert (post.state, post.parts[0].remote_id) == ("published", "late")


def test_looks_for_what_the_platform_calls_a_duplicate_come_to_an_end(
    desk: Desk,
) -> None:
    post_id = said_already(desk)

    post = recheck(desk, post_id, NotThere())

    assert (post.state, post.needs_person) == ("unconfirmed", True)
    assert post.recheck_at is None


def test_a_recheck_ends_where_no_try_is_left_to_look_for(desk: Desk) -> None:
    post_id = refused(desk)
    with desk.db.writing() as session:
        for attempt in session.scalars(select(Attempt)):
            attempt.outcome = "rejected"
    at = factories.look_up(desk, post_id).recheck_at
    assert at is not None

    factories.reconcile(desk, at)

    assert factories.look_up(desk, post_id).recheck_at is None


@pytest.mark.parametrize("state", ENDS)
def test_the_desk_looks_twice_in_every_state(desk: Desk, state: str) -> None:
    post_id = ENDS[state](desk)
    sent = steps.attempts(desk, post_id)[-1].intent_at
    first = factories.look_up(desk, post_id).recheck_at
    assert first is not None

    second = recheck(desk, post_id, NotThere()).recheck_at

    assert first - sent >= engine.looks.rechecks[0]
    assert second is not None
    late = (second - sent - wait for wait in engine.looks.rechecks)
    assert any(timedelta(0) <= one <= late_receipts.APART[LAST] for one in late)
    assert factories.look_up(desk, post_id).state == state


def test_a_new_key_of_an_exact_platform_is_looked_after_too(desk: Desk) -> None:
    Scripted.once = Class.EXACT
    post_id = by_a_person(desk)

    assert recheck(desk, post_id, LATE).state == "published"


def test_a_repeat_under_one_key_of_an_exact_platform_is_not(desk: Desk) -> None:
    Scripted.once = Class.EXACT
    post_id = sent_again(desk, REFUSED)

    assert factories.look_up(desk, post_id).recheck_at is None


def test_a_recheck_waits_while_the_post_is_looked_for_anyway(desk: Desk) -> None:
    post_id = sent_again(desk, Unavailable("No route."))
    now = factories.now_of(desk)
    steps.alter(desk, post_id, state="unconfirmed", look_at=now + DAYS, recheck_at=now)
    Scripted.looks.append(LATE)

    factories.reconcile(desk, now)

    assert Scripted.looks
    assert factories.look_up(desk, post_id).recheck_at == now


@pytest.mark.parametrize("state", ["claimed", "sending"])
def test_a_recheck_takes_no_post_from_a_worker(desk: Desk, state: str) -> None:
    post_id = waiting(desk)
    before = factories.look_up(desk, post_id)
    steps.alter(desk, post_id, state=state)
    assert before.recheck_at is not None

    factories.reconcile(desk, before.recheck_at)

    assert factories.look_up(desk, post_id).fence == before.fence


# before it goes out once more


def free_again(desk: Desk, post_id: int) -> None:
    """What it waited for is over."""
    now = factories.now_of(desk)
    steps.alter(desk, post_id, not_before=None, next_at=now)
    steps.alter_channel(desk, 1, not_before=None, wait=None)


def again_by_hand(desk: Desk, post_id: int) -> None:
    steps.within(desk, scheduling.retry, post_id=post_id)


THIRD = [(waiting, free_again), (unreachable, free_again), (refused, again_by_hand)]


@pytest.mark.parametrize(("made", "goes"), THIRD)
def test_a_post_looks_for_its_first_try_before_the_third(
    any_desk: Desk, made: Callable[[Desk], int], goes: Callable[[Desk, int], None]
) -> None:
    post_id = made(any_desk)
    goes(any_desk, post_id)
    Scripted.looks.append(LATE)

    factories.run_due(any_desk)

    post = factories.look_up(any_desk, post_id)
    assert (post.state, post.parts[0].remote_id) == ("published", "late")
    assert (len(steps.attempts(any_desk, post_id)), Scripted.live()) == (2, [])


@pytest.mark.parametrize(("made", "goes"), THIRD)
def test_the_third_try_goes_out_where_the_first_is_not_there(
    any_desk: Desk, made: Callable[[Desk], int], goes: Callable[[Desk, int], None]
) -> None:
    post_id = made(any_desk)
    goes(any_desk, post_id)
    Scripted.looks.append(NotThere())

    factories.run_due(any_desk)

    post = factories.look_up(any_desk, post_id)
    assert (post.state, len(steps.attempts(any_desk, post_id))) == ("published", 3)
    assert post.recheck_at is not None


def test_nothing_goes_out_over_a_post_that_may_be_it(any_desk: Desk) -> None:
    post_id = waiting(any_desk)
    free_again(any_desk, post_id)
    seen = (steps.receipt("7"),)
    Scripted.looks.append(CantTell("A new post.", seen=seen))

    factories.run_due(any_desk)

    post = factories.look_up(any_desk, post_id)
    assert (post.state, post.needs_person) == ("unconfirmed", True)
    assert post.lookalikes == [seen[0].url]
    assert len(steps.attempts(any_desk, post_id)) == 2


def test_a_look_in_vain_keeps_it_waiting_and_then_a_person_decides(desk: Desk) -> None:
    post_id = waiting(desk)
    states = []
    for _ in range(3):
        free_again(desk, post_id)
        Scripted.looks.append(CantTell("The list is behind."))
        factories.run_due(desk)
        states.append(factories.look_up(desk, post_id).state)

    assert states == ["scheduled", "scheduled", "unconfirmed"]
    assert factories.look_up(desk, post_id).needs_person
    assert len(steps.attempts(desk, post_id)) == 2

    Scripted.looks.clear()
    steps.within(desk, deciding.confirm_absent, post_id=post_id)
    factories.run_due(desk)

    assert factories.look_up(desk, post_id).state == "published"


def test_another_posts_own_is_no_reason_to_look_for_ever(desk: Desk) -> None:
    known = factories.make_scheduled(desk, factories.make_channel(desk, "Other"))
    factories.run_due(desk)
    assert factories.look_up(desk, known).state == "published"
    post_id = steps.unconfirmed(desk, taken=False)
    channel = factories.look_up(desk, post_id).channel_id
    second = factories.make_scheduled(desk, channel, "Second")
    factories.run_due(desk)
    theirs = factories.look_up(desk, second).parts[0]
    steps.look(desk, post_id, times=2)
    Scripted.script.append(Unavailable("No route."))
    factories.run_due(desk)
    steps.alter(desk, post_id, not_before=None, next_at=factories.now_of(desk))
    Scripted.looks.append(Found((steps.receipt(theirs.remote_id or ""),)))

    factories.run_due(desk)

    post = factories.look_up(desk, post_id)
    assert post.state == "scheduled"
    assert post.not_before is not None
    assert post.not_before > factories.now_of(desk)


def test_a_first_try_is_looked_for_by_nobody(desk: Desk) -> None:
    factories.make_scheduled(desk, factories.make_channel(desk))
    Scripted.looks.append(LATE)

    factories.run_due(desk)

    assert len(Scripted.looks) == 1


def test_a_thread_goes_on_when_its_part_is_found_before_it_is_sent_again(
    desk: Desk,
) -> None:
    post_id = steps.make_thread(desk, "One", "Two")
    Scripted.script.append(OutcomeUnknown(steps.CUT))
    factories.run_due(desk)
    steps.look(desk, post_id, times=2)
    Scripted.script.append(Unavailable("No route."))
    factories.run_due(desk)
    free_again(desk, post_id)
    Scripted.looks.append(LATE)
    factories.run_due(desk)
    found = factories.look_up(desk, post_id)

    free_again(desk, post_id)
    factories.run_due(desk)

    assert [part.remote_id for part in found.parts] == ["late", None]
    post = factories.look_up(desk, post_id)
    assert (post.state, Scripted.live()) == ("published", ["Two"])


# what may be it


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_what_was_withdrawn_is_not_taken_from_its_writer(
    desk: Desk, state: str
) -> None:
    post_id = ENDS[state](desk)
    seen = (steps.receipt("7"),)

    post = recheck(desk, post_id, CantTell("A new post.", seen=seen))

    assert (post.state, post.lookalikes) == (state, [seen[0].url])


@pytest.mark.parametrize("state", ["failed", "missed", "scheduled"])
def test_what_is_wanted_waits_for_a_person_with_the_link(
    desk: Desk, state: str
) -> None:
    post_id = ENDS[state](desk)
    seen = (steps.receipt("7"),)

    post = recheck(desk, post_id, CantTell("A new post.", seen=seen))

    assert (post.state, post.needs_person) == ("unconfirmed", True)
    assert post.lookalikes == [seen[0].url]


def test_what_may_have_been_it_is_forgotten_when_it_is_gone(desk: Desk) -> None:
    post_id = dropped(desk)
    recheck(desk, post_id, CantTell("A new post.", seen=(steps.receipt("7"),)))

    post = recheck(desk, post_id, NotThere())

    assert (post.lookalikes, post.reason) == ([], "")


def later(desk: Desk, post_id: int, by: timedelta) -> None:
    """It was all so long ago."""
    with desk.db.writing() as session:
        post = session.get_one(Post, post_id)
        for part in post.parts:
            for one in part.attempts:
                one.intent_at -= by


@pytest.mark.parametrize(
    ("last", "outcome"), [(CantTell("Behind."), "unknown"), (NotThere(), "not there")]
)
def test_after_the_last_look_what_nobody_could_tell_is_unknown(
    desk: Desk, last: Finding, outcome: str
) -> None:
    post_id = refused(desk)
    later(desk, post_id, timedelta(hours=1))

    post = recheck(desk, post_id, last)

    assert post.recheck_at is None
    assert steps.outcomes(desk, post_id) == [outcome, "rejected"]


def write(desk: Desk, post_id: int, text: str) -> None:
    with desk.db.writing() as session:
        revision = session.get_one(Post, post_id).revision
        now, change = factories.now_of(desk), Change(text=text)
        editing.edit(desk, session, post_id, Typed(change, revision), now=now)


def test_what_is_live_of_a_post_that_was_changed_since_is_told_as_its_earlier_words(
    any_desk: Desk,
) -> None:
    post_id = planned(any_desk)
    write(any_desk, post_id, "Other words by now")

    post = recheck(any_desk, post_id, LATE)

    assert (post.state, post.reason) == ("published", late_receipts.EARLIER_WORDS)


def test_what_is_live_as_it_stands_needs_no_such_remark(desk: Desk) -> None:
    assert recheck(desk, planned(desk), LATE).reason == ""


def test_an_edit_that_shortens_a_thread_keeps_the_tries_of_what_is_gone(
    any_desk: Desk,
) -> None:
    post_id = steps.unconfirmed(any_desk, taken=False)
    steps.add_parts(any_desk, post_id, "Two")
    steps.alter(any_desk, post_id, state="failed", thread=True)
    with any_desk.db.writing() as session:
        post = session.get_one(Post, post_id)
        (tried,), second = post.parts[0].attempts, post.parts[1]
        tried.outcome, tried.part = "not there", second

    write(any_desk, post_id, "One")

    post = factories.look_up(any_desk, post_id)
    assert len(post.parts) == 1
    assert steps.outcomes(any_desk, post_id) == ["not there"]


def test_each_part_of_a_thread_may_be_sent_again_once_by_the_desk(desk: Desk) -> None:
    post_id = steps.make_thread(desk, "One", "Two", "Three")
    lost = OutcomeUnknown(steps.CUT)
    Scripted.script.extend([Scripted.take, lost, Scripted.take, lost, Scripted.take])
    for _ in ("part two", "part three"):
        factories.run_due(desk)
        steps.look(desk, post_id, times=2)
    factories.run_due(desk)

    post = factories.look_up(desk, post_id)
    assert (post.state, post.reason) == ("published", "")
    assert all(part.remote_id for part in post.parts)
