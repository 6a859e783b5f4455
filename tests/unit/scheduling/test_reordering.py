"""Reordering a queue: the times stay, the posts change places."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from desk import scheduling
from desk.desk import Desk
from desk.lifecycle import IllegalMove, State
from desk.scheduling import NextSlot, queues
from desk.scheduling.queueing import OutOfDate
from desk.scheduling.reordering import Step
from tests import factories
from tests.unit.publishing import steps
from tests.unit.scheduling.planning import (
    HOUR,
    every_hour,
    order_of,
    plan,
    put_back,
    reorder,
    seen,
    times_of,
)


def in_slots(desk: Desk, channel_id: int, *texts: str) -> list[int]:
    """One post in each of the channel's next slots."""
    every_hour(desk, channel_id)
    made = [factories.make_post(desk, channel_id, text) for text in texts]
    for post_id in made:
        steps.within(desk, scheduling.schedule, post_id=post_id, when=NextSlot())
    return made


@pytest.mark.parametrize(
    ("number", "to", "after"),
    [
        (1, Step.UP, "B A C D"),
        (1, Step.DOWN, "A C B D"),
        (3, Step.NEXT, "D A B C"),
        (0, 2, "B C A D"),
        (3, 1, "A D B C"),
        (0, 99, "B C D A"),
    ],
)
def test_a_post_changes_places_and_the_times_stay(
    any_desk: Desk, number: int, to: Step | int, after: str
) -> None:
    channel = factories.make_channel(any_desk)
    made = plan(any_desk, channel, "A", "B", "C", "D")
    before = times_of(any_desk, channel)

    reorder(any_desk, made[number], to)

    assert order_of(any_desk, channel) == after
    assert times_of(any_desk, channel) == before


def test_what_stands_behind_the_page_is_counted_and_left_alone(
    any_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "SHOWN", 3)
    channel = factories.make_channel(any_desk)
    made = plan(any_desk, channel, "A", "B", "C", "D", "E")
    order = seen(any_desk, channel)
    (behind,) = plan(any_desk, channel, "F", first=9)  # not on that page either

    reorder(any_desk, made[0], 2, order)
    reorder(any_desk, made[0], Step.DOWN)

    assert order_of(any_desk, channel) == "B C D A E F"
    with pytest.raises(OutOfDate):
        reorder(any_desk, behind, Step.UP)
    with any_desk.db.reading() as session:
        (queue,) = queues.list_queues(session, any_desk, factories.now_of(any_desk))
    assert [row.post.text for row in queue.rows if row.post] == ["B", "C", "D"]
    assert (queue.planned, queue.unseen) == (6, 3)


