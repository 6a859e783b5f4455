"""What a view has at hand: the desk, its session and clock, and who is asking.

A request holds one database session at most, so that as many can be answered at once
as there are threads, and none waits for a second one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, request
from sqlalchemy.orm import Session

import desk.db
from desk import preferences, skew
from desk.config import Settings
from desk.desk import Desk
from desk.models import User
from desk.people import rights
from desk.people.actors import Actor

T = TypeVar("T")

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Moment:
    """A database session, and its time."""

    session: Session
    now: datetime


def add(app: Flask) -> None:
    app.teardown_request(release)


def page() -> str:
    """The rule that the address goes by: what stands in it may be a secret."""
    return str(request.url_rule or "none")


def desk_opened() -> Desk:
    return cast(Desk, current_app.extensions["desk"])


def settings() -> Settings:
    return desk_opened().settings


@contextmanager
def reading() -> Iterator[Moment]:
    """What this request reads with: the same in every block within this one.

    A page keeps it until it is drawn, and shows one moment of the desk. A form's
    request gives it back: it is going to write, or to ask other machines.
    """
    if "writing" in g:
        yield g.writing
        return
    outermost = "reading" not in g
    try:
        yield g.reading if "reading" in g else _open()
    except BaseException:
        release()  # whoever tells of it reads anew
        raise
    if outermost and request.method not in SAFE_METHODS:
        release()


@contextmanager
def writing() -> Iterator[Moment]:
    """A transaction that is short: plan before it, and draw after it.

    Raises `NotYours` where who asks lost meanwhile what this view needs.
    """
    release()
    with desk_opened().db.writing() as session:
        if "needs" in g:
            rights.refuse(session, actor(), g.needs)
        g.writing = _moment(session)
        try:
            yield g.writing
        finally:
            del g.writing


def do_once(step: str, do: Callable[[], T]) -> T:
    """What this does is done once a request, however often its view is begun anew.

    For what asks other machines, and for a transaction that has others after it. What
    it raises is raised again: it was not done.
    """
    done: dict[str, Any] = g.setdefault("done", {})
    if step not in done:
        done[step] = do()
    return cast(T, done[step])


def novel(said: str) -> str:
    """What is drawn by lot for one answer, and says nothing of the desk."""
    g.setdefault("novelties", []).append(said)
    return said


def novelties() -> list[str]:
    return list(g.get("novelties", ()))


def is_again() -> bool:
    """Is this view begun anew, for the same request?"""
    return "again" in g


def release(_error: BaseException | None = None) -> None:
    """Read no further with this session, before something opens its own."""
    g.pop("reading", None)
    if session := g.pop("open", None):
        session.close()


def _open() -> Moment:
    g.open = ExitStack()
    g.reading = _moment(g.open.enter_context(desk_opened().db.reading()))
    return cast(Moment, g.reading)


def _moment(session: Session) -> Moment:
    now = desk.db.now(session)
    skew.measure_skew(now)
    return Moment(session, now)


def clock() -> datetime:
    """The time, where a view needs no record."""
    with reading() as at:
        return at.now


def zone() -> ZoneInfo:
    """The newsroom's zone, asked for once a request."""
    if "zone" not in g:
        with reading() as at:
            g.zone = preferences.zone(at.session, settings())
    return cast(ZoneInfo, g.zone)


def user() -> User | None:
    """Who is signed in."""
    return cast("User | None", g.get("user"))


def me() -> User:
    """Who is signed in, in a view that nobody else reaches."""
    found = user()
    if found is None:
        raise LookupError("this view needs a permission, and nobody is signed in")
    return found


def actor() -> Actor:
    """Whose doing it is, whatever this request changes."""
    return Actor(me().name, me().id)


def by_htmx() -> bool:
    return request.headers.get("HX-Request") == "true"
