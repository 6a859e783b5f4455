"""Signing in by link and by password, and out again."""

from __future__ import annotations

import re

import pytest
from argon2 import PasswordHasher
from sqlalchemy import update

from desk import db, people
from desk.models import SignInLink, User
from tests.web.visiting import Visitor, sentence
from web.forms import own_path

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "eleven quiet ferries"


def link(visitor: Visitor) -> str:
    with visitor.desk.db.writing() as session:
        now = db.now(session)
        admin = people.ensure_admin(session, now)
        return "/sign-in/" + people.sign_in_link(session, admin.id, now)


def set_password(visitor: Visitor) -> None:
    with visitor.desk.db.writing() as session:
        admin = people.ensure_admin(session, db.now(session))
        kept = CHEAP.hash(PASSWORD)
        session.execute(
            update(User).where(User.id == admin.id).values(password_hash=kept)
        )


def test_looking_at_a_link_does_not_use_it_up(passer_by: Visitor) -> None:
    path = link(passer_by)

    pages = [passer_by.look(path) for _ in range(2)]
    answer = passer_by.send(path)

    assert ["Welcome, First admin" in page.text for page in pages] == [True, True]
    assert answer.location == "/"
    assert passer_by.look("/").status_code == 200


def test_a_link_works_once(passer_by: Visitor) -> None:
    path = link(passer_by)
    passer_by.send(path)

    answer = passer_by.send(path)

    assert answer.status_code == 403
    assert "already used" in sentence(answer)


def test_a_link_ends_after_a_quarter_of_an_hour(passer_by: Visitor) -> None:
    path = link(passer_by)
    with passer_by.desk.db.writing() as session:
        ended = db.now(session) - people.LINK_LASTS
        session.execute(update(SignInLink).values(expires_at=ended))

    answer = passer_by.look(path)

    assert answer.status_code == 403
    assert "has ended" in sentence(answer)


def test_a_made_up_link_is_refused(passer_by: Visitor) -> None:
    assert passer_by.look("/sign-in/made-up").status_code == 403


def test_the_cookie_is_for_this_browser_alone(passer_by: Visitor) -> None:
    answer = passer_by.send(link(passer_by))

    (cookie,) = [
        c for c in answer.headers.getlist("Set-Cookie") if c.startswith("desk=")
    ]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert len(re.findall("desk=([^;]+)", cookie)[0]) >= 43


def test_a_password_signs_in_and_leads_where_one_was_going(passer_by: Visitor) -> None:
    set_password(passer_by)

    answer = passer_by.send(
        "/sign-in",
        {"email": "Admin@localhost", "password": PASSWORD, "next": "/status"},
    )

    assert answer.location == "/status"
    assert passer_by.look("/status").status_code == 200


@pytest.mark.parametrize("email", ["admin@localhost", "nobody@paper.org"])
def test_a_wrong_password_and_a_wrong_name_say_the_same(
    passer_by: Visitor, email: str
) -> None:
    set_password(passer_by)

    answer = passer_by.send("/sign-in", {"email": email, "password": "wrong"})

    assert answer.status_code == 403
    assert sentence(answer).startswith("This email and password do not go together.")


def test_too_many_tries_have_to_wait(passer_by: Visitor) -> None:
    answers = [passer_by.look("/sign-in/made-up").status_code for _ in range(62)]

    assert answers[0] == 403
    assert answers[-1] == 429


def test_wrong_links_of_a_neighbour_keep_nobody_out_who_has_a_right_one(
    passer_by: Visitor,
) -> None:
    path = link(passer_by)
    for _ in range(62):
        passer_by.look("/sign-in/made-up")

    seen, used = passer_by.look(path), passer_by.send(path)

    assert (seen.status_code, used.status_code) == (200, 302)


def test_one_link_is_tried_a_few_times_a_minute(passer_by: Visitor) -> None:
    path = link(passer_by)
    weak = {"name": "Ada", "password": "short"}

    answers = [passer_by.send(path, weak).status_code for _ in range(12)]

    assert answers[0] != answers[-1] == 429


def test_signing_out_ends_the_session(editor: Visitor) -> None:
    editor.send("/sign-out")

    assert editor.look("/").status_code == 302


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\evil", "evil", "",
     "/\tevil", "/%0d%0a\nx", "javascript:alert(1)"],
)  # fmt: skip
def test_after_signing_in_one_stays_on_the_desk(path: str) -> None:
    assert own_path(path) == "/"


def test_a_path_of_the_desk_is_kept() -> None:
    assert own_path("/articles/3?tab=x") == "/articles/3?tab=x"
