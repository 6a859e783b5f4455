"""Migrating: bringing the database to this version's tables, one process at a time."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.orm import Session

from desk import home_folder
from desk.config import Settings
from desk.db import Database

_one_at_a_time = threading.Lock()  # alembic's context is one per process
SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 8_420_2026  # any number, the same for all: PostgreSQL's advisory lock


def upgrade(settings: Settings, revision: str = "head") -> None:
    """Make or change the tables up to `revision`, under a lock."""
    _run(settings, command.upgrade, revision)


def downgrade(settings: Settings, revision: str) -> None:
    _run(settings, command.downgrade, revision)


def is_current(session: Session) -> bool:
    """Whether the database has the tables of this version, and of no other."""
    found = session.scalar(text("SELECT version_num FROM alembic_version"))
    return bool(found == _head())


@cache
def _head() -> str | None:
    return ScriptDirectory(str(SCRIPTS)).get_current_head()


def _run(settings: Settings, direction: object, revision: str) -> None:
    home_folder.open_home(settings.home)
    database = Database(settings.database, pool_size=2)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with (
        _one_at_a_time,
        _locked(settings.home / "migrating.lock"),
        database.engine.connect() as link,
    ):
        if not database.is_sqlite:
            link.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
            link.commit()
        config.attributes["connection"] = link
        direction(config, revision)  # type: ignore[operator]  # alembic's command
        link.commit()
    database.engine.dispose()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
