"""Another person, who does something between two transactions of a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

from flask import Flask
from sqlalchemy.orm import Session

from desk.db import Database
from desk.desk import Desk


class Interrupted(Database):
    """A database to whose n-th writing transaction someone else comes first."""

    begun = 0
    _at: int | None = None
    _meanwhile: Callable[[], object] | None = None

    def before(self, number: int, meanwhile: Callable[[], object]) -> None:
        """Counted from now, and from 0."""
        self.begun, self._at, self._meanwhile = 0, number, meanwhile

    @property
    def came(self) -> bool:
        return self._meanwhile is None

    @contextmanager
    def writing(self) -> Iterator[Session]:
        if (meanwhile := self._meanwhile) and self.begun == self._at:
            self._meanwhile = None
            with ThreadPoolExecutor(1) as elsewhere:  # with a request of its own
                elsewhere.submit(meanwhile).result()
        self.begun += 1
        with super().writing() as session:
            yield session


def interrupted(app: Flask) -> Interrupted:
    """Let this dashboard's requests be interrupted."""
    desk: Desk = app.extensions["desk"]
    database = Interrupted(desk.settings.database)
    app.extensions["desk"] = replace(desk, db=database)
    return database
