"""A worker counts as alive only while it can be told something."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from commands.processes import Process, procfile
from commands.supervising import _with_our_programs
from desk import db, heartbeats, wakeup
from desk.config import Settings
from desk.db import Database
from desk.migrating import upgrade
from desk.models import Post
from tests.databases import free_port
from tests.fakes.mastodon import MastodonFake
from tests.fakes.platform import Kind, Trouble
from tests.faults.house import House
from tests.faults.sides import mastodon

PATIENCE_S = 60
LOOKS = "stage,reconcile"


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


def test_a_look_that_a_worker_never_takes_is_made_by_the_clock(tmp_path: Path) -> None:
    """Its heart beats on, and it hears nothing any more: nobody else would look."""
    with MastodonFake("ignores") as fake:
        side = mastodon("there", fake)
        house = House(tmp_path / "home", parts=("clock", "worker"))
        side.join(house)
        with house:
            assert _wait_beating(house, house.ready), house.said
            side.expect(Trouble(Kind.STALLED, accepted=True))
            post_id = house.schedule({side.name: "Dodge returns"}, ahead_s=2.0)
            told = wakeup.client(house.settings)
            assert _wait_beating(house, lambda: told.llen("reconcile") > 0), house.said
            with house.desk.db.writing() as session:  # as a minute later
                session.get_one(Post, post_id[side.name]).look_at = db.now(session)

            assert _wait_beating(house, house.settled), house.said
            assert [post.state for post in house.posts()] == ["published"]
            assert side.texts() == ["Dodge returns"]


def _wait_beating(house: House, until: Callable[[], bool]) -> bool:
    def beaten() -> bool:
        with house.desk.db.writing() as session:
            heartbeats.beat(session, LOOKS, db.now(session))
        return until()

    return house.wait(beaten, PATIENCE_S)


def _until_it_says(worker: Process, words: str) -> bool:
    give_up = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up:
        worker.tend()
        if any(words in line for line in worker.hear()):
            return True
        time.sleep(0.05)
    return False
