"""Transitions: every move of the table on real rows, one by one and in SQL."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from desk import transition
from desk.desk import Desk
from desk.lifecycle import MOVES, Does, IllegalMove, State
from desk.models import Channel, Event, Post
from desk.models.posts import Unseen
from desk.transition import Lease
from tests import factories
from tests.conftest import NOON
from tests.unit.publishing import steps

LEASE = Lease(NOON + timedelta(seconds=30), "another:2")
HELD: dict[str, Any] = {  # all that a move may end, or keep
    "fence": 7,
    "lease_until": NOON,
    "owner": "worker:1",
    "turn": None,  # or two posts of one channel would be on their way
    "look_at": NOON,
    "unseen": Unseen.AWAY,
    "needs_person": True,
    "slot_at": NOON,
}
PAIRS = [(old, new) for old in State for new in State]
LEGAL = [(old, new) for old, new in PAIRS if new in MOVES[old]]
ILLEGAL = [pair for pair in PAIRS if pair not in LEGAL]


def given(session: Session, post_id: int, state: State) -> Post:
    """The post in this state, with all that a move may end."""
    row = update(Post).where(Post.id == post_id)
    session.execute(row.values({"state": state, **HELD}))
    return session.get_one(Post, post_id, populate_existing=True)


def stands(session: Session, post_id: int) -> dict[str, Any]:
    session.flush()
    names = ["state", *HELD]
    columns = [Post.__table__.c[name] for name in names]
    row = session.execute(select(*columns).where(Post.id == post_id)).one()
    return dict(zip(names, row, strict=True))


def expected(old: State, new: State) -> dict[str, Any]:
    does = MOVES[old][new]
    said = {"state": new, **HELD}
    if Does.FENCE in does:
        said["fence"] += 1
    if Does.RELEASE in does:
        said |= {"lease_until": None, "owner": None, "turn": None}
    if Does.LEASE in does:
        said |= {"lease_until": LEASE.until, "owner": LEASE.owner}
    if Does.SETTLE in does:
        said |= {"look_at": None, "unseen": None, "needs_person": False}
    if Does.FREE_SLOT in does:
        said["slot_at"] = None
    return said


@pytest.fixture
def post_id(any_desk: Desk) -> int:
    return factories.make_post(any_desk, factories.make_channel(any_desk))


def test_every_move_of_the_table_does_what_it_says_and_in_sql_too(
    any_desk: Desk, post_id: int
) -> None:
    for old, new in LEGAL:
        with any_desk.db.writing() as session:
            post = given(session, post_id, old)
            transition.move(session, post, new, NOON, lease=LEASE)
            one_by_one = stands(session, post_id)

            given(session, post_id, old)
            session.execute(transition.moving([post_id], old, new, LEASE))
            in_sql = stands(session, post_id)

        assert one_by_one == in_sql == expected(old, new), (old, new)


def test_every_other_move_is_refused_and_the_row_stays(
    any_desk: Desk, post_id: int
) -> None:
    for old, new in ILLEGAL:
        with any_desk.db.writing() as session:
            post = given(session, post_id, old)
            with pytest.raises(IllegalMove, match=f"{old} cannot become {new}"):
                transition.move(session, post, new, NOON, lease=LEASE)
            with pytest.raises(IllegalMove, match=f"{old} cannot become {new}"):
                transition.moving([post_id], old, new, LEASE)

            assert stands(session, post_id) == {"state": old, **HELD}


def test_a_move_in_sql_leaves_alone_what_is_in_another_state(
    any_desk: Desk, post_id: int
) -> None:
    for old, new in LEGAL:
        others = [state for state in State if state != old]
        with any_desk.db.writing() as session:
            for state in others:
                given(session, post_id, state)
                session.execute(transition.moving([post_id], old, new, LEASE))

                assert stands(session, post_id)["state"] == state


def test_a_move_writes_its_line_with_the_state_and_fence_that_it_led_to(
    any_desk: Desk, post_id: int
) -> None:
    with any_desk.db.writing() as session:
        post = session.get_one(Post, post_id)
        transition.move(session, post, State.CANCELLED, NOON, "Off it goes.")
        session.flush()
        last = session.scalars(select(Event).order_by(Event.id.desc())).first()

        assert last is not None
        assert (last.what, last.state, last.fence) == (
            "Off it goes.",
            State.CANCELLED,
            post.fence,
        )


def test_what_is_held_says_by_whom_and_how_long(any_desk: Desk, post_id: int) -> None:
    with any_desk.db.writing() as session:
        post = given(session, post_id, State.SCHEDULED)

        with pytest.raises(TypeError, match="say who, and how long"):
            transition.move(session, post, State.CLAIMED, NOON)


def test_a_turn_ends_with_the_hold(any_desk: Desk, post_id: int) -> None:
    with any_desk.db.writing() as session:
        given(session, post_id, State.CLAIMED)
        channel_id = session.scalars(select(Channel.id)).one()
        session.execute(transition.taking_turns([post_id]))
        taken = stands(session, post_id)["turn"]

        session.execute(transition.moving([post_id], State.CLAIMED, State.SCHEDULED))

        assert taken == channel_id
        assert stands(session, post_id)["turn"] is None


def test_a_slot_that_was_free_meanwhile_is_not_claimed_back(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    missed, newer = (factories.make_post(any_desk, channel) for _ in range(2))
    steps.alter(any_desk, missed, state=State.MISSED, slot_at=NOON)
    steps.alter(any_desk, newer, state=State.SCHEDULED, slot_at=NOON)

    with any_desk.db.writing() as session:
        post = session.get_one(Post, missed)
        transition.move(session, post, State.UNCONFIRMED, NOON)

    assert factories.look_up(any_desk, missed).slot_at is None
    assert factories.look_up(any_desk, newer).slot_at == NOON
