"""What a view has at hand: the desk, its sessions and clock, and who is asking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app, g, request
from sqlalchemy.orm import Session

import desk.db
from desk import preferences, skew
from desk.config import Settings
from desk.desk import Desk
from desk.models import User


@dataclass(frozen=True)
class Moment:
    """A database session, and its time."""

    session: Session
    now: datetime


def desk_opened() -> Desk:
    return cast(Desk, current_app.extensions["desk"])


def settings() -> Settings:
    return desk_opened().settings


@contextmanager
def reading() -> Iterator[Moment]:
    with desk_opened().db.reading() as session:
        yield _moment(session)


@contextmanager
def writing() -> Iterator[Moment]:
    with desk_opened().db.writing() as session:
        yield _moment(session)


def _moment(session: Session) -> Moment:
    now = desk.db.now(session)
    skew.of(now)
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


def by_htmx() -> bool:
    return request.headers.get("HX-Request") == "true"
