"""What every test may ask for: a desk of its own, and the shared samples."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.config import Settings
from desk.desk import Desk
from desk.migrating import upgrade
from tests.databases import Postgres
from tests.fakes.scripted import Scripted

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def samples() -> Path:
    """The shared sample articles, where STANDFIRST_SAMPLES names them."""
    folder = os.environ.get("STANDFIRST_SAMPLES", "")
    if not folder:
        pytest.skip("STANDFIRST_SAMPLES is not set: no shared samples here")
    return Path(folder)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home of its own, with SQLite, and no broker in it."""
    return Settings(home=tmp_path / "home", database_url="", redis_url="")


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    """An open desk on a fresh SQLite, with the scripted platform."""
    yield from _opened(settings)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL server of this test run's own."""
    with Postgres(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def any_desk(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Desk]:
    """The same desk on each database, one after the other."""
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        settings = settings.model_copy(update={"database_url": server.fresh()})
    yield from _opened(settings)


def _opened(settings: Settings) -> Iterator[Desk]:
    upgrade(settings)
    desk = Desk.open(settings, {"scripted": Scripted})
    Scripted.reset()
    yield desk
    desk.db.engine.dispose()
