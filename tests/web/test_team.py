"""The team: inviting, roles, disabling; and that each takes effect at once."""

from __future__ import annotations

import re
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Callable

import pytest

from desk import db, people
from desk.models import User
from desk.models.people import Role
from tests.web.visiting import Visitor, sentence

LINK = re.compile(r'value="http://[^/]+(/sign-in/[\w-]+)"')
PASSWORD = "eleven quiet ferries"


def invited(admin: Visitor, **values: str) -> str:
    """The path of the link that the page shows once."""
    asked = {"email": "noor@paper.org", "name": "Noor", "role": "author", **values}
    answer = admin.send("/team/invite", asked)
    found = LINK.search(admin.look(answer.location).text)
    assert found
    return found[1]


def number(visitor: Visitor) -> int:
    assert visitor.user
    return visitor.user.id


def stored(visitor: Visitor, user_id: int) -> User:
    with visitor.desk.db.reading() as session:
        return session.get_one(User, user_id)


def test_an_invited_person_sets_a_name_and_password_and_is_in(
    admin: Visitor, passer_by: Visitor
) -> None:
    path = invited(admin)
    welcome = passer_by.look(path).text

    passer_by.send(path, {"name": "Noor Halvard", "password": PASSWORD})

    assert "as an author" in welcome
    assert "Noor Halvard" in passer_by.look("/you").text
    passer_by.send("/sign-out")
    answer = passer_by.send(
        "/sign-in", {"email": "noor@paper.org", "password": PASSWORD}
    )
    assert answer.status_code == 302


def test_a_link_is_shown_once(admin: Visitor) -> None:
    invited(admin)

    assert not LINK.search(admin.look("/team").text)


def test_a_password_that_is_too_short_does_not_use_up_the_link(
    admin: Visitor, passer_by: Visitor
) -> None:
    path = invited(admin)

    answer = passer_by.send(path, {"name": "Noor", "password": "short"})

    assert answer.status_code == 400
    assert "this one has 5" in sentence(answer)
    assert passer_by.look(path).status_code == 200


def test_a_new_link_takes_the_place_of_the_one_before(
    admin: Visitor, editor: Visitor, passer_by: Visitor
) -> None:
    path = invited(admin)
    with admin.desk.db.reading() as session:
        noor = session.query(User).filter_by(email="noor@paper.org").one().id

    answer = admin.send(f"/team/{noor}/link")
    found = LINK.search(admin.look(answer.location).text)

    assert found
    assert passer_by.look(path).status_code == 403
    assert passer_by.look(found[1]).status_code == 200


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"email": "noor"}, "is no email address"),
        ({"email": "admin@localhost"}, "already on this desk"),
        ({"email": "n@paper.org", "role": "boss"}, "no role “boss”"),
    ],
)
def test_an_invitation_that_can_not_be_says_why(
    admin: Visitor, values: dict[str, str], said: str
) -> None:
    answer = admin.send("/team/invite", {"name": "N", "role": "editor", **values})

    assert answer.status_code == 400
    assert said in sentence(answer)


def test_a_role_holds_from_the_next_click_on(admin: Visitor, editor: Visitor) -> None:
    before = editor.send("/hold").status_code

    answer = admin.send(f"/team/{number(editor)}/role", {"role": "analyst"})
    page = admin.look(answer.location).text

    assert "is an analyst from the next click on" in page
    assert (before, editor.send("/hold").status_code) == (303, 403)


def test_a_changed_role_is_undone(admin: Visitor, editor: Visitor) -> None:
    admin.send(f"/team/{number(editor)}/role", {"role": "analyst"})

    admin.press("/team", "/team/undo-role")

    assert stored(admin, number(editor)).role == "editor"


def test_who_is_disabled_is_out_at_once_and_may_be_let_in_again(
    admin: Visitor, editor: Visitor
) -> None:
    admin.send(f"/team/{number(editor)}/disable")
    out = editor.look("/queue").status_code

    admin.send(f"/team/{number(editor)}/enable")

    assert out == 302
    assert editor.look("/queue").status_code == 302  # that session stays ended
    assert stored(admin, number(editor)).disabled_at is None


def test_sessions_are_ended_from_afar(admin: Visitor, editor: Visitor) -> None:
    admin.send(f"/team/{number(editor)}/sessions/end")

    assert editor.look("/queue").status_code == 302
    assert admin.look("/team").status_code == 200


def test_the_last_admin_and_oneself_are_safe(admin: Visitor) -> None:
    me = number(admin)

    answers = [
        admin.send(f"/team/{me}/role", {"role": "editor"}),
        admin.send(f"/team/{me}/disable"),
    ]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert stored(admin, me).role == "admin"
    assert admin.look("/team").status_code == 200


def test_nobody_is_not_found(admin: Visitor) -> None:
    assert admin.send("/team/99/disable").status_code == 404


def test_the_list_tells_who_is_who_and_what_roles_may(
    admin: Visitor, visit: Callable[[Role | None], Visitor]
) -> None:
    visit(Role.ANALYST)
    with admin.desk.db.writing() as session:
        people.invite(session, "b@paper.org", "Ben", "editor", db.now(session))

    page = admin.look("/team").text

    assert "1 browser signed in" in page
    assert "invited" in page
    assert "What each role may do" in page
    assert "Reads and exports, changes nothing" in page


def test_no_cookie_tells_a_one_time_link(admin: Visitor) -> None:
    asked = {"email": "noor@paper.org", "name": "Noor", "role": "author"}
    answer = admin.send("/team/invite", asked)

    cookie = admin.client.get_cookie("form")
    assert cookie
    opened = [urlsafe_b64decode(f"{one}===") for one in cookie.value.split(".") if one]
    readable = b"".join([*opened, *map(_inflated, opened)])
    found = LINK.search(admin.look(answer.location).text)
    assert found
    assert found[1].rsplit("/", 1)[1].encode() not in readable
    assert b"shown_once" in readable


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompress(packed)
    except zlib.error:
        return b""
