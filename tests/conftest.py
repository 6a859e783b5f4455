"""What every test may ask for: a desk of its own, and the shared samples."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, event

from desk import garbage
from desk.config import Settings
from desk.desk import Desk
from desk.people import passwords
from tests import databases
from tests.databases import Postgres
from tests.fakes.scripted import Scripted
from tests.lengths import place
from tests.warmth import WarmFiles, WarmRule, warm
from web import app_factory
from web.reruns import Dashboard

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")

# a busy machine is no failure
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

event.listen(Engine, "engine_connect", warm)  # of every desk, whoever opens it
Dashboard.url_rule_class = WarmRule  # of every dashboard
app_factory.WhiteNoise = WarmFiles  # type: ignore[attr-defined]  # of its files, too
# else a fifth of a second for each: long on purpose, and no test is about how long
passwords.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


if shared := databases.in_memory():  # thousands of databases, seen by no disk
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(shared))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for PostgreSQL by name is marked so; long files come first."""
    items.sort(key=lambda item: place(item.path))
    for item in items:
        if isinstance(item, pytest.Function) and "postgres" in item.fixturenames:
            item.add_marker(pytest.mark.postgres)


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: nobody looks through it."""
    garbage.collect_less()


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


@pytest.fixture(scope="session")
def migrated() -> Path:
    """A SQLite with the desk's tables, to copy."""
    return databases.migrated()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL server of this test run's own."""
    with Postgres(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture
def desk(settings: Settings, migrated: Path) -> Iterator[Desk]:
    """An open desk on a fresh SQLite, with the scripted platform."""
    settings.home.mkdir()
    shutil.copy(migrated, settings.home)
    yield from opened(settings)


@pytest.fixture
def postgres_desk(postgres: Postgres, settings: Settings) -> Iterator[Desk]:
    """An open desk on a fresh PostgreSQL."""
    address = postgres.migrated()
    yield from opened(settings.model_copy(update={"database_url": address}))
    postgres.drop(address)


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def any_desk(request: pytest.FixtureRequest) -> Desk:
    """The same desk on each database, one after the other."""
    name = "desk" if request.param == "sqlite" else "postgres_desk"
    opened_: Desk = request.getfixturevalue(name)
    return opened_


def opened(settings: Settings) -> Iterator[Desk]:
    desk = Desk.open(settings, {"scripted": Scripted})
    Scripted.reset()
    yield desk
    desk.db.engine.dispose()
