"""A browser without JavaScript: signs in, reads a page's forms, sends them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from desk import channels, db, holds, people, preferences, report, slots
from desk.channels import channel_settings
from desk.conflicts import mark
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Article, Channel, Post, User
from desk.models.people import Role
from web import shown

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
SHARED = re.compile(r"/articles/(\d+)/share$")
OF_ONE = re.compile(r"/posts/(\d+)/")
UNDOS = (
    *("/posts/restore", "/posts/undo", "/posts/former"),
    *("/needs/wait-again", "/articles/unshare"),
)
OF_MANY = ("/posts/", "/needs/", "/articles/unshare")
WORDS = re.compile(r"text-(\d+)$")
Values = Mapping[str, object]
COPY = re.compile(r"/posts/(\d+)/copy/discard$")
TAGS = re.compile(r"<[^>]+>")
PLACES = re.compile(r"/(channels|team|articles)/(\d+)/(\w+)$")


class Visitor:
    """Someone at the dashboard, signed in where they have a role."""

    def __init__(self, app: Flask, desk: Desk, role: Role | None) -> None:
        self.desk = desk
        self.client: FlaskClient = app.test_client()
        self._tokens: dict[tuple[str, ...], str] = {}  # by the cookies they belong to
        self.user = self._sign_in(role) if role else None

    def _sign_in(self, role: Role) -> User:
        with self.desk.db.writing() as session:
            now = db.now(session)
            number = session.scalar(select(func.count()).select_from(User))
            email = f"{role}{number}@paper.org"
            user = people.ensure_admin(session, now)
            if role != Role.ADMIN:
                name = f"The {role}"
                taken = session.scalar(select(User.id).where(User.name == name))
                name = f"{name} {number}" if taken else name
                user, _ = people.invite(session, email, name, role, now)
            token = people.begin_session(session, user.id, "Firefox on Linux", now)
        self.client.set_cookie("desk", token)
        return user

    def look(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def send(
        self,
        path: str,
        values: Values | None = None,
        **more: Any,
    ) -> TestResponse:
        """Send a form as one of our own pages would, token and all.

        What it doesn't say of its posts, it says as a page of this moment shows them.
        """
        values = values or {}
        shows = as_shown(self.desk, path, values) | self._copy_shown(path)
        return self.send_bare(path, {**shows, **values}, **more)

    def _copy_shown(self, path: str) -> dict[str, object]:
        """What is theirs on the page of a post, where this is about just that."""
        if not (its := COPY.match(path)):
            return {}
        with self.desk.db.reading() as session:
            post = session.get(Post, int(its[1]))
            if post is None:
                return {}
            mine = (
                copy
                for copy in post.copies
                if self.user and copy.person_id == self.user.id
            )
            return dict(shown.copy_fields(post, next(mine, None)))

    def send_bare(
        self, path: str, values: Values | None = None, **more: Any
    ) -> TestResponse:
        """The same, with nothing that these values don't say."""
        filled = {**(values or {}), "csrf_token": self._token()}
        return self.client.post(path, data=filled, **more)

    def _token(self) -> str:
        """As a page has it, which sends one form after the other."""
        if self._cookies() not in self._tokens:
            token = self._new_token()
            self._tokens[self._cookies()] = token
        return self._tokens[self._cookies()]

    def _cookies(self) -> tuple[str, ...]:
        kept = (self.client.get_cookie(name) for name in ("desk", "form"))
        return tuple(one.value if one else "" for one in kept)

    def _new_token(self) -> str:
        """As an older page of theirs asks for it; a stranger's page brings one."""
        asked = self.look("/you/signed-in")
        if asked.is_json:
            return str(asked.get_json()["token"])
        found = TOKEN.search(self.look("/sign-in").text)
        assert found
        return found[1]

    def press(self, page: str, action: str, **more: Any) -> TestResponse:
        """The button of a page that leads there, with all that its form says."""
        return self.send(action, hidden(self.look(page).text, action), **more)

    def send_in_place(self, path: str, values: Values | None = None) -> TestResponse:
        """The same by htmx."""
        return self.send(path, values, headers={"HX-Request": "true"})


