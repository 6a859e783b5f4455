"""What somebody left out of a share does not go out with it, whoever presses."""

from __future__ import annotations

from desk import db, scheduling
from desk.desk import Desk
from desk.scheduling import At, sharing
from desk.shares.leaving_out import leave_out
from tests.factories import look_up
from tests.unit.articles.taken import drafts, give_slots, take
from tests.unit.shares.sharing import INES


def leave(desk: Desk, share_id: int, choices: dict[int, bool]) -> list[int]:
    with desk.db.writing() as session:
        return [post.id for post in leave_out(session, share_id, choices, INES)]


def test_a_channel_is_left_out_and_taken_again(any_desk: Desk) -> None:
    one, other = drafts(any_desk, take(any_desk, "Aldon", "Bay"))

    assert leave(any_desk, one.share_id, {one.id: True, other.id: False}) == [
        one.id,
        other.id,
    ]

    assert look_up(any_desk, one.id).left_out is True
    assert look_up(any_desk, other.id).left_out is False
    leave(any_desk, one.share_id, {one.id: False})
    assert look_up(any_desk, one.id).left_out is False


def test_what_has_its_time_is_not_left_out_by_a_box(any_desk: Desk) -> None:
    (one,) = drafts(any_desk, take(any_desk, "Aldon"))
    with any_desk.db.writing() as session:
        now = db.now(session)
        scheduling.schedule(any_desk, session, one.id, At(now), now=now)

    assert leave(any_desk, one.share_id, {one.id: True}) == []

    assert look_up(any_desk, one.id).left_out is None


def test_sharing_from_the_inbox_leaves_out_what_is_left_out(any_desk: Desk) -> None:
    article = take(any_desk, "Aldon", "Bay")
    one, other = drafts(any_desk, article)
    for post in (one, other):
        give_slots(any_desk, post.channel_id)
    leave(any_desk, one.share_id, {one.id: True})

    with any_desk.db.reading() as session:
        planned = sharing.plan(any_desk, session, article, db.now(session))

    assert list(planned.fit) == [other.id]
