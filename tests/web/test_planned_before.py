"""What a press takes is found before its transaction, which then looks and writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import time

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from connectors.base import Message
from desk import channels, scheduling
from desk.db import Database
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post
from desk.models.people import Role
from desk.scheduling import NextSlot
from desk.slots import WeeklySlot
from tests.asking import questions
from tests.factories import look_up, make_post, now_of
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps
from tests.warmth import warmed
from tests.web.articles import compose_form, paste, posts_of
from tests.web.meanwhile import Interrupted, interrupted
from tests.web.visiting import Visitor, hidden
from web import create_app

MANY = 80  # slots that other posts hold
AT = {"at": "2027-06-01 12:00"}


class Watched(Database):
    """A database that knows what is asked, and when it is written to."""

    asked = 0
    written_to = False

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with super().writing() as session, questions(self.engine) as made:
            Watched.written_to = True
            yield session
            Watched.written_to = False
        self.asked += len(made)


class Counting(Scripted):
    """A platform whose letters are counted, and it is noted when."""

    late = 0  # how often it was while the database was written to

    def length(self, message: Message) -> int:
        Counting.late += Watched.written_to
        return super().length(message)


@pytest.fixture
def app(any_desk: Desk) -> Iterator[Flask]:
    made = warmed(create_app(any_desk.settings, {"scripted": Counting}))
    made.testing = False  # errors become pages, as they do for people
    opened: Desk = made.extensions["desk"]
    database = Watched(any_desk.settings.database)
    made.extensions["desk"] = replace(opened, db=database)
    yield made
    for one in (database, opened.db):
        one.engine.dispose()


@pytest.fixture
def editor(app: Flask, any_desk: Desk) -> Visitor:
    return Visitor(app, any_desk, Role.EDITOR)


@pytest.fixture
def watched(app: Flask) -> Watched:
    made: Watched = app.extensions["desk"].db
    return made


def weekly(desk: Desk, post: Post) -> None:
    """Its channel has a slot every three hours."""
    slots = {
        WeeklySlot(time(hour), day) for hour in range(0, 24, 3) for day in range(7)
    }
    with desk.db.writing() as session:
        channels.set_slots(session, post.channel_id, slots)


def fill(desk: Desk, channel: int, count: int) -> None:
    """Other posts hold its next slots."""
    for number in range(count):
        other = make_post(desk, channel, f"Words {number}")
        steps.within(desk, scheduling.schedule, post_id=other, when=NextSlot())


Press = Callable[[Visitor, Post], Callable[[], object]]


def to_a_slot(who: Visitor, post: Post) -> Callable[[], object]:
    return lambda: who.send(f"/posts/{post.id}/schedule", {"when": "slot"})


def approving(who: Visitor, post: Post) -> Callable[[], object]:
    steps.alter(who.desk, post.id, state=State.IN_REVIEW)
    form = {"when": "slot", "revision": post.revision}
    return lambda: who.send(f"/posts/{post.id}/approve", form)


def sharing(who: Visitor, post: Post) -> Callable[[], object]:
    return lambda: who.send(f"/articles/{post.article_id}/share")


def composing(who: Visitor, post: Post) -> Callable[[], object]:
    form = compose_form(who, post.article_id or 0, when="slot")
    return lambda: who.send(f"/shares/{post.share_id}/schedule", form)


def moving(who: Visitor, post: Post) -> Callable[[], object]:
    here = f"/calendar/move/{post.id}"
    form = hidden(who.look(here).text, here)
    return lambda: who.send(here, {**form, **AT, "to": "time"})


def spreading(who: Visitor, post: Post) -> Callable[[], object]:
    form = compose_form(who, post.article_id or 0)
    form[f"text-{post.id}"] = "The ferry sails"
    who.send(f"/posts/{post.id}/save", form)
    form = compose_form(who, post.article_id or 0)
    return lambda: who.send(f"/posts/{post.id}/spread", form)


TO_SLOTS: dict[str, Press] = {
    "to a slot": to_a_slot,
    "approving": approving,
    "sharing": sharing,
    "composing": composing,
}
PRESSES = {**TO_SLOTS, "moving": moving, "spreading": spreading}


@pytest.mark.parametrize("press", TO_SLOTS)
def test_a_full_channel_is_searched_before_anything_is_written(
    editor: Visitor, watched: Watched, press: str
) -> None:
    asked = []
    for count in (0, MANY):
        post = posts_of(editor.desk, paste(editor, channels=1))[0]
        weekly(editor.desk, post)
        fill(editor.desk, post.channel_id, count)
        do = TO_SLOTS[press](editor, post)
        watched.asked = 0
        do()
        assert look_up(editor.desk, post.id).slot_at
        asked.append(watched.asked)
        empty_out(editor.desk)

    assert asked[1] <= asked[0]


def empty_out(desk: Desk) -> None:
    """A new round, with an article that the desk does not know."""
    with desk.db.writing() as session:
        for one in channels.list_channels(session):
            one.retired_at = now_of(desk)
            one.name = f"Former {one.id}"
            one.remote_account_id = f"former {one.id}"
        for post in session.query(Post):
            if post.article is not None:
                post.article.identity = f"former {post.article_id}"


@pytest.mark.parametrize("press", PRESSES)
def test_nothing_is_counted_while_the_database_is_written_to(
    editor: Visitor, press: str
) -> None:
    post = posts_of(editor.desk, paste(editor))[0]
    weekly(editor.desk, post)
    do = PRESSES[press](editor, post)
    before = look_up(editor.desk, post.id)
    Counting.late = 0

    do()

    assert Counting.late == 0
    after = look_up(editor.desk, post.id)
    assert press == "spreading" or after.due_at != before.due_at


@pytest.fixture
def database(app: Flask, watched: Watched) -> Iterator[Interrupted]:
    made = interrupted(app)
    yield made
    made.engine.dispose()


@pytest.mark.parametrize("number", range(3))
def test_a_slot_that_another_post_took_meanwhile_is_not_taken_twice(
    editor: Visitor, database: Interrupted, number: int
) -> None:
    post = posts_of(editor.desk, paste(editor, channels=1))[0]
    weekly(editor.desk, post)
    database.before(number, lambda: fill(editor.desk, post.channel_id, 1))

    editor.send(f"/posts/{post.id}/schedule", {"when": "slot"})

    with editor.desk.db.reading() as session:
        its = session.query(Post).where(Post.state == State.SCHEDULED).all()
    slots = [one.slot_at for one in its]
    assert len(slots) == len(set(slots)) == (2 if database.came else 1)


@pytest.mark.parametrize("number", range(3))
def test_words_that_were_changed_meanwhile_are_those_that_go_everywhere(
    editor: Visitor, database: Interrupted, number: int
) -> None:
    post, other = posts_of(editor.desk, paste(editor))
    do = spreading(editor, post)

    def shorten() -> None:
        """The other's platform takes fewer letters by now."""
        with editor.desk.db.writing() as session:
            its = channels.find_channel(session, other.channel_id)
            its.limits = {**its.limits, "text": 5}

    database.before(number, shorten)
    do()

    fits = look_up(editor.desk, other.id).text == "The ferry sails"
    assert fits != (database.came and number < 2)
