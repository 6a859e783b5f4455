"""However often a form is done anew, it asks other machines once, and counts once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import ClassVar

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from connectors.base import Account
from desk.db import Database
from desk.desk import Desk
from desk.models.people import Role
from desk.reading import Fetcher
from tests.factories import make_channel
from tests.fakes.scripted import Scripted
from tests.unit.articles.test_correcting import PAGE, STORY
from tests.unit.picturing.made import picture
from tests.unit.reading.site import Site
from tests.warmth import warmed
from tests.web.articles import compose_form, share_path
from tests.web.test_older_compose import offered
from tests.web.visiting import Visitor
from web import create_app

pytestmark = pytest.mark.postgres  # only there a transaction gives way to another

GIVE_WAY = text("DO $$ BEGIN RAISE deadlock_detected; END $$")
MOST = 5  # transactions of one request


class GivesWay(Database):
    """A database whose n-th writing transaction ends so that another can go on."""

    begun = 0
    _at: int | None = None

    def at(self, number: int) -> None:
        """Counted from now, and from 0."""
        self.begun, self._at = 0, number

    @property
    def did(self) -> bool:
        return self._at is None

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with super().writing() as session:
            yield session
            number, self.begun = self.begun, self.begun + 1
            if number == self._at:
                self._at = None
                session.execute(GIVE_WAY)


class Asked(Scripted):
    """A platform that counts who is asked about."""

    asked: ClassVar[list[str]] = []

    def check(self) -> Account:
        self.asked.append(self.platform)
        return super().check()


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        running.gives("/pier.jpg", picture(size=(600, 400)), "image/jpeg")
        running.gives("/lamp.jpg", picture(size=(500, 400)), "image/jpeg")
        running.gives("/pier", PAGE.format(STORY).encode())
        yield running


@pytest.fixture
def app(postgres_desk: Desk, site: Site) -> Iterator[Flask]:
    settings = postgres_desk.settings.model_copy(update={"uploads": 1})
    made = warmed(create_app(settings, {"scripted": Asked}))
    made.testing = False  # errors become pages, as they do for people
    opened = made.extensions["desk"]
    fetcher = Fetcher(allow=site.origin, seconds=5)
    database = GivesWay(settings.database)
    made.extensions["desk"] = replace(opened, db=database, fetcher=fetcher)
    Asked.asked.clear()
    yield made
    for one in (database, opened.db):
        one.engine.dispose()


@pytest.fixture
def database(app: Flask) -> GivesWay:
    made: GivesWay = app.extensions["desk"].db
    return made


@pytest.fixture
def admin(app: Flask, postgres_desk: Desk) -> Visitor:
    return Visitor(app, postgres_desk, Role.ADMIN)


NEW = {"name": "Gazette", "field-account": "gazette", "field-token": "new"}
PRESSES: dict[str, str] = {
    "adding": "/channels/add/scripted",
    "reconnecting": "/channels/1/reconnect",
    "checking": "/channels/1/check",
}


@pytest.mark.parametrize("press", PRESSES)
def test_a_platform_is_asked_once(
    admin: Visitor, database: GivesWay, press: str
) -> None:
    make_channel(admin.desk, "First", account="gazette")
    account = "other" if press == "adding" else "gazette"

    database.at(0)
    answer = admin.send(PRESSES[press], NEW | {"field-account": account})

    assert database.did
    assert answer.status_code == 303
    assert Asked.asked == ["scripted"]


def test_a_page_is_fetched_once_and_counts_once(
    admin: Visitor, database: GivesWay, site: Site
) -> None:
    make_channel(admin.desk)

    database.at(0)
    answer = admin.send("/articles", {"source": site.url("/pier")})

    assert database.did
    assert answer.status_code == 303
    assert site.asked.count("/pier") == 1


def test_the_next_one_over_the_limit_is_refused_all_the_same(
    admin: Visitor, database: GivesWay, site: Site
) -> None:
    database.at(0)
    answers = [admin.send("/articles", {"source": site.url("/pier")}) for _ in "12"]

    assert [answer.status_code for answer in answers] == [303, 429]


@pytest.mark.parametrize("number", range(MOST))
def test_another_picture_is_chosen_whatever_gave_way(
    admin: Visitor, database: GivesWay, site: Site, number: int
) -> None:
    make_channel(admin.desk)
    page = admin.send("/articles", {"source": site.url("/pier")}).location
    article = int(re.findall(r"\d+", page)[0])
    (lamp,) = offered(admin.look(share_path(admin, article)).text)

    form = compose_form(admin, article)
    database.at(number)
    answer = admin.send(lamp, form)

    assert answer.status_code == 303
    assert site.asked.count("/lamp.jpg") == 1
    assert "That picture leads now" in admin.look(share_path(admin, article)).text
    assert database.did or number > 2
