"""Passwords that are too easy to guess, and who may change one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import db, people
from desk.desk import Desk
from desk.models import User
from desk.people import SignInRefused, passwords
from desk.people.passwords import WeakPassword
from tests import factories

GOOD = "eleven quiet ferries"
ABOUT = ["noor.halvard@paper.org", "Noor Halvard", "Noor", "Halvard", "NoorHalvard"]


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "password1234",
        "Password123!",
        " " * 12,
        "noor.halvard@paper.org",
        "Noor Halvard",
        "NoorHalvard1",
        "qwertyuiop123",
        "123456789012",
        "abcabcabcabc",
        "iloveyou2026",
    ],
)
def test_what_a_stranger_would_try_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword, match="first that a stranger would try"):
        passwords.refuse_weak(password, ABOUT)


@pytest.mark.parametrize(
    "password",
    [GOOD, GOOD * 40, "four words do well", "Kx7#pQ2m!vR9", "ein Fahrrad im Regen"],
)
def test_a_few_words_do(password: str) -> None:
    passwords.refuse_weak(password, ABOUT)


def signed_in(desk: Desk, ago: timedelta) -> tuple[int, int]:
    """A person with a password, and the number of a sign-in of that age."""
    person = factories.make_person(desk)
    with desk.db.writing() as session:
        now = db.now(session)
        people.set_password(session, person.id, GOOD)
        token = people.begin_session(session, person.id, "Firefox", now - ago)
        here = people.signed_in(session, token, now)
        assert here
        return person.id, here.id


def change(desk: Desk, session_id: int, old: str) -> None:
    with desk.db.writing() as session:
        here = people.session_of(session, session_id)
        new = "quiet ferries at noon"
        people.change_password(session, here, old, new, db.now(session))


def test_an_old_sign_in_needs_the_old_password(desk: Desk) -> None:
    _, here = signed_in(desk, people.FRESH)

    with pytest.raises(SignInRefused, match="not your old password"):
        change(desk, here, "something else")
    change(desk, here, GOOD)


def test_a_fresh_sign_in_is_proof_enough(desk: Desk) -> None:
    _, here = signed_in(desk, timedelta())

    change(desk, here, "")


def test_without_a_password_only_a_fresh_sign_in_sets_one(desk: Desk) -> None:
    person, here = signed_in(desk, people.FRESH)
    with desk.db.writing() as session:
        session.get_one(User, person).password_hash = None

    with pytest.raises(SignInRefused, match="Ask an admin for a new one-time link"):
        change(desk, here, "")
