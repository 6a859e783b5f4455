"""The channels that a desk has by itself are made once, whoever starts first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from connectors.paper import Paper
from desk import channels
from desk.db import Database
from desk.desk import Desk
from desk.models import Channel
from tests.factories import now_of


class Overtaken(Database):
    """Somebody else starts before its first transaction."""

    first: Callable[[], None] | None = None

    @contextmanager
    def writing(self) -> Iterator[Session]:
        first, self.first = self.first, None
        if first:
            first()
        with super().writing() as session:
            yield session


@pytest.fixture
def new(any_desk: Desk) -> Desk:
    return replace(any_desk, connectors={"paper": Paper})


def test_two_commands_that_start_at_the_same_moment_make_them_once(new: Desk) -> None:
    database = Overtaken(new.settings.database)
    database.first = lambda: channels.ensure_built_in(new, now_of(new))

    channels.ensure_built_in(replace(new, db=database), now_of(new))

    database.engine.dispose()
    with new.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Channel)) == 1
