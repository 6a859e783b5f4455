"""Making, changing and timing posts, by several people at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from desk import db, posts, report, scheduling
from desk.desk import Desk
from desk.lifecycle import IllegalMove
from desk.models import Part, Post, Slot
from desk.posts import NoSuchPost, editing
from desk.posts.editing import Change, Conflict, Typed
from desk.posts.validation import TooLong
from desk.publishing import preparing
from desk.scheduling import At, NextSlot, Now, When
from desk.scheduling.queueing import NoFreeSlot
from tests import factories
from tests.factories import make_person
from tests.fakes.scripted import Scripted
from tests.unit.posts.typing import type_in
from tests.unit.publishing import steps

HOUR = timedelta(hours=1)


def schedule(
    desk: Desk, post_id: int, when: When, idempotency_key: str | None = None
) -> Post:
    with desk.db.writing() as session:
        now = db.now(session)
        return scheduling.schedule(
            desk, session, post_id, when, now=now, idempotency_key=idempotency_key
        )


def edit(desk: Desk, post_id: int, change: Change, revision: int) -> Post:
    with desk.db.writing() as session:
        now = db.now(session)
        return editing.edit(desk, session, post_id, Typed(change, revision), now=now)


def retry(desk: Desk, post_id: int) -> Post:
    with desk.db.writing() as session:
        return scheduling.retry(desk, session, post_id, now=db.now(session))


def add_slots(desk: Desk, channel_id: int) -> None:
    """A slot each hour, every day."""
    with desk.db.writing() as session:
        noon = factories.now_of(desk)
        for weekday in range(7):
            for hour in range(24):
                clock = noon.replace(hour=hour, minute=0, second=0, microsecond=0)
                at = clock.time()
                session.add(Slot(channel_id=channel_id, weekday=weekday, local_time=at))


def test_the_same_idempotency_key_makes_one_post(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)

    made = [
        steps.within(
            any_desk, posts.create, channel_id=channel, text="Hi", idempotency_key="k"
        )
        for _ in range(2)
    ]

    assert made[0].id == made[1].id


def test_scheduling_does_not_forget_the_key_of_making(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    new = {"channel_id": channel, "text": "Hi", "idempotency_key": "made"}
    made = steps.within(desk, posts.create, **new)
    schedule(desk, made.id, Now(), idempotency_key="form")

    again = steps.within(desk, posts.create, **new)

    assert again.id == made.id


def test_a_double_click_on_the_next_slot_takes_one_slot(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    add_slots(any_desk, channel)
    post_id = factories.make_post(any_desk, channel)

    first = schedule(any_desk, post_id, NextSlot(), idempotency_key="form")
    second = schedule(any_desk, post_id, NextSlot(), idempotency_key="form")

    assert (first.due_at, first.fence) == (second.due_at, second.fence)


def test_posts_queue_up_in_the_slots(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    add_slots(any_desk, channel)

    due = [
        schedule(any_desk, factories.make_post(any_desk, channel), NextSlot()).due_at
        for _ in range(3)
    ]

    assert [later - due[0] for later in due] == [0 * HOUR, HOUR, 2 * HOUR]  # type: ignore[operator]


def test_a_slot_is_free_again_when_its_post_is_gone(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    add_slots(desk, channel)
    first = schedule(desk, factories.make_post(desk, channel), NextSlot())
    steps.within(desk, scheduling.cancel, post_id=first.id)

    second = schedule(desk, factories.make_post(desk, channel), NextSlot())

    assert second.due_at == first.due_at


def test_without_weekly_slots_there_is_no_next_one(desk: Desk) -> None:
    post_id = factories.make_post(desk, factories.make_channel(desk))

    with pytest.raises(NoFreeSlot, match="add weekly slots"):
        schedule(desk, post_id, NextSlot())


def test_a_post_over_the_limit_is_not_scheduled(desk: Desk) -> None:
    post_id = factories.make_post(desk, factories.make_channel(desk), "x" * 281)

    with pytest.raises(TooLong, match="1 over the limit of 280"):
        schedule(desk, post_id, Now())

    assert factories.look_up(desk, post_id).state == "draft"


def test_the_second_editor_is_told_and_loses_nothing(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    edit(any_desk, post_id, Change(text="First"), revision=1)

    with pytest.raises(Conflict) as refused:
        edit(any_desk, post_id, Change(text="Second"), revision=1)

    assert refused.value.post_id == post_id
    assert factories.look_up(any_desk, post_id).text == "First"


def test_an_edit_after_the_claim_wins(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    claim = steps.claimed(any_desk)

    edit(any_desk, post_id, Change(text="Better"), revision=1)

    assert steps.call(any_desk, claim) is None
    factories.run_due(any_desk)
    assert Scripted.live() == ["Better"]


def test_an_edit_between_the_bytes_and_the_intent_wins(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    claim = steps.claimed(any_desk)
    work = steps.load(any_desk, claim)
    assert work is not None

    edit(any_desk, post_id, Change(alt="A car"), revision=1)

    assert steps.call_for(any_desk, work) is None


@pytest.mark.parametrize("change", [scheduling.cancel, scheduling.to_draft])
def test_a_post_taken_back_after_the_claim_is_not_sent(
    any_desk: Desk, change: Callable[..., Post]
) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    claim = steps.claimed(any_desk)

    steps.within(any_desk, change, post_id=post_id)

    assert steps.call(any_desk, claim) is None
    factories.run_due(any_desk)
    assert Scripted.live() == []


@pytest.mark.parametrize(
    ("change", "given"),
    [
        (editing.edit, {"typed": Typed(Change(text="Better"), 1)}),
        (scheduling.cancel, {}),
        (scheduling.to_draft, {}),
    ],
)
def test_whatever_changes_what_will_be_sent_raises_the_fence(
    desk: Desk, change: Callable[..., Post], given: dict[str, object]
) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    before = factories.look_up(desk, post_id).fence

    steps.within(desk, change, post_id=post_id, **given)

    assert factories.look_up(desk, post_id).fence == before + 1


@pytest.mark.parametrize("change", [scheduling.cancel, scheduling.to_draft])
def test_after_the_intent_it_is_already_going_out(
    any_desk: Desk, change: Callable[..., Post]
) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    steps.sending_now(any_desk)

    with pytest.raises(IllegalMove, match="already going out"):
        steps.within(any_desk, change, post_id=post_id)
    with pytest.raises(IllegalMove, match="already going out"):
        edit(any_desk, post_id, Change(text="Better"), revision=1)


def test_a_post_that_may_be_live_is_not_changed(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=True)

    with pytest.raises(IllegalMove, match="may be live"):
        edit(desk, post_id, Change(text="Better"), 1)
    with pytest.raises(IllegalMove, match="may be live"):
        steps.within(desk, scheduling.cancel, post_id=post_id)
    with pytest.raises(IllegalMove, match="may be live"):
        schedule(desk, post_id, Now())
    with pytest.raises(IllegalMove, match="may be live"):
        retry(desk, post_id)


def test_autosave_never_changes_what_will_be_sent(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    claim = steps.claimed(any_desk)

    kept = type_in(any_desk, post_id, make_person(any_desk), "Half a sent")
    call = steps.call(any_desk, claim)

    assert call is not None
    assert "Dodge returns" in call.intent.prepared.body
    assert kept.copy is not None
    assert kept.copy.text == "Half a sent"


def test_a_new_revision_has_a_new_key_and_nothing_staged(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    work = steps.load(desk, steps.claimed(desk))
    assert work is not None
    preparing.prepare(desk, work)
    before = factories.look_up(desk, post_id).parts[0]

    edit(desk, post_id, Change(text="Better"), revision=1)

    after = factories.look_up(desk, post_id).parts[0]
    assert before.staged is not None
    assert before.key != after.key
    with desk.db.reading() as session:
        bare = select(func.count()).where(Part.staged.is_(None))
        assert session.scalar(bare) == 1


def test_new_words_for_the_image_are_no_draft(desk: Desk) -> None:
    post_id = factories.make_post(desk, factories.make_channel(desk))
    steps.alter(desk, post_id, alt="A car", alt_is_draft=True)

    edit(desk, post_id, Change(alt="A red car"), revision=1)

    assert not factories.look_up(desk, post_id).alt_is_draft


def test_moving_a_post_is_its_persons_word_alone(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    again = factories.now_of(any_desk) + HOUR / 4
    steps.alter(any_desk, post_id, not_before=again, next_at=again, triage="held")
    due_at = factories.now_of(any_desk) + 2 * HOUR

    post = schedule(any_desk, post_id, At(due_at))

    assert (post.due_at, post.next_at, post.not_before) == (due_at, due_at, None)
    assert post.triage is None
    assert post.expires_at == due_at + HOUR


def test_a_person_sends_what_was_put_aside(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    steps.alter(any_desk, post_id, triage="held")

    retry(any_desk, post_id)
    factories.run_due(any_desk)

    assert Scripted.live() == ["Dodge returns"]


def test_an_author_asks_for_approval_and_an_editor_gives_it(desk: Desk) -> None:
    post_id = factories.make_post(desk, factories.make_channel(desk))
    with desk.db.writing() as session:
        now = db.now(session)
        scheduling.schedule(desk, session, post_id, Now(), now=now, needs_approval=True)
    factories.run_due(desk)
    waiting = (factories.look_up(desk, post_id).state, Scripted.live())

    schedule(desk, post_id, At(factories.now_of(desk)))
    factories.run_due(desk)

    assert waiting == ("in review", [])
    assert Scripted.live() == ["Dodge returns"]


def test_a_cancelled_post_can_be_brought_back(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    steps.within(desk, scheduling.cancel, post_id=post_id)

    schedule(desk, post_id, Now())

    assert factories.look_up(desk, post_id).state == "scheduled"


def test_an_unknown_post_is_named(desk: Desk) -> None:
    with pytest.raises(NoSuchPost, match="no post number 99"):
        schedule(desk, 99, Now())


def test_every_change_is_in_the_history(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    edit(desk, post_id, Change(text="Better"), revision=1)
    steps.within(desk, scheduling.cancel, post_id=post_id)

    with desk.db.reading() as session:
        told = [event.what for event in report.account(session, post_id).events]

    assert told == ["Drafted.", "Scheduled.", "Changed.", "Cancelled."]


def test_a_scheduled_post_never_grows_past_its_limit(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    before = factories.look_up(desk, post_id)

    with pytest.raises(TooLong, match="20 over the limit of 280"):
        edit(desk, post_id, Change(text="x" * 300), before.revision)

    after = factories.look_up(desk, post_id)
    assert (after.text, after.fence) == (before.text, before.fence)