def test_slots_go_round_with_their_times(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    made = in_slots(any_desk, channel, "A", "B", "C")
    before = times_of(any_desk, channel)

    reorder(any_desk, made[2], 0)

    assert order_of(any_desk, channel) == "C A B"
    assert times_of(any_desk, channel) == before
    assert all(slot for _, slot in before)


def test_sent_next_it_takes_a_free_slot_before_all_others(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    first, last = plan(desk, channel, "A", "B", first=30)
    before = factories.look_up(desk, first).due_at
    every_hour(desk, channel)

    moved = reorder(desk, last, Step.NEXT)

    assert moved.post.slot_at == moved.post.due_at
    assert moved.post.due_at
    assert moved.post.due_at <= factories.now_of(desk) + HOUR
    assert factories.look_up(desk, first).due_at == before


def test_whoever_waits_with_a_claim_finds_an_old_fence(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    made = plan(desk, channel, "A", "B")
    before = [factories.look_up(desk, post_id).fence for post_id in made]

    reorder(desk, made[1], Step.UP)

    after = [factories.look_up(desk, post_id).fence for post_id in made]
    assert after == [fence + 1 for fence in before]


def test_a_class_keeps_its_deadline_at_the_new_time(desk: Desk) -> None:
    made = plan(desk, factories.make_channel(desk), "A", "B")

    reorder(desk, made[1], Step.UP)

    post = factories.look_up(desk, made[1])
    assert post.due_at
    assert post.expires_at == post.due_at + timedelta(minutes=60)


def test_an_order_that_has_changed_is_refused(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    made = plan(any_desk, channel, "A", "B", "C")
    old = seen(any_desk, channel)
    reorder(any_desk, made[0], Step.DOWN)

    with pytest.raises(OutOfDate, match="changed meanwhile"):
        reorder(any_desk, made[2], Step.UP, old)

    assert order_of(any_desk, channel) == "B A C"


def test_of_two_editors_at_once_one_is_told(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    made = in_slots(any_desk, channel, "A", "B", "C", "D")
    before = times_of(any_desk, channel)
    old = seen(any_desk, channel)

    def press(number: int) -> bool:
        try:
            reorder(any_desk, made[number], Step.NEXT, old)
        except OutOfDate:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        went = list(pool.map(press, (2, 3)))

    assert sorted(went) == [False, True]
    assert order_of(any_desk, channel) == ("C A B D" if went[0] else "D A B C")
    assert times_of(any_desk, channel) == before


def test_the_same_form_twice_moves_once(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    made = plan(desk, channel, "A", "B", "C")
    order = seen(desk, channel)

    for _ in range(2):
        reorder(desk, made[2], Step.UP, order, idempotency_key="form")

    assert order_of(desk, channel) == "A C B"


def test_undo_puts_every_former_time_back(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    made = in_slots(any_desk, channel, "A", "B", "C")
    before = times_of(any_desk, channel)

    moved = reorder(any_desk, made[2], 0)
    put_back(any_desk, moved)

    assert order_of(any_desk, channel) == "A B C"
    assert times_of(any_desk, channel) == before


def test_undo_is_refused_where_someone_changed_a_post_since(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    made = plan(desk, channel, "A", "B", "C")
    moved = reorder(desk, made[2], 0)
    steps.within(desk, scheduling.cancel, post_id=made[0])

    with pytest.raises(OutOfDate, match="nothing was undone"):
        put_back(desk, moved)

    assert order_of(desk, channel) == "C A B"


def test_the_first_can_not_go_earlier_nor_the_last_later(desk: Desk) -> None:
    made = plan(desk, factories.make_channel(desk), "A", "B")

    with pytest.raises(IllegalMove, match="next already"):
        reorder(desk, made[0], Step.UP)
    with pytest.raises(IllegalMove, match="last one"):
        reorder(desk, made[1], Step.DOWN)


def test_two_posts_of_one_time_have_no_order_to_change(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    at = factories.now_of(desk) + HOUR
    first = factories.make_scheduled(desk, channel, "A", at)
    factories.make_scheduled(desk, channel, "B", at)

    with pytest.raises(IllegalMove, match="at the same time"):
        reorder(desk, first, Step.DOWN)


@pytest.mark.parametrize("claimed", [True, False])
def test_what_is_going_out_is_not_moved(desk: Desk, claimed: bool) -> None:
    channel = factories.make_channel(desk)
    plan(desk, channel, "Later")
    going = factories.make_scheduled(desk, channel, "Now")
    if claimed:
        factories.claim(desk)
    else:
        factories.run_due(desk)

    with pytest.raises(IllegalMove, match=r"going out|published"):
        reorder(desk, going, Step.DOWN)


def test_a_post_in_review_changes_places_and_stays_in_review(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    (first,) = plan(desk, channel, "A")
    second = factories.make_post(desk, channel, "B")
    steps.within(
        desk,
        scheduling.schedule,
        post_id=second,
        when=scheduling.At(factories.now_of(desk) + 9 * HOUR),
        needs_approval=True,
    )

    reorder(desk, second, Step.UP)

    assert order_of(desk, channel) == "B A"
    assert factories.look_up(desk, second).state == State.IN_REVIEW
    assert factories.look_up(desk, first).state == State.SCHEDULED


def test_another_channels_queue_is_left_alone(desk: Desk) -> None:
    mine, other = factories.make_channel(desk, "Mine"), factories.make_channel(desk)
    made = plan(desk, mine, "A", "B")
    plan(desk, other, "X", "Y")

    reorder(desk, made[1], Step.NEXT)

    assert order_of(desk, other) == "X Y"
