"""Waiting: until something is so, such as that a transaction waits for a row."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

from sqlalchemy import text

from desk.desk import Desk

LONG_S = 30


def wait_until(is_so: Callable[[], bool]) -> None:
    until = monotonic() + LONG_S
    while monotonic() < until:
        if is_so():
            return
        sleep(0.02)
    raise AssertionError("it never came to that")


def wait_for_a_waiter(desk: Desk) -> None:
    """Until a transaction waits for a row that another holds."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    until = monotonic() + LONG_S
    while monotonic() < until:
        with desk.db.reading() as session:
            if session.scalar(waiting):
                return
        sleep(0.02)
    raise AssertionError("nobody waits")
