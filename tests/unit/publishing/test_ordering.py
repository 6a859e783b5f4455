"""A channel that keeps order has one post on its way at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from connectors.base import OutcomeUnknown
from desk.desk import Desk
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps
from tests.unit.publishing.steps import CUT


def make_two(desk: Desk, *, in_order: bool = True) -> list[int]:
    channel = factories.make_channel(desk)
    steps.alter_channel(desk, channel, in_order=in_order)
    return [factories.make_scheduled(desk, channel, text) for text in ("One", "Two")]


def test_the_second_post_waits_for_the_first(any_desk: Desk) -> None:
    first, second = make_two(any_desk)

    claimed = [factories.claim(any_desk) for _ in range(2)]
    waiting = factories.look_up(any_desk, second)

    assert [[one.post_id for one in claims] for claims in claimed] == [[first], []]
    assert (waiting.state, waiting.lease_until) == ("scheduled", None)


@pytest.mark.parametrize("in_order", [True, False])
def test_who_was_due_first_goes_first_whenever_it_was_made(
    any_desk: Desk, in_order: bool
) -> None:
    channel = factories.make_channel(any_desk)
    steps.alter_channel(any_desk, channel, in_order=in_order)
    now = factories.now_of(any_desk)
    late = [timedelta(minutes=minutes) for minutes in (1, 4, 2, 5, 3)]
    made = [
        factories.make_scheduled(any_desk, channel, str(by), due_at=now - by)
        for by in late
    ]
    by_time = [made[late.index(by)] for by in sorted(late, reverse=True)]

    claimed = [claim.post_id for claim in factories.claim(any_desk)]

    assert claimed == (by_time[:1] if in_order else by_time)


def test_they_go_out_in_their_order(any_desk: Desk) -> None:
    make_two(any_desk)

    factories.run_due(any_desk)
    alone = Scripted.live()
    factories.run_due(any_desk)

    assert alone == ["One"]
    assert Scripted.live() == ["One", "Two"]


def test_a_lost_answer_keeps_the_next_one_waiting(desk: Desk) -> None:
    make_two(desk)
    Scripted.script.append(OutcomeUnknown(CUT))

    factories.run_due(desk)

    assert factories.claim(desk) == []


def test_other_channels_send_side_by_side(desk: Desk) -> None:
    made = make_two(desk, in_order=False)

    assert [claim.post_id for claim in factories.claim(desk)] == made


def test_the_database_lets_no_second_one_go(any_desk: Desk) -> None:
    first, second = make_two(any_desk)
    factories.claim(any_desk)
    turn = factories.look_up(any_desk, first).turn

    with pytest.raises(IntegrityError):
        steps.alter(any_desk, second, state="claimed", turn=turn)
