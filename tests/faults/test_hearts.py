"""A worker counts as alive only while it can be told something."""

from __future__ import annotations

import os
import time
from pathlib import Path

from commands.processes import Process, procfile
from commands.supervising import _with_our_programs
from desk import db, heartbeats
from desk.config import Settings
from desk.db import Database
from desk.migrating import upgrade
from tests.databases import free_port

PATIENCE_S = 60


def test_a_worker_without_its_broker_is_not_counted_on(tmp_path: Path) -> None:
    """The clock would hand it posts that it can't hear of, and not send them itself."""
    settings = Settings(home=tmp_path, database_url="", redis_url="")
    upgrade(settings)
    broker = f"redis://127.0.0.1:{free_port()}/0"
    environment = _with_our_programs(
        {
            "PATH": os.environ["PATH"],
            "STANDFIRST_HOME": str(tmp_path),
            "REDIS_URL": broker,
        }
    )
    worker = Process("worker", procfile()["worker"], environment)
    database = Database(settings.database)
    try:
        said = _until_it_says(worker, "Cannot connect")

        assert said, "the worker never tried its broker"
        with database.reading() as session:
            assert not heartbeats.alive(session, "publish", db.now(session))
    finally:
        worker.end()
        database.engine.dispose()


def _until_it_says(worker: Process, words: str) -> bool:
    give_up = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up:
        worker.tend()
        if any(words in line for line in worker.hear()):
            return True
        time.sleep(0.05)
    return False
