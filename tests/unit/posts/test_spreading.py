"""One text for every channel where it fits, and each former text back."""

from __future__ import annotations

from desk import db, scheduling
from desk.desk import Desk
from desk.posts import editing, former, spreading
from desk.posts.editing import Change
from desk.posts.spreading import Spread
from desk.scheduling import Now
from tests.factories import look_up
from tests.unit.articles.taken import drafts, take


def spread(desk: Desk, post_id: int) -> Spread:
    with desk.db.writing() as session:
        return spreading.spread(desk, session, post_id, now=db.now(session), by="Ines")


def write(desk: Desk, post_id: int, text: str) -> None:
    with desk.db.writing() as session:
        now = db.now(session)
        revision = look_up(desk, post_id).revision
        editing.edit(desk, session, post_id, Change(text=text), revision, now=now)


def test_every_channel_says_it_and_undo_brings_each_text_back(any_desk: Desk) -> None:
    first, second, third = drafts(any_desk, take(any_desk, "Aldon", "Bay", "Coast"))
    write(any_desk, first.id, "The ferry is back")
    write(any_desk, third.id, "Something else")

    done = spread(any_desk, first.id)

    assert [post.id for post in done.changed] == [second.id, third.id]
    assert look_up(any_desk, third.id).text == "The ferry is back"
    with any_desk.db.writing() as session:
        now = db.now(session)
        former.bring_back(any_desk, session, third.id, now=now, by="Ines")
    assert look_up(any_desk, third.id).text == "Something else"
    assert look_up(any_desk, second.id).text == "The ferry is back"


def test_what_is_too_long_for_a_channel_is_left_there(desk: Desk) -> None:
    first, second = drafts(desk, take(desk, "Aldon", "Bay"))
    write(desk, first.id, "long " * 80)

    done = spread(desk, first.id)

    assert [post.id for post in done.too_long] == [second.id]
    assert look_up(desk, second.id).text == second.text


def test_what_has_its_time_already_is_left_alone(desk: Desk) -> None:
    first, second = drafts(desk, take(desk, "Aldon", "Bay"))
    with desk.db.writing() as session:
        now = db.now(session)
        scheduling.schedule(desk, session, second.id, Now(), now=now)
    write(desk, first.id, "The ferry is back")

    done = spread(desk, first.id)

    assert (done.changed, done.too_long) == ([], [])
    assert look_up(desk, second.id).text == second.text


def test_an_alt_text_that_waits_to_be_checked_still_does(desk: Desk) -> None:
    first, second = drafts(desk, take(desk, "Aldon", "Bay"))
    write(desk, first.id, "The ferry is back")

    spread(desk, first.id)

    assert look_up(desk, second.id).alt_is_draft
