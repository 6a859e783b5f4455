"""Two people at one share, each in a real browser: who is there, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from playwright.sync_api import Browser, Page, expect

from desk import db, people
from desk.models import Post
from desk.models.people import Role
from desk.people import team
from tests.e2e.conftest import Screens, signed_in

MIKA = "mika@harbour.example"


def colleague(screens: Screens) -> Screens:
    """The same desk, as Mika sees it."""
    with screens.desk.db.writing() as session:
        now = db.now(session)
        mika, _ = people.invite(session, MIKA, "Mika Oduya", Role.EDITOR, now)
        token = people.begin_session(session, mika.id, "Firefox", now)
    return replace(screens, token=token)


@contextmanager
def two(chromium: Browser, screens: Screens, path: str) -> Iterator[tuple[Page, Page]]:
    """Ines and Mika, with the same page open."""
    with ExitStack() as both:
        pages = [
            both.enter_context(signed_in(chromium, who))
            for who in (screens, colleague(screens))
        ]
        for page in pages:
            page.goto(f"{screens.address}{path}")
        yield pages[0], pages[1]


def draft(screens: Screens) -> tuple[int, Post]:
    """A share that is being written, and the first of its posts."""
    with screens.desk.db.reading() as session:
        post = next(
            one
            for one in session.query(Post).order_by(Post.id)
            if one.article_id == screens.room.to_compose and one.state == "draft"
        )
        assert post.channel.name
        return post.share_id, post


def test_each_sees_who_else_is_there_and_where_they_write(
    chromium: Browser, own_screens: Screens
) -> None:
    share, post = draft(own_screens)
    name = post.channel.name
    with two(chromium, own_screens, f"/shares/{share}") as (ines, mika):
        here = ines.get_by_role("list", name="Also here")
        expect(here).to_contain_text("Mika Oduya is reading")
        expect(mika.get_by_role("list", name="Also here")).to_contain_text("Ines")
        expect(here).not_to_contain_text("Ines")

        mika.get_by_role("tab", name=name).click()
        mika.locator(f"#text-{post.id}").press_sequentially("Half")

        expect(here).to_contain_text(f"Mika Oduya is writing, {name}")
        dot = ines.locator(f"#tab-{post.id} .here-dot")
        expect(dot).to_have_attribute("title", "Mika Oduya is writing here")
        with own_screens.desk.db.writing() as session:
            person = team.find_person_by_email(session, MIKA)
            people.end_sessions(session, person.id, db.now(session))
        expect(here).to_be_hidden()
        expect(dot).to_be_hidden()


def test_a_comment_arrives_and_closes_nothing_that_is_being_written(
    chromium: Browser, own_screens: Screens
) -> None:
    share, _ = draft(own_screens)
    with two(chromium, own_screens, f"/shares/{share}") as (ines, mika):
        for page in (ines, mika):
            page.locator("#comments > summary").click()
        ines.locator("#comment").fill("Wait for")
        mika.locator("#comment").fill("The judge rules at five.")
        mika.get_by_role("button", name="Comment", exact=True).click()

        expect(ines.locator("#comments-list")).to_contain_text("The judge rules")
        expect(ines.locator("#comment")).to_have_value("Wait for")
        expect(mika.locator("#comment")).to_have_value("")
        mika.get_by_role("button", name="Take back").click()
        expect(ines.locator("#comments-list")).not_to_contain_text("The judge")
        mika.get_by_role("button", name="Undo").click()
        expect(ines.locator("#comments-list")).to_contain_text("The judge rules")
