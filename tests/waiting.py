"""Waiting: until another transaction waits for a row, on PostgreSQL."""

from __future__ import annotations

from time import monotonic, sleep

from sqlalchemy import text

from desk.desk import Desk

LONG_S = 30


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
