"""What runs out: room on the disk, file descriptors, the names of servers."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from desk import channels
from desk.channels import credentials
from desk.models import Channel
from tests.databases import Postgres
from tests.faults.scene import (
    DATABASES,
    Ending,
    Scenarios,
    Scene,
    ended,
    opened,
    play,
    running,
)
from tests.faults.small_disk import Ballast, small_disk
from tests.faults.troubled import Surroundings

FULL_S = 6.0
GIVEN_UP_S = 1.5  # what had its intent when the disk was full is out by then
NOWHERE = "https://social.invalid"  # a name that never has an address


def disk_full(home: Path, database_url: str) -> Ending:
    """Database and Valkey's journal on a disk that is full for a while."""
    with small_disk(home, 20), opened(home, database_url) as scene:
        scene.burst(60, over_s=10.0)
        began = scene.house.now()
        scene.house.pause(5)
        ballast = Ballast(home)
        _shorten_journal(home)
        ballast.fill()
        scene.house.pause(GIVEN_UP_S)
        before = len(scene.accepted())
        scene.house.pause(FULL_S)
        scene.noted["sent"] = len(scene.accepted()) - before
        ballast.drop()
        over = scene.house.now()
        scene.house.wait(scene.house.settled)
        return ended(scene, began, over)


def _shorten_journal(home: Path) -> None:
    """Else the database goes on in the room that its journal has already."""
    with closing(sqlite3.connect(home / "desk.sqlite3", timeout=10)) as link:
        link.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def few_descriptors(home: Path, database_url: str) -> Ending:
    """Enough for the worker to live, not for its calls at once."""
    around = Surroundings(before={"worker": "ulimit -n 40; exec"})
    with opened(home, database_url, around) as scene:
        scene.slow_down(0.5)
        scene.burst(60, over_s=1.0)
        began = scene.house.now()
        scene.house.wait(scene.house.settled)
        return ended(scene, began, scene.house.now())


def no_name(scene: Scene) -> None:
    """One channel's server has no address for a while."""
    right = _point(scene, "honours", NOWHERE)
    scene.house.pause(9)
    scene.noted["waited"] = scene.house.history().count("was not found")
    _point(scene, "honours", right)


def _point(scene: Scene, name: str, server: str) -> str:
    """Give this channel another server; says which it had."""
    desk = scene.house.desk
    with desk.db.writing() as session:
        channel: Channel = channels.find_channel_named(session, name)
        values = credentials.unseal_credentials(desk, channel)
        kind = desk.connectors[channel.platform]
        credentials.keep_credentials(
            desk, session, channel, kind, {**values, "server": server}
        )
    return values["server"]


PLAYS: dict[str, Callable[[Path, str], Ending]] = {
    "disk full": disk_full,
    "few descriptors": few_descriptors,
    "no name": partial(play, trouble=no_name),
}
ROWS = [
    (row, database)
    for row in PLAYS
    for database in DATABASES
    if (row, database) != ("disk full", "postgresql")
]


@pytest.fixture(scope="module")
def endings(request: pytest.FixtureRequest, postgres: Postgres) -> Iterator[Scenarios]:
    """Every scenario, running or ended."""

    def address(database: str) -> str:
        return postgres.migrated() if database == "postgresql" else ""

    with running(request, PLAYS, address) as scenarios:
        yield scenarios


@pytest.mark.long
@pytest.mark.timeout(420)
@pytest.mark.parametrize(("row", "database"), ROWS)
def test_what_runs_out_only_delays(endings: Scenarios, row: str, database: str) -> None:
    ending = endings[row, database].result()

    assert not ending.problems, ending.history
    if row == "disk full":
        assert ending.heard("database or disk is full")
        assert ending.noted["sent"] == 0
    if row == "few descriptors":
        assert "open files" in ending.history or ending.heard("open files")
    if row == "no name":
        assert ending.noted["waited"]
