"""Who locks several posts does so by number; a form that gives way is done anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import time
from functools import partial
from io import BytesIO

import pytest
from flask import Flask, flash, request
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from desk import channels
from desk.channels import channel_settings
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post
from desk.models.people import Role
from desk.slots import WeeklySlot
from tests.factories import look_up, make_channel
from tests.fakes.scripted import Scripted
from tests.waiting import wait_for_a_waiter
from tests.warmth import warmed
from tests.web.articles import FERRY, compose_form, paste, posts_of, share_path
from tests.web.at_once import at_once, statuses
from tests.web.visiting import Visitor, sentence
from web import create_app, current
from web.guards import Permission, may
from web.reruns import OUTPACED, TRIES

pytestmark = pytest.mark.postgres  # only there two write at once

Press = Callable[[], TestResponse]
Pressing = Callable[[Visitor, int, list[int]], Press]
GIVE_WAY = text("DO $$ BEGIN RAISE deadlock_detected; END $$")


@pytest.fixture
def app(postgres_desk: Desk) -> Iterator[Flask]:
    """Its transactions find out that they wait in a circle after two seconds."""
    with postgres_desk.db.writing() as session:
        name = session.scalar(text("SELECT current_database()"))
        session.execute(text(f"ALTER DATABASE {name} SET deadlock_timeout = '2s'"))
    made = warmed(create_app(postgres_desk.settings, {"scripted": Scripted}))
    made.testing = False  # errors become pages, as they do for people
    yield made
    made.extensions["desk"].db.engine.dispose()


@pytest.fixture
def editor(app: Flask, postgres_desk: Desk) -> Visitor:
    return Visitor(app, postgres_desk, Role.EDITOR)


def article_on_four(who: Visitor) -> tuple[int, list[int]]:
    """An article and its posts, whose channels by name are the other way round."""
    its = [make_channel(who.desk, f"Channel {number}") for number in range(4)]
    article = paste(who, 0)
    with who.desk.db.writing() as session:
        for channel, name in zip(its, ("Zebra", "Yak", "Xerus", "Wolf"), strict=True):
            channel_settings.rename(session, channel, name)
            slots = {WeeklySlot(time(8), day) for day in range(7)}
            channels.set_slots(session, channel, slots)
    return article, sorted(post.id for post in posts_of(who.desk, article))


def sharing(who: Visitor, article: int, _: list[int]) -> Press:
    return partial(who.send, f"/articles/{article}/share")


def scheduling(who: Visitor, article: int, _: list[int]) -> Press:
    form = compose_form(who, article, when="slot")
    return partial(who.send, f"{share_path(who, article)}/schedule", form)


def saving(who: Visitor, article: int, _: list[int]) -> Press:
    form = compose_form(who, article)
    return partial(who.send, f"{share_path(who, article)}/save", form)


def spreading(who: Visitor, article: int, its: list[int]) -> Press:
    form = compose_form(who, article) | {f"text-{its[-1]}": "The ferry sails"}
    return partial(who.send, f"/posts/{its[-1]}/spread", form)


def of_these(path: str) -> Pressing:
    def pressing(who: Visitor, _: int, its: list[int]) -> Press:
        return partial(who.send, path, {"of": [str(one) for one in reversed(its)]})

    return pressing


BUTTONS: dict[str, Pressing] = {
    "share": sharing,
    "schedule": scheduling,
    "save": saving,
    "spread": spreading,
    **{
        path: of_these(path)
        for path in (
            *("/articles/unshare", "/posts/undo", "/posts/restore", "/posts/former"),
            *("/needs/drop", "/needs/send-again"),
        )
    },
}


@pytest.mark.parametrize("button", BUTTONS)
def test_who_waits_for_a_post_holds_none_of_a_higher_number(
    editor: Visitor, button: str
) -> None:
    """So no two wait for each other, whatever they press."""
    desk = editor.desk
    article, its = article_on_four(editor)
    press = BUTTONS[button](editor, article, its)

    with ThreadPoolExecutor(1) as elsewhere:
        with held(desk, its[1]):
            answer = elsewhere.submit(press)
            wait_for_a_waiter(desk)
            free = free_of(desk, its)
        assert answer.result().status_code < 500

    assert {its[2], its[3]} <= free


def test_two_articles_that_are_shared_at_once_take_the_slots_in_one_order(
    editor: Visitor, app: Flask
) -> None:
    """Whichever post of each was drafted first: no two wait for each other's."""
    desk, other = editor.desk, Visitor(app, editor.desk, Role.EDITOR)
    first, _ = article_on_four(editor)  # whose names are the other way round by now
    answer = editor.send("/articles", {"source": FERRY.replace("ferry", "tram")})
    second = int(answer.location.rsplit("/", 1)[1].split("#")[0].split("?")[0])

    answers = at_once(
        partial(editor.send, f"/articles/{first}/share"),
        partial(other.send, f"/articles/{second}/share"),
    )

    assert statuses(answers) == [303, 303]
    shared = [*posts_of(desk, first), *posts_of(desk, second)]
    assert {post.state for post in shared} == {State.SCHEDULED}
    assert len({(post.channel_id, post.slot_at) for post in shared}) == 8


