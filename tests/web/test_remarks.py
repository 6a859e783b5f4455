"""What may keep a post from going out is said by every button that gives it a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from flask import Flask

from desk import db, posts, scheduling
from desk.config import Settings
from desk.desk import Desk
from desk.scheduling import At
from tests.factories import look_up, make_channel, now_of
from tests.fakes.scripted import Scripted
from tests.unit.scheduling.planning import every_hour
from tests.warmth import warmed
from tests.web.visiting import Visitor, field
from web import create_app

STORY = "https://paper.example/ferry"
HALF = timedelta(minutes=30)
TOLD = "may refuse the same words twice"
Press = Callable[[Visitor, int], str]  # gives the page that answers


class Refusing(Scripted):
    refuses_repeats: ClassVar[timedelta | None] = timedelta(hours=24)


@pytest.fixture
def app(desk: Desk, settings: Settings) -> Flask:
    made = warmed(create_app(settings, {"scripted": Refusing}))
    made.testing = False
    desk.connectors["scripted"] = Refusing  # type: ignore[index]
    return made


def soon(visitor: Visitor) -> datetime:
    """A full hour of today's or tomorrow's, well within a day from now."""
    at = now_of(visitor.desk) + timedelta(hours=6)
    return at.replace(minute=0, second=0, microsecond=0)


def written(visitor: Visitor, link: str, at: datetime | None, author: bool) -> int:
    with visitor.desk.db.writing() as session:
        now = db.now(session)
        made = posts.create(session, 1, text="Read this", link=link, now=now)
        if at is not None:
            when = At(at)
            scheduling.schedule(
                visitor.desk, session, made.id, when, now=now, needs_approval=author
            )
        return made.id


def moved(visitor: Visitor, post_id: int) -> str:
    form = visitor.look(f"/calendar/move/{post_id}").text
    at = soon(visitor) + HALF
    values = {name: field(form, name) for name in ("seen", "once")}
    return visitor.send(
        f"/calendar/move/{post_id}",
        {**values, "at": f"{at:%Y-%m-%d %H:%M}"},
        follow_redirects=True,
    ).text


def scheduled(visitor: Visitor, post_id: int) -> str:
    return visitor.send(
        f"/posts/{post_id}/schedule",
        {"when": "at", "at": f"{soon(visitor) + HALF:%Y-%m-%d %H:%M}", "once": "k"},
        follow_redirects=True,
    ).text


def approved(visitor: Visitor, post_id: int) -> str:
    revision = look_up(visitor.desk, post_id).revision
    return visitor.send(
        f"/posts/{post_id}/approve", {"revision": revision}, follow_redirects=True
    ).text


def next_in_line(visitor: Visitor, post_id: int) -> str:
    page = visitor.look("/queue").text
    form = page.split(f'id="line-{post_id}"')[1]
    return visitor.send(
        f"/queue/{post_id}/order",
        {"to": "next", "seen": field(form, "seen"), "once": "k"},
        follow_redirects=True,
    ).text


BUTTONS: dict[str, tuple[Press, bool, bool]] = {  # has it a time, and an author?
    "Move to…, a draft": (moved, False, False),
    "Move to…, of the queue": (moved, True, False),
    "Schedule": (scheduled, False, False),
    "Approve": (approved, True, True),
    "Send next": (next_in_line, True, False),
}


@pytest.mark.parametrize("name", BUTTONS)
def test_the_same_words_with_another_link_are_told_by_every_button(
    editor: Visitor, name: str
) -> None:
    press, planned, author = BUTTONS[name]
    make_channel(editor.desk, "Wire")
    every_hour(editor.desk, 1)
    first = written(editor, STORY, soon(editor), author=False)
    at = soon(editor) + timedelta(hours=3) if planned else None
    again = written(editor, f"{STORY}-2", at, author=author)

    page = press(editor, again)

    assert TOLD in page
    assert f"post {first} says them" in page


def test_it_is_said_once_on_a_card(editor: Visitor) -> None:
    make_channel(editor.desk, "Wire")
    written(editor, STORY, soon(editor), author=False)
    again = written(editor, f"{STORY}-2", None, author=False)

    assert editor.look(f"/posts/{again}").text.count(TOLD) == 1


def test_words_that_are_refused_at_that_time_are_to_be_mended_first(
    editor: Visitor,
) -> None:
    make_channel(editor.desk, "Wire")
    written(editor, STORY, soon(editor), author=False)
    again = look_up(editor.desk, written(editor, STORY, None, author=False))
    path = f"/shares/{again.share_id}"

    page = editor.look(path).text

    assert 'data-good="0"' in page
    assert f'data-fix="text-{again.id}"' in page
    assert "Wire: Scripted refuses the same words twice" in page
    later = f"{now_of(editor.desk) + timedelta(days=9):%Y-%m-%d %H:%M}"
    form = {"posts": str(again.id), "when": "at", "at": later}
    assert 'data-good="1"' in editor.send(f"{path}/plan", form).text
