"""Warmth: what SQLAlchemy makes of a statement, kept for every engine of a test run.

An engine for each test would compile each statement anew, a third of all their time.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Dialect

_known: dict[str, tuple[Dialect, dict[Any, Any]]] = {}


def warm(engine: Engine) -> None:
    """Let it share what others have compiled; a SQLite of a test outlives no crash."""
    engine.connect().close()  # only then does its dialect know its database
    if engine.dialect.name == "sqlite":
        engine.dispose()  # what is connected already would go on to sync
        event.listen(engine, "connect", _unsynced)
    engine.dialect, cache = _known.setdefault(engine.dialect.name, (engine.dialect, {}))
    engine.update_execution_options(compiled_cache=cache)


def _unsynced(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