@contextmanager
def held(desk: Desk, post_id: int) -> Iterator[Session]:
    """Somebody else is at this post."""
    with desk.db.writing() as session:
        lock(session, post_id)
        yield session


def lock(session: Session, post_id: int) -> None:
    session.execute(select(Post.id).where(Post.id == post_id).with_for_update())


def free_of(desk: Desk, its: Collection[int]) -> set[int]:
    query = select(Post.id).where(Post.id.in_(its)).with_for_update(skip_locked=True)
    with desk.db.writing() as session:
        return set(session.scalars(query))


def test_a_form_that_gives_way_to_another_is_done_anew(editor: Visitor) -> None:
    desk = editor.desk
    article, its = article_on_four(editor)
    editor.send(
        f"{share_path(editor, article)}/schedule", compose_form(editor, article)
    )
    editor.look("/status")
    first, second = its[:2]
    of = [str(first), str(second)]

    with ThreadPoolExecutor(1) as elsewhere:
        with held(desk, second) as session:
            session.execute(text("SET LOCAL deadlock_timeout = '60s'"))
            answer = elsewhere.submit(editor.send, "/posts/undo", {"of": of})
            wait_for_a_waiter(desk)
            lock(session, first)  # which the form holds: it gives way
        assert answer.result().status_code == 303

    assert {look_up(desk, one).state for one in (first, second)} == {State.DRAFT}
    assert editor.look("/status").text.count("Undone: nothing goes out") == 1


def crowded(app: Flask, often: int) -> list[bytes]:
    """A view whose transaction gives way so often; gives what each try was sent."""
    sent = list[bytes]()

    @app.post("/crowded")
    @may(Permission.WRITE)
    def crowd() -> str:
        sent.append(request.files["file"].read())
        flash(f"Try {len(sent)}.", "good")
        with current.writing() as at:
            if len(sent) <= often:
                at.session.execute(GIVE_WAY)
        return "Done."

    return sent


def press(who: Visitor) -> TestResponse:
    file = (BytesIO(b"a picture"), "a.jpg")
    return who.send("/crowded", {"file": file}, content_type="multipart/form-data")


def test_each_try_is_sent_the_same_and_only_the_last_one_speaks(
    app: Flask, postgres_desk: Desk
) -> None:
    sent = crowded(app, TRIES - 1)
    editor = Visitor(app, postgres_desk, Role.EDITOR)

    answer = press(editor)

    assert answer.text == "Done."
    assert sent == [b"a picture"] * TRIES
    page = editor.look("/status").text
    assert [f"Try {n}." in page for n in range(1, TRIES + 1)] == [
        *[False] * (TRIES - 1),
        True,
    ]


def test_who_gives_way_each_time_is_told_so(app: Flask, postgres_desk: Desk) -> None:
    sent = crowded(app, TRIES)
    editor = Visitor(app, postgres_desk, Role.EDITOR)

    answer = press(editor)

    assert answer.status_code == 409
    assert sentence(answer) == OUTPACED
    assert len(sent) == TRIES
    assert "Try " not in editor.look("/status").text
