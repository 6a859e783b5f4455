"""What somebody just let out is seen on every screen, as long as it can be stopped."""

from __future__ import annotations

from datetime import timedelta

from desk import db, scheduling
from desk.desk import Desk
from desk.scheduling import NOW_IN, At, Now, When, leaving
from tests.factories import make_channel, make_post, now_of

SECOND = timedelta(seconds=1)


def scheduled(desk: Desk, when: When) -> int:
    post_id = make_post(desk, make_channel(desk, "Aldon"))
    with desk.db.writing() as session:
        scheduling.schedule(desk, session, post_id, when, now=db.now(session))
    return post_id


def seen(desk: Desk, later: timedelta = timedelta()) -> list[int]:
    with desk.db.reading() as session:
        found = leaving.leaving(session, db.now(session) + later)
        return [post.id for post in found]


def test_what_is_published_now_is_leaving_for_ten_seconds(any_desk: Desk) -> None:
    post_id = scheduled(any_desk, Now())

    assert seen(any_desk) == [post_id]
    assert seen(any_desk, NOW_IN + SECOND) == []


def test_what_was_planned_before_goes_out_without_being_counted(
    any_desk: Desk,
) -> None:
    at = now_of(any_desk) + timedelta(minutes=30)
    scheduled(any_desk, At(at))

    assert seen(any_desk) == []
    assert seen(any_desk, timedelta(minutes=30) - 5 * SECOND) == []


def test_what_was_stopped_is_leaving_no_more(any_desk: Desk) -> None:
    post_id = scheduled(any_desk, Now())
    with any_desk.db.writing() as session:
        scheduling.to_draft(session, post_id, now=db.now(session))

    assert seen(any_desk) == []
