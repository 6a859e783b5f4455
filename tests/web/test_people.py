"""Your own page: theme, password, sessions."""

from __future__ import annotations

import pytest

from desk import db, people
from desk.desk import Desk
from tests.web.visiting import Visitor, sentence


def test_the_theme_is_kept_with_the_person(editor: Visitor) -> None:
    editor.send("/you/theme", {"theme": "dark"})

    assert 'data-theme="dark"' in editor.look("/").text


def test_an_unknown_theme_is_refused(editor: Visitor) -> None:
    answer = editor.send("/you/theme", {"theme": "pink"})

    assert answer.status_code == 400
    assert "Choose auto, light or dark" in sentence(answer)


def test_where_scheduling_leads_is_kept_with_the_person(editor: Visitor) -> None:
    stay = 'value="stay" aria-pressed="true"'
    assert stay not in editor.look("/you").text

    editor.send("/you/scheduling", {"after": "stay"})

    assert stay in editor.look("/you").text


def test_another_place_to_go_is_refused(editor: Visitor) -> None:
    answer = editor.send("/you/scheduling", {"after": "home"})

    assert answer.status_code == 400
    assert "choose next or stay" in sentence(answer)


def test_a_short_password_is_refused(editor: Visitor) -> None:
    answer = editor.send("/you/password", {"password": "short"})

    assert answer.status_code == 400
    assert "12 characters or more; this one has 5" in sentence(answer)


def test_another_browser_can_be_signed_out(editor: Visitor) -> None:
    assert editor.user
    with editor.desk.db.writing() as session:
        now = db.now(session)
        token = people.begin_session(session, editor.user.id, "Chrome on Mac OS", now)
        other = people.signed_in(session, token, now)
    assert other
    assert "Chrome on a Mac" in editor.look("/you").text

    editor.send(f"/you/sessions/{other.id}/end")

    assert "Chrome on a Mac" not in editor.look("/you").text


def test_nobody_signs_out_someone_else(editor: Visitor, author: Visitor) -> None:
    assert author.user
    with editor.desk.db.reading() as session:
        (theirs,) = people.sessions_of(session, author.user.id, db.now(session))

    editor.send(f"/you/sessions/{theirs.id}/end")

    assert author.look("/").status_code == 200


def test_an_idle_session_ends(editor: Visitor) -> None:
    assert editor.user
    with editor.desk.db.writing() as session:
        now = db.now(session)
        (mine,) = people.sessions_of(session, editor.user.id, now)
        people.see(session, mine.id, now - people.IDLE)

    assert editor.look("/").status_code == 302


def test_a_disabled_person_is_out_at_once(editor: Visitor) -> None:
    assert editor.user
    with editor.desk.db.writing() as session:
        person = session.get_one(type(editor.user), editor.user.id)
        person.disabled_at = db.now(session)

    assert editor.look("/").status_code == 302


@pytest.mark.parametrize(
    ("email", "role", "said"),
    [
        ("nobody", "editor", "is no email address"),
        ("ann@paper.org", "boss", "There is no role “boss”"),
        ("ADMIN@localhost", "editor", "already on this desk"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(
    desk: Desk, email: str, role: str, said: str
) -> None:
    with desk.db.writing() as session:
        now = db.now(session)
        people.ensure_admin(session, now)

        with pytest.raises(people.BadPerson, match=said):
            people.invite(session, email, "Ann", role, now)


def test_an_invitation_lets_its_person_in(passer_by: Visitor) -> None:
    with passer_by.desk.db.writing() as session:
        now = db.now(session)
        ann, token = people.invite(session, "Ann@paper.org", "Ann", "author", now)

    passer_by.send(f"/sign-in/{token}")

    assert ann.email == "ann@paper.org"
    assert "<dd>author</dd>" in passer_by.look("/you").text


def test_there_is_one_first_admin(desk: Desk) -> None:
    with desk.db.writing() as session:
        now = db.now(session)
        admins = {people.ensure_admin(session, now).id for _ in range(2)}

    assert len(admins) == 1
