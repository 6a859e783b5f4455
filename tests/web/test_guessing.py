"""Guessing a password: strangers are slowed down, and never keep its owner out."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from desk import db, people
from desk.desk import Desk
from desk.models import User
from tests.web.test_sign_in import CHEAP, PASSWORD, set_password
from tests.web.visiting import Visitor

OWNER = "admin@localhost"
SPELLINGS = [OWNER, "Admin@LOCALHOST", " admin@localhost ", "admin@localhost\x00",
             "ad\x00min@localhost\x00\x00", "\tadmin@localhost\r\n"]  # fmt: skip


def tries(
    visitor: Visitor, password: str, email: str = OWNER, address: str = "203.0.113.9"
) -> TestResponse:
    return visitor.send(
        "/sign-in",
        {"email": email, "password": password},
        environ_base={"REMOTE_ADDR": address},
    )


@pytest.fixture
def owned(passer_by: Visitor) -> Visitor:
    """A stranger, at a desk whose admin has a password."""
    set_password(passer_by)
    return passer_by


def test_a_spelling_of_the_email_is_no_other_person(owned: Visitor) -> None:
    answers = [
        tries(owned, "wrong", SPELLINGS[n % len(SPELLINGS)], f"203.0.113.{n}")
        for n in range(14)
    ]

    assert [answer.status_code for answer in answers[10:]] == [429] * 4


def test_strangers_elsewhere_do_not_keep_the_owner_out(owned: Visitor) -> None:
    for n in range(12):
        tries(owned, "wrong", address=f"203.0.113.{n}")

    answer = tries(owned, PASSWORD, address="198.51.100.4")

    assert answer.status_code == 302


def test_neighbours_of_one_network_are_counted_together(owned: Visitor) -> None:
    four = [tries(owned, "wrong", address=f"203.0.113.{n}") for n in range(12)]
    six = [tries(owned, "wrong", address=f"2001:db8::{n}") for n in range(12)]

    assert four[-1].status_code == six[-1].status_code == 429


def test_a_browser_that_was_signed_in_before_counts_apart(
    app: Flask, desk: Desk, owned: Visitor
) -> None:
    owner = Visitor(app, desk, None)
    tries(owner, PASSWORD, address="203.0.113.200")
    owner.send("/sign-out")
    for n in range(12):
        tries(owned, "wrong", address=f"203.0.113.{n}")

    stranger = tries(owned, PASSWORD, address="203.0.113.200")
    answer = tries(owner, PASSWORD, address="203.0.113.200")

    assert (stranger.status_code, answer.status_code) == (429, 302)


def test_a_neighbour_at_the_same_address_keeps_no_known_browser_out(
    app: Flask, desk: Desk, owned: Visitor
) -> None:
    owner = Visitor(app, desk, None)
    tries(owner, PASSWORD)
    owner.send("/sign-out")
    stranger = [tries(owned, "wrong", f"n{n}@paper.org") for n in range(12)]

    answer = tries(owner, PASSWORD)

    assert (stranger[-1].status_code, answer.status_code) == (429, 302)


def test_a_known_browser_is_known_for_its_own_people_alone(
    owned: Visitor, desk: Desk
) -> None:
    with desk.db.writing() as session:
        ben, _ = people.invite(
            session, "ben@paper.org", "Ben", "editor", db.now(session)
        )
        session.execute(
            update(User)
            .where(User.id == ben.id)
            .values(password_hash=CHEAP.hash("ben's own long one"))
        )
    tries(owned, "ben's own long one", "ben@paper.org")
    owned.send("/sign-out")

    answers = [tries(owned, "wrong", address=f"203.0.113.{n}") for n in range(12)]

    assert answers[-1].status_code == 429


def test_a_cookie_that_someone_made_up_knows_nobody(owned: Visitor) -> None:
    owned.client.set_cookie("desk-known", '{"key":"x","people":["y"]}.forged')

    answers = [tries(owned, "wrong", address=f"203.0.113.{n}") for n in range(12)]

    assert answers[-1].status_code == 429


def test_guesses_from_everywhere_at_once_come_to_an_end(owned: Visitor) -> None:
    answers = [tries(owned, "wrong", address=f"10.{n}.0.1") for n in range(102)]

    assert answers[99].status_code == 403
    assert answers[-1].status_code == 429