def as_shown(desk: Desk, path: str, values: Values) -> dict[str, object]:
    """What a page that was drawn just now says of the posts that a form is about."""
    with desk.db.reading() as session:
        found = about(session, path, values)
        said: dict[str, object] = {}
        for post in found:
            said |= {**shown.fields(post), **shown.arranging(post)}
        if path.startswith("/queue/") and path.endswith("/times"):
            said["seen"] = ["", *weekly_times(session, path)]
        if (thing := standing(session, path, values)) is not None:
            said["stands"] = mark(thing)
    if path in UNDOS:
        said["stands"] = mark(shown.together(found))
    if path.endswith("/share"):
        said["posts"] = [str(post.id) for post in found]
    return said


def standing(session: Session, path: str, values: Values) -> object:
    """How the thing stands that a form of such an address is about; None: no matter."""
    if path == "/lift":
        scope, target = (values.get(name) or "" for name in ("scope", "target"))
        return lifted(session, str(scope or "desk"), str(target))
    if path in ("/settings/zone", "/settings/name"):
        ask = preferences.chosen_zone if "zone" in path else preferences.desk_name
        return ask(session)
    if not (place := PLACES.match(path)):
        return None
    kind = {"channels": Channel, "team": User, "articles": Article}[place[1]]
    if (row := session.get(kind, int(place[2]))) is None:
        return ""
    if place[3] == "lift":
        return lifted(session, "channel", place[2])
    if isinstance(row, Channel) and place[3] == "check":
        return channels.kept_by(session, row, db.now(session))
    shows = SHOWN.get((place[1], place[3]))
    return shows(row, db.now(session)) if shows else None


def weekly_times(session: Session, path: str) -> list[str]:
    number = int(path.split("/")[2])
    return slots.slots_as_text(channels.weekly_slots(session, number))


def lifted(session: Session, scope: str, target: str) -> list[int]:
    its = [one for one in holds.list_holds(session) if one.scope == scope]
    return sorted(one.id for one in its if one.target == target)


SHOWN: dict[tuple[str, str], Callable[[Any, datetime], object]] = {
    ("channels", "settings"): lambda row, _: channel_settings.settings_of(row),
    ("channels", "promise"): lambda row, _: (
        row.exactly_once_override or channel_settings.OFF
    ),
    ("channels", "retire"): lambda row, _: row.retired_at or "",
    ("channels", "words"): lambda row, _: row.style,
    ("channels", "reconnect"): lambda row, _: channels.connected_as(row),
    ("team", "role"): lambda row, _: row.role,
    ("team", "enable"): lambda row, _: row.disabled_at or "",
    ("team", "disable"): lambda row, _: row.disabled_at or "",
    ("articles", "dismiss"): lambda row, _: row.dismissed_at or "",
}


def about(session: Session, path: str, values: Values) -> list[Post]:
    if shared := SHARED.match(path):
        its = report.list_posts(session, article_id=int(shared[1]))
        return [post for post in its if post.state == State.DRAFT]
    numbers = {found[1] for name in values if (found := WORDS.match(name))}
    if number := OF_ONE.match(path):
        numbers.add(number[1])
    if path.startswith(OF_MANY):
        of = values.get("of", [])
        numbers |= {str(one) for one in (of if isinstance(of, list) else [of])}
    known = [int(one) for one in numbers if one.isdecimal() and len(one) < 9]
    return list(session.scalars(select(Post).where(Post.id.in_(known))))


def hidden(page: str, action: str) -> dict[str, list[str]]:
    """What the hidden fields of a page's last form to that address hold."""
    forms = re.findall(
        rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.DOTALL
    )
    assert forms, f"no form to {action}"
    found: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(forms[-1]):
        if name != "csrf_token":
            found.setdefault(name, []).append(unescape(value))
    return found


def field(page: str, name: str) -> str:
    """What a hidden field of a page holds."""
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page)
    assert found, f"no field {name}"
    return found[1]


def plain(page: str) -> str:
    """What a page says, in words alone."""
    return " ".join(unescape(TAGS.sub(" ", page)).split())


def sentence(answer: TestResponse) -> str:
    """What an error page says."""
    found = re.search(r'role="alert">.*?<p>(.*?)</p>', answer.text, re.DOTALL)
    assert found, answer.text
    return found[1]
