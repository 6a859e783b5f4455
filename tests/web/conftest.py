"""A dashboard on a fresh desk, and people of every role at it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from connectors.paper import Paper
from desk.config import Settings
from desk.desk import Desk
from desk.models.people import Role
from tests.fakes.scripted import Scripted
from tests.warmth import warmed
from tests.web.visiting import Visitor
from web import create_app


@pytest.fixture
def app(desk: Desk, settings: Settings) -> Flask:
    made = warmed(create_app(settings, {"scripted": Scripted, "paper": Paper}))
    made.testing = False  # errors become pages, as they do for people
    return made


@pytest.fixture
def visit(app: Flask, desk: Desk) -> Callable[[Role | None], Visitor]:
    return lambda role: Visitor(app, desk, role)


@pytest.fixture
def editor(app: Flask, desk: Desk) -> Visitor:
    return Visitor(app, desk, Role.EDITOR)


@pytest.fixture
def admin(app: Flask, desk: Desk) -> Visitor:
    return Visitor(app, desk, Role.ADMIN)


@pytest.fixture
def author(app: Flask, desk: Desk) -> Visitor:
    return Visitor(app, desk, Role.AUTHOR)


@pytest.fixture
def passer_by(app: Flask, desk: Desk) -> Visitor:
    return Visitor(app, desk, None)
