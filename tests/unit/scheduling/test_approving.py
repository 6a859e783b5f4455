"""Approving: an author's post, an editor's word, and the way back from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest

from desk import channels, people, report, scheduling
from desk.desk import Desk
from desk.history import note
from desk.lifecycle import IllegalMove
from desk.models import Post, User
from desk.models.people import Role
from desk.people.actors import Actor
from desk.posts import reasons
from desk.posts.validation import TooLong
from desk.scheduling import At, NextSlot, Now, approving
from desk.slots import WeeklySlot
from tests import factories
from tests.factories import actor
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps

HOUR = timedelta(hours=1)
ARTHUR = Actor("Arthur")


def person(desk: Desk, role: Role, name: str) -> User:
    with desk.db.writing() as session:
        now = factories.now_of(desk)
        email = f"{name.lower()}@paper.org"
        return people.invite(session, email, name, role, now)[0]


@pytest.fixture
def editor(any_desk: Desk) -> User:
    return person(any_desk, Role.EDITOR, "Edith")


@pytest.fixture
def editor_(desk: Desk) -> User:
    return person(desk, Role.EDITOR, "Edith")


@pytest.fixture
def author(any_desk: Desk) -> User:
    return person(any_desk, Role.AUTHOR, "Arthur")


def sent_in(
    desk: Desk, due_at: datetime, channel: str = "Gazette", by: Actor = ARTHUR
) -> int:
    """A post that someone sent for approval, on a channel of its own."""
    post_id = factories.make_post(desk, factories.make_channel(desk, channel))
    with desk.db.writing() as session:
        scheduling.schedule(
            desk,
            session,
            post_id,
            At(due_at),
            now=factories.now_of(desk),
            by=by,
            needs_approval=True,
        )
    return post_id


def approve(desk: Desk, post_id: int, by: User, **more: object) -> Post:
    more.setdefault("revision", 1)
    return steps.within(desk, approving.approve, post_id=post_id, by=actor(by), **more)


def test_an_approved_post_goes_out_at_the_time_its_author_wanted(
    any_desk: Desk, editor: User
) -> None:
    wanted = factories.now_of(any_desk) + HOUR
    post_id = sent_in(any_desk, wanted)

    approve(any_desk, post_id, editor)

    after = factories.look_up(any_desk, post_id)
    assert (after.state, after.due_at) == ("scheduled", wanted)
    assert (after.approved_by, after.expires_at) == (editor.id, wanted + HOUR)


def test_nothing_goes_out_before_it_is_approved(any_desk: Desk) -> None:
    sent_in(any_desk, factories.now_of(any_desk))

    factories.run_due(any_desk)

    assert Scripted.live() == []


def test_a_wanted_time_that_has_passed_becomes_the_next_slot(
    any_desk: Desk, editor: User
) -> None:
    post_id = sent_in(any_desk, factories.now_of(any_desk))
    with any_desk.db.writing() as session:
        channel = factories.look_up(any_desk, post_id).channel_id
        daily = {WeeklySlot(time(12, 0), day) for day in range(7)}
        channels.set_slots(session, channel, daily)

    approve(any_desk, post_id, editor)

    after = factories.look_up(any_desk, post_id)
    assert after.state == "scheduled"
    assert after.slot_at == after.due_at
    assert after.due_at is not None
    assert after.due_at > factories.now_of(any_desk)


def test_without_a_slot_the_desk_asks_when(any_desk: Desk, editor: User) -> None:
    post_id = sent_in(any_desk, factories.now_of(any_desk))

    with pytest.raises(approving.Passed, match="send it now, or pick a time"):
        approve(any_desk, post_id, editor)

    assert factories.look_up(any_desk, post_id).state == "in review"


@pytest.mark.parametrize("when", [Now, lambda: NextSlot()])
def test_an_editor_may_choose_another_time(
    any_desk: Desk, editor: User, when: Callable[[], scheduling.When]
) -> None:
    post_id = sent_in(any_desk, factories.now_of(any_desk) + HOUR)
    with any_desk.db.writing() as session:
        channel = factories.look_up(any_desk, post_id).channel_id
        daily = {WeeklySlot(time(12, 0), day) for day in range(7)}
        channels.set_slots(session, channel, daily)

    approve(any_desk, post_id, editor, when=when())

    after = factories.look_up(any_desk, post_id)
    assert (after.state, after.approved_by) == ("scheduled", editor.id)
    with any_desk.db.reading() as session:
        told = [event.what for event in report.account(session, post_id).events]
    assert told[-1] == "Approved."


def test_what_the_author_changed_meanwhile_is_not_approved(
    desk: Desk, editor_: User
) -> None:
    post_id = sent_in(desk, factories.now_of(desk) + HOUR)
    steps.alter(desk, post_id, revision=2)

    with pytest.raises(IllegalMove, match="changed this post while"):
        approve(desk, post_id, editor_)


def test_what_the_platform_can_not_carry_is_not_approved(
    desk: Desk, editor_: User
) -> None:
    post_id = sent_in(desk, factories.now_of(desk) + HOUR)
    steps.alter(desk, post_id, text="long " * 80)

    with pytest.raises(TooLong, match="over the limit"):
        approve(desk, post_id, editor_)


def test_two_editors_approve_once(desk: Desk, editor_: User) -> None:
    post_id = sent_in(desk, factories.now_of(desk) + HOUR)
    approve(desk, post_id, editor_)

    with pytest.raises(IllegalMove, match="someone was faster"):
        approve(desk, post_id, editor_)


def test_asking_for_changes_gives_it_back_with_the_note(
    any_desk: Desk, editor: User, author: User
) -> None:
    wanted = factories.now_of(any_desk) + HOUR
    post_id = sent_in(any_desk, wanted, by=actor(author))

    steps.within(
        any_desk,
        approving.ask_for_changes,
        post_id=post_id,
        what="A verb.",
        by=actor(editor),
    )

    after = factories.look_up(any_desk, post_id)
    assert (after.state, after.reason) == ("draft", "A verb.")
    assert reasons.reason_words(after) == "Changes asked: A verb."
    with any_desk.db.reading() as session:
        assert [post.id for post in approving.own(session, author)] == [post_id]


def test_changes_need_a_note(desk: Desk, editor_: User) -> None:
    post_id = sent_in(desk, factories.now_of(desk) + HOUR)

    with pytest.raises(IllegalMove, match="Say what should change"):
        steps.within(
            desk,
            approving.ask_for_changes,
            post_id=post_id,
            what=" ",
            by=actor(editor_),
        )


def test_both_answers_can_be_taken_back(any_desk: Desk, editor: User) -> None:
    wanted = factories.now_of(any_desk) + HOUR
    approved, returned = (sent_in(any_desk, wanted, name) for name in "AB")
    approve(any_desk, approved, editor)
    steps.within(
        any_desk,
        approving.ask_for_changes,
        post_id=returned,
        what="No.",
        by=actor(editor),
    )

    for post_id in (approved, returned):
        steps.within(any_desk, approving.wait_again, post_id=post_id, by=actor(editor))

    for post_id in (approved, returned):
        after = factories.look_up(any_desk, post_id)
        assert (after.state, after.due_at, after.approved_by, after.reason) == (
            "in review",
            wanted,
            None,
            "",
        )


def test_an_author_sees_their_own_and_no_others(any_desk: Desk, author: User) -> None:
    wanted = factories.now_of(any_desk) + HOUR
    mine = sent_in(any_desk, wanted, "A", by=actor(author))
    theirs = sent_in(any_desk, wanted, "B", by=Actor("Somebody"))

    with any_desk.db.reading() as session:
        own = approving.own(session, author)
        senders = approving.senders(session, [mine, theirs])

    assert [post.id for post in own] == [mine]
    assert senders == {mine: "Arthur", theirs: "Somebody"}


def test_words_in_the_history_make_nobody_its_sender(
    any_desk: Desk, author: User
) -> None:
    wanted = factories.now_of(any_desk) + HOUR
    theirs = sent_in(any_desk, wanted, "B", by=Actor("Somebody"))
    with any_desk.db.writing() as session:
        post = session.get_one(Post, theirs)
        note(session, post, "Sent for approval.", wanted, actor(author))

    with any_desk.db.reading() as session:
        own = approving.own(session, author)
        senders = approving.senders(session, [theirs])

    assert (own, senders) == ([], {theirs: "Somebody"})
