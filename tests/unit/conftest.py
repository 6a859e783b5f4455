"""What tests of the desk's rules may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desk.config import Settings
from desk.desk import Desk
from tests.conftest import _opened
from tests.databases import Postgres


@pytest.fixture
def postgres_desk(postgres: Postgres, settings: Settings) -> Iterator[Desk]:
    """For what only a database with many writers can do."""
    told = settings.model_copy(update={"database_url": postgres.fresh()})
    yield from _opened(told)
