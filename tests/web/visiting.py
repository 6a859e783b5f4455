"""A browser without JavaScript: signs in, reads a page's forms, sends them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from desk import db, people
from desk.desk import Desk
from desk.models import User
from desk.models.people import Role

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
Values = Mapping[str, object]


class Visitor:
    """Someone at the dashboard, signed in where they have a role."""

    def __init__(self, app: Flask, desk: Desk, role: Role | None) -> None:
        self.desk = desk
        self.client: FlaskClient = app.test_client()
        self.user = self._sign_in(role) if role else None

    def _sign_in(self, role: Role) -> User:
        with self.desk.db.writing() as session:
            now = db.now(session)
            email = f"{role}{len(people.sessions_of(session, 1, now))}@paper.org"
            user = people.ensure_admin(session, now)
            if role != Role.ADMIN:
                user, _ = people.invite(session, email, f"The {role}", role, now)
            token = people.begin_session(session, user.id, "Firefox on Linux", now)
        self.client.set_cookie("desk", token)
        return user

    def look(self, path: str, **more: object) -> TestResponse:
        return self.client.get(path, **more)  # type: ignore[arg-type]  # as werkzeug takes them

    def send(
        self,
        path: str,
        values: Values | MultiDict[str, str] | None = None,
        **more: object,
    ) -> TestResponse:
        """Send a form as one of our own pages would, token and all."""
        found = TOKEN.search(self.look("/sign-in" if not self.user else "/you").text)
        assert found
        filled = MultiDict(values or {})  # type: ignore[arg-type]  # numbers become text
        filled["csrf_token"] = found[1]
        return self.client.post(path, data=filled, **more)  # type: ignore[arg-type]  # as above

    def send_in_place(self, path: str, values: Values | None = None) -> TestResponse:
        """The same by htmx."""
        return self.send(path, values, headers={"HX-Request": "true"})


def field(page: str, name: str) -> str:
    """What a hidden field of a page holds."""
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page)
    assert found, f"no field {name}"
    return found[1]


def sentence(answer: TestResponse) -> str:
    """What an error page says."""
    found = re.search(r'role="alert">.*?<p>(.*?)</p>', answer.text, re.DOTALL)
    assert found, answer.text
    return found[1]
