"""`desk user`: who is on the desk, and what they may do."""

from __future__ import annotations

import pytest

from commands.up import way_in
from desk import db, people
from desk.desk import Desk
from tests import factories
from tests.unit.commands.conftest import Terminal


@pytest.fixture
def ann(terminal: Terminal) -> str:
    for email, role in (("ann@paper.org", "editor"), ("eva@paper.org", "admin")):
        terminal.types("user", "invite", email, "--role", role)
    return "ann@paper.org"


def test_people_are_listed_with_their_role(terminal: Terminal, ann: str) -> None:
    listed = terminal.asks("user", "list")

    assert [(one["email"], one["role"]) for one in listed] == [
        ("ann@paper.org", "editor"),
        ("eva@paper.org", "admin"),
    ]
    assert "never" in terminal.types("user", "list").stdout


def test_a_role_is_changed_but_not_the_last_admins(
    terminal: Terminal, ann: str
) -> None:
    told = terminal.types("user", "role", ann, "author").stdout
    refused = terminal.refused("user", "role", "eva@paper.org", "editor")

    assert told == "ann: author.\n"
    assert "eva is the last admin" in refused


def test_a_person_is_disabled_and_enabled(terminal: Terminal, ann: str) -> None:
    told = terminal.types("user", "disable", ann).stdout
    listed = terminal.types("user", "list").stdout
    back = terminal.types("user", "enable", ann).stdout

    assert told.startswith("ann is disabled.")
    assert "disabled" in listed
    assert back == "ann may sign in again.\n"


def test_nobody_is_one_sentence(terminal: Terminal) -> None:
    assert "Nobody on this desk" in terminal.refused("user", "disable", "x@paper.org")


def test_a_one_time_link_is_printed_when_it_is_asked_for(
    terminal: Terminal, ann: str
) -> None:
    first, second = (terminal.types("user", "link", ann).stdout for _ in range(2))

    assert "signs ann in once" in first
    assert "/sign-in/" in first
    assert first != second


def test_a_start_prints_a_way_in_only_while_no_admin_has_a_password(
    desk: Desk,
) -> None:
    before = way_in(desk)
    with desk.db.writing() as session:
        admin = people.ensure_admin(session, db.now(session))
        factories.set_password(session, admin.id, "eleven quiet ferries")
    after = way_in(desk)

    assert "/sign-in/" in before
    assert "/sign-in/" not in after
    assert "desk user link" in after
