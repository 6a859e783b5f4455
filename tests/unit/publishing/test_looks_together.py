"""Looks of one burst fall on few moments, whatever they find."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from connectors.base import CantTell, Finding, NotThere, OutcomeUnknown
from desk.desk import Desk
from desk.engine_settings import engine
from desk.models import Post
from desk.publishing import lookups
from tests import factories
from tests.conftest import NOON
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps

SECOND = timedelta(seconds=1)
BURST = 40
LOST = 4  # not so many that the server is left alone
SEEN = CantTell("A new post.", seen=(steps.receipt("7"),))


def moments(begins: list[datetime], wait: timedelta, apart: timedelta) -> set[datetime]:
    return {lookups.next_on_grid(at + wait, apart) for at in begins}


def burst(desk: Desk) -> list[int]:
    """Posts of one account that fall due at once, and whose answers are all lost."""
    channel = factories.make_channel(desk)
    due = factories.now_of(desk)
    ids = [
        factories.make_scheduled(desk, channel, f"Post {n}", due_at=due)
        for n in range(LOST)
    ]
    Scripted.script.extend([OutcomeUnknown("lost")] * LOST)
    factories.run_due(desk)
    return ids


def age(desk: Desk, ids: list[int], by: timedelta) -> None:
    """Let it be so much longer ago that these were sent."""
    with desk.db.writing() as session:
        for one in ids:
            for part in session.get_one(Post, one).parts:
                for attempt in part.attempts:
                    attempt.intent_at -= by


@pytest.mark.parametrize(
    ("seconds", "apart"), [(0, 10), (59, 10), (119, 10), (150, 30), (900, 60)]
)
def test_the_longer_a_burst_is_in_doubt_the_further_apart_are_its_looks(
    seconds: int, apart: int
) -> None:
    assert lookups.look_spacing(BURST, seconds * SECOND) == apart * SECOND


def test_a_post_in_doubt_alone_waits_for_nobody() -> None:
    assert lookups.look_spacing(1, timedelta(0)) == engine.looks.grid
    assert lookups.look_spacing(1, timedelta(hours=1)) == engine.looks.grid


def test_a_burst_over_twenty_seconds_is_looked_at_a_few_times() -> None:
    begins = [NOON + n * SECOND / 2 for n in range(BURST)]

    assert len(moments(begins, 30 * SECOND, 10 * SECOND)) <= 3
    assert len(moments(begins, 90 * SECOND, 20 * SECOND)) <= 2
    assert len(moments(begins, 300 * SECOND, 60 * SECOND)) <= 2


@pytest.mark.parametrize("found", [NotThere(), CantTell("Perhaps."), SEEN], ids=str)
def test_what_is_looked_at_again_is_looked_at_together(
    any_desk: Desk, found: Finding
) -> None:
    ids = burst(any_desk)
    age(any_desk, ids, 150 * SECOND)
    Scripted.looks.extend([found] * LOST)
    factories.reconcile(any_desk, factories.now_of(any_desk) + timedelta(minutes=2))

    posts = [factories.look_up(any_desk, one) for one in ids]

    assert Scripted.looks == []
    at = {post.look_at for post in posts}
    assert len(at) <= 2
    assert all(one is not None and one.timestamp() % 30 == 0 for one in at)


def test_rechecks_of_a_burst_share_two_minutes(any_desk: Desk) -> None:
    ids = burst(any_desk)
    Scripted.looks.extend([NotThere()] * 2 * LOST)
    for _ in range(2):
        factories.reconcile(any_desk, factories.now_of(any_desk) + timedelta(minutes=9))
    factories.run_due(any_desk)

    posts = [factories.look_up(any_desk, one) for one in ids]

    assert {post.state for post in posts} == {"published"}
    at = {post.recheck_at for post in posts}
    assert len(at) <= 2
    assert all(one is not None and one.timestamp() % 120 == 0 for one in at)
    for post in posts:
        assert post.recheck_at is not None
        assert post.published_at is not None
        assert post.recheck_at - post.published_at >= engine.looks.rechecks[0]


def test_a_person_is_asked_soon_where_a_post_may_be_it(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=False)
    Scripted.looks.extend([SEEN] * engine.looks.seen)

    before = steps.look(desk, post_id, times=engine.looks.seen - 1)
    post = steps.look(desk, post_id)

    assert (before.needs_person, post.needs_person) == (False, True)
    assert post.lookalikes == ["https://scripted.example/7"]


def test_it_is_not_looked_for_before_a_look_could_tell(any_desk: Desk) -> None:
    post_id = steps.unconfirmed(any_desk, taken=False)
    again_at = factories.now_of(any_desk) + timedelta(seconds=52)
    Scripted.looks.append(CantTell("Too early.", again_at=again_at))
    due = factories.look_up(any_desk, post_id).look_at
    assert due is not None

    factories.reconcile(any_desk, due)

    look_at = factories.look_up(any_desk, post_id).look_at
    assert look_at is not None
    assert again_at <= look_at <= again_at + engine.looks.grid
