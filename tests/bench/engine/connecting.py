"""Connecting: how many database connections a worker has while its slots are busy."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from tests.bench.engine.newsroom import Newsroom

WORKER = "worker1"
EVERY_S = 0.05


class Most:
    """The most connections that were seen at one time."""

    count = 0


@contextmanager
def watched(room: Newsroom) -> Iterator[Most]:
    """While it is open, the worker's connections are counted."""
    most, stopping = Most(), threading.Event()

    def watch() -> None:
        while not stopping.wait(EVERY_S):
            most.count = max(most.count, connections(room))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        stopping.set()
        thread.join()


def connections(room: Newsroom) -> int:
    if room.desk.db.is_sqlite:
        return _open_files(room)
    asked = "SELECT count(*) FROM pg_stat_activity WHERE application_name = :worker"
    with room.desk.db.reading() as session:
        return session.scalar(text(asked), {"worker": WORKER}) or 0


def _open_files(room: Newsroom) -> int:
    """SQLite's connections are files: each opens the database once."""
    place = f"/proc/{room.parts[WORKER].pid}/fd"
    database = str(room.settings.home / "desk.sqlite3")
    found = 0
    for number in os.listdir(place):
        try:
            found += str(Path(place, number).readlink()) == database
        except FileNotFoundError:
            continue  # closed since
    return found
