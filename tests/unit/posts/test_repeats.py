"""Repeats: the same words twice are told when they are scheduled, not when sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

import pytest

from connectors.base import Connector, Message
from connectors.x import X
from desk import db, posts, preferences, scheduling
from desk.desk import Desk
from desk.posts import editing, validation
from desk.posts.editing import Change, Typed
from desk.posts.validation import TooLong
from desk.scheduling import At, foreseen
from tests import factories
from tests.fakes.scripted import Scripted

DAY = timedelta(hours=24)
HOUR = timedelta(hours=1)
STORY = "https://paper.example/ferry"


class Refusing(Scripted):
    """A platform that refuses the same words within a day."""

    platform = "refusing"
    title = "Refusing"
    refuses_repeats: ClassVar[timedelta | None] = DAY


@pytest.fixture
def world(any_desk: Desk) -> tuple[Desk, int]:
    known: dict[str, type[Connector]] = {**any_desk.connectors, "refusing": Refusing}
    desk = replace(any_desk, connectors=known)
    return desk, factories.make_channel(desk, "Wire", "refusing", account="wire")


def draft(world: tuple[Desk, int], text: str, link: str = "", tags: str = "") -> int:
    desk, channel_id = world
    with desk.db.writing() as session:
        now = db.now(session)
        made = posts.create(session, channel_id, text=text, link=link, now=now)
        made.tags = tags
        return made.id


def schedule(desk: Desk, post_id: int, at: datetime | None = None) -> None:
    with desk.db.writing() as session:
        now = db.now(session)
        scheduling.schedule(desk, session, post_id, At(at or now), now=now)


def write(desk: Desk, post_id: int, text: str) -> None:
    with desk.db.writing() as session:
        now = db.now(session)
        editing.edit(desk, session, post_id, Typed(Change(text=text), 1), now=now)


def told(desk: Desk, post_id: int) -> tuple[str, str]:
    """What stands against it, and what is to be known of it."""
    with desk.db.reading() as session:
        post = posts.find_post(session, post_id)
        seen = validation.rendered(desk, post, post.text, post.alt)
        now, zone = db.now(session), preferences.zone(session, desk.settings)
        known = foreseen.remarks(desk, session, post, now, zone)
        return " ".join(map(str, seen.problems)), " ".join([*seen.remarks, *known])


@pytest.mark.parametrize(
    "again",
    [
        "The ferry is back",
        "The  ferry is  back\n",
        "The fer\u200bry is back",
        "\u2067The ferry is back\u2069",
    ],
)
def test_the_same_words_are_refused_when_they_are_scheduled(
    world: tuple[Desk, int], again: str
) -> None:
    desk = world[0]
    soon = factories.now_of(desk) + HOUR
    first = draft(world, "The ferry is back")
    schedule(desk, first, soon)
    second = draft(world, again)

    with pytest.raises(TooLong, match="refuses the same words twice") as refused:
        schedule(desk, second, soon + 22 * HOUR)

    assert f"post {first}" in str(refused.value)
    assert "change a word" in str(refused.value)
    assert factories.look_up(desk, second).state == "draft"
    problems, remarks = told(desk, second)
    assert (problems, "refuses the same words" in remarks) == ("", True)


def test_what_is_live_counts_as_well_as_what_is_planned(
    world: tuple[Desk, int],
) -> None:
    desk = world[0]
    first = draft(world, "The ferry is back")
    schedule(desk, first)
    factories.run_due(desk)
    assert factories.look_up(desk, first).state == "published"

    with pytest.raises(TooLong):
        schedule(desk, draft(world, "The ferry is back"))


@pytest.mark.parametrize(
    ("link", "again"),
    [
        (STORY, f"{STORY}?ref=mail"),
        (STORY, "http://www.paper.example/ferry/"),
        ("", ""),
    ],
)
def test_a_link_in_another_spelling_makes_no_other_words(
    world: tuple[Desk, int], link: str, again: str
) -> None:
    desk = world[0]
    schedule(desk, draft(world, f"The ferry: {link}".strip(), link, "utm_content=1"))

    with pytest.raises(TooLong):
        schedule(desk, draft(world, "The ferry:", again, "utm_content=2"))


def test_the_same_words_with_another_link_are_only_told(
    world: tuple[Desk, int],
) -> None:
    desk = world[0]
    schedule(desk, draft(world, "Read this", STORY))
    second = draft(world, "Read this", f"{STORY}-2")

    schedule(desk, second)

    problems, remarks = told(desk, second)
    assert (problems, "may refuse" in remarks) == ("", True)


def test_the_same_words_in_other_capitals_are_only_told(
    world: tuple[Desk, int],
) -> None:
    """No platform says that it takes them for the same."""
    desk = world[0]
    first = draft(world, "Twice by form")
    schedule(desk, first)
    second = draft(world, "Twice BY form")

    schedule(desk, second)

    problems, remarks = told(desk, second)
    assert (problems, "may refuse" in remarks) == ("", True)
    assert f"in other capitals, too, and post {first} says them" in remarks


@pytest.mark.parametrize("gone", ["cancelled", "draft", "failed"])
def test_what_will_not_go_out_stands_against_nothing(
    world: tuple[Desk, int], gone: str
) -> None:
    desk = world[0]
    first = draft(world, "The ferry is back")
    schedule(desk, first, factories.now_of(desk) + HOUR)
    with desk.db.writing() as session:
        posts.find_post(session, first).state = gone

    schedule(desk, draft(world, "The ferry is back"))


def test_past_its_time_the_same_words_are_taken_again(
    world: tuple[Desk, int],
) -> None:
    desk = world[0]
    soon = factories.now_of(desk) + HOUR
    schedule(desk, draft(world, "The ferry is back"), soon)

    schedule(desk, draft(world, "The ferry is back"), soon + DAY)


def test_a_change_that_says_another_posts_words_is_refused(
    world: tuple[Desk, int],
) -> None:
    desk = world[0]
    soon = factories.now_of(desk) + HOUR
    schedule(desk, draft(world, "The ferry is back"), soon)
    second = draft(world, "The ferry is late")
    schedule(desk, second, soon)

    with pytest.raises(TooLong):
        write(desk, second, "The ferry is back")

    with desk.db.reading() as session:
        post = posts.find_post(session, second)
        seen = validation.rendered(desk, post, "The ferry is back", "")
    assert "refuses the same words" in " ".join(map(str, seen.problems))


def test_another_channel_and_another_platform_take_them(
    world: tuple[Desk, int],
) -> None:
    desk = world[0]
    other = factories.make_channel(desk, "Other", "refusing", account="other")
    plain = factories.make_channel(desk, "Plain")
    schedule(desk, draft(world, "The ferry is back"))

    for channel_id in (other, plain, plain):
        schedule(desk, draft((desk, channel_id), "The ferry is back"))


def test_x_refuses_the_same_words_for_a_day() -> None:
    x = X({"server": "https://api.x.com"})

    assert x.refuses_repeats == DAY
    assert x.compared(Message("A  B https://paper.example/a")) == "A B"
