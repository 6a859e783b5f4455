"""Setting a password costs whoever sets it their own time, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import argon2
import pytest
import zxcvbn
from sqlalchemy import Connection, event

from desk import people
from tests import factories
from tests.web.visiting import Visitor, sentence

GOOD, OTHER = "eleven quiet ferries", "quiet ferries at noon"


@pytest.fixture
def worked(editor: Visitor, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """For each judging or hashing: was a transaction open that writes?"""
    open_ones: set[int] = set()
    engine, found = editor.desk.db.engine, list[bool]()

    def begins(connection: Connection) -> None:
        if connection.get_execution_options().get("standfirst") == "write":
            open_ones.add(id(connection))

    def ends(connection: Connection) -> None:
        open_ones.discard(id(connection))

    def told(work: Callable[..., Any]) -> Callable[..., Any]:
        def working(*args: Any, **more: Any) -> Any:
            found.append(bool(open_ones))
            return work(*args, **more)

        return working

    listeners = (("begin", begins), ("commit", ends), ("rollback", ends))
    app_engine = editor.client.application.extensions["desk"].db.engine
    for one in (engine, app_engine):
        for name, listener in listeners:
            event.listen(one, name, listener)
    for name in ("hash", "verify"):
        work = getattr(argon2.PasswordHasher, name)
        monkeypatch.setattr(argon2.PasswordHasher, name, told(work))
    monkeypatch.setattr(zxcvbn, "zxcvbn", told(zxcvbn.zxcvbn))
    yield found
    for one in (engine, app_engine):
        for name, listener in listeners:
            event.remove(one, name, listener)


def stands_for_long(editor: Visitor) -> None:
    """As if they had signed in long ago, with a password."""
    assert editor.user
    with editor.desk.db.writing() as session:
        factories.set_password(session, editor.user.id, GOOD)
        now = factories.now_of(editor.desk)
        for one in people.sessions_of(session, editor.user.id, now):
            one.created_at = now - people.FRESH


def test_a_new_password_is_compared_judged_and_hashed_while_others_write(
    editor: Visitor, worked: list[bool]
) -> None:
    stands_for_long(editor)
    worked.clear()

    answer = editor.send("/you/password", {"old": GOOD, "password": OTHER})

    assert answer.status_code == 302
    assert worked == [False] * 3


def test_so_is_one_that_is_set_by_a_link(
    editor: Visitor, passer_by: Visitor, worked: list[bool]
) -> None:
    assert editor.user
    with editor.desk.db.writing() as session:
        now = factories.now_of(editor.desk)
        token = people.sign_in_link(session, editor.user.id, now)

    answer = passer_by.send(f"/sign-in/{token}", {"name": "", "password": OTHER})

    assert answer.status_code == 302
    assert worked == [False] * 2


def test_signing_in_keeps_nobody_from_writing(
    editor: Visitor, passer_by: Visitor, worked: list[bool]
) -> None:
    stands_for_long(editor)
    assert editor.user
    worked.clear()

    answer = passer_by.send("/sign-in", {"email": editor.user.email, "password": GOOD})

    assert answer.status_code == 302
    assert worked == [False]


def test_a_link_that_is_none_makes_nobody_judge_anything(
    passer_by: Visitor, worked: list[bool]
) -> None:
    answer = passer_by.send("/sign-in/made-up", {"name": "", "password": OTHER})

    assert answer.status_code == 403
    assert worked == []


def test_a_person_sets_so_many_passwords_and_no_more(
    editor: Visitor, worked: list[bool]
) -> None:
    answers = [
        editor.send("/you/password", {"password": "weak" * 4}) for _ in range(12)
    ]

    assert [one.status_code for one in answers[10:]] == [429] * 2
    assert "Too many tries" in sentence(answers[-1])
    assert len(worked) == 10
