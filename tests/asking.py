"""Asking: which questions the desk puts to its database, and how SQLite answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

from desk.desk import Desk


@contextmanager
def questions(engine: Engine) -> Iterator[list[str]]:
    """Each statement that is made meanwhile."""
    asked: list[str] = []

    def keep(_: object, __: object, query: str, *___: object) -> None:
        asked.append(query)

    event.listen(engine, "before_cursor_execute", keep)
    yield asked
    event.remove(engine, "before_cursor_execute", keep)


@contextmanager
def plans(desk: Desk) -> Iterator[list[str]]:
    """How SQLite goes about each query that is made meanwhile."""
    made: list[str] = []

    def keep(
        _: object, cursor: object, query: str, values: object, *__: object
    ) -> None:
        with desk.db.engine.connect() as link:
            rows = link.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)  # type: ignore[arg-type]  # as the cursor got them
            made.extend(str(row[3]) for row in rows)

    asking: list[bool] = []

    def once(*args: object) -> None:
        if not asking and str(args[2]).startswith(("SELECT", "WITH")):
            asking.append(True)
            keep(*args)  # type: ignore[arg-type]  # what SQLAlchemy hands over
            asking.clear()

    event.listen(desk.db.engine, "before_cursor_execute", once)
    yield made
    event.remove(desk.db.engine, "before_cursor_execute", once)
