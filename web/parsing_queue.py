"""The parsing queue: whose turn it is when something is parsed for this request."""

from __future__ import annotations

from flask import Flask

from desk import sandbox
from desk.fair_queue import NOBODY
from web import current, limits


def add(app: Flask) -> None:
    """Once the guards know who is asking."""
    app.before_request(_name)
    app.teardown_request(_forget)


def _name() -> None:
    person = current.user()
    sandbox.giver.set(f"person {person.id}" if person else f"from {limits.network()}")


def _forget(_error: BaseException | None) -> None:
    """The thread goes on to another's request."""
    sandbox.giver.set(NOBODY)
