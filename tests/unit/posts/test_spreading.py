"""One text for every channel where it fits, and each former text back."""

from __future__ import annotations

import dataclasses

from connectors.base import Connector
from desk import db, posts, scheduling
from desk.channels import channel_settings
from desk.desk import Desk
from desk.models import Post
from desk.people.actors import Actor
from desk.posts import editing, spreading, undo, validation
from desk.posts.editing import Change, Typed
from desk.posts.spreading import Spread
from desk.scheduling import Now
from desk.writing.style import Style
from tests.factories import look_up, make_channel
from tests.fakes.scripted import Scripted
from tests.unit.articles.taken import drafts, take


def spread(desk: Desk, post_id: int) -> Spread:
    with desk.db.writing() as session:
        return spreading.spread(
            desk, session, post_id, now=db.now(session), by=Actor("Ines")
        )


def write(desk: Desk, post_id: int, text: str) -> None:
    with desk.db.writing() as session:
        now = db.now(session)
        revision = look_up(desk, post_id).revision
        editing.edit(
            desk, session, post_id, Typed(Change(text=text), revision), now=now
        )


def test_every_channel_says_it_and_undo_brings_each_text_back(any_desk: Desk) -> None:
    first, second, third = drafts(any_desk, take(any_desk, "Aldon", "Bay", "Coast"))
    write(any_desk, first.id, "The ferry is back")
    write(any_desk, third.id, "Something else")

    done = spread(any_desk, first.id)

    assert [post.id for post in done.changed] == [second.id, third.id]
    assert look_up(any_desk, third.id).text == "The ferry is back"
    with any_desk.db.writing() as session:
        now = db.now(session)
        undo.bring_back(any_desk, session, third.id, now=now, by=Actor("Ines"))
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


class Elsewhere(Scripted):
    """Another platform, where the same handle is another account."""

    platform = "elsewhere"
    title = "Elsewhere"


def two_platforms(desk: Desk, **styles: Style) -> tuple[Desk, Post, Post]:
    known: dict[str, type[Connector]] = {**desk.connectors, "elsewhere": Elsewhere}
    desk = dataclasses.replace(desk, connectors=known)
    make_channel(desk, "Bay", "elsewhere", account="bay")
    first, second = drafts(desk, take(desk, "Aldon"))
    with desk.db.writing() as session:
        for post in (first, second):
            style = styles.get(post.channel.name, Style())
            channel_settings.set_style(session, post.channel_id, style)
    return desk, first, second


def remarks(desk: Desk, post_id: int) -> str:
    with desk.db.reading() as session:
        post = posts.find_post(session, post_id)
        return " ".join(validation.rendered(desk, post, post.text, post.alt).remarks)


def test_a_handle_does_not_travel_unnoticed(any_desk: Desk) -> None:
    desk, first, second = two_platforms(any_desk)
    text = "Thanks @thepaper, write to press@paper.example"
    write(desk, first.id, text)

    done = spread(desk, first.id)

    assert [post.id for post in done.with_strangers] == [second.id]
    assert look_up(desk, second.id).text == text
    assert "@thepaper. On Elsewhere" in remarks(desk, second.id)
    assert "@thepaper" not in remarks(desk, first.id)
    write(desk, second.id, "Thanks, write to press@paper.example")
    assert "another channel" not in remarks(desk, second.id)


def test_a_channels_own_handle_takes_the_place_of_the_others(desk: Desk) -> None:
    desk, first, second = two_platforms(
        desk,
        Aldon=Style(mentions={"The Paper": "@thepaper"}),
        Bay=Style(mentions={"the paper": "@paper@bay.example"}),
    )
    write(desk, first.id, "Thanks @ThePaper!")

    done = spread(desk, first.id)

    assert look_up(desk, second.id).text == "Thanks @paper@bay.example!"
    assert done.with_strangers == []
    assert "another channel" not in remarks(desk, second.id)


def test_undo_takes_the_word_of_strange_handles_back(desk: Desk) -> None:
    desk, first, second = two_platforms(desk)
    write(desk, first.id, "Thanks @thepaper")
    spread(desk, first.id)

    with desk.db.writing() as session:
        undo.bring_back(desk, session, second.id, now=db.now(session), by=Actor("Ines"))
    write(desk, second.id, "Ours: @thepaper")

    assert "another channel" not in remarks(desk, second.id)


def test_an_alt_text_that_waits_to_be_checked_still_does(desk: Desk) -> None:
    first, second = drafts(desk, take(desk, "Aldon", "Bay"))
    write(desk, first.id, "The ferry is back")

    spread(desk, first.id)

    assert look_up(desk, second.id).alt_is_draft
