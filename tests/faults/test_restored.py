"""A database of an hour ago, or a copy beside the original: nothing goes out twice.

What such a desk takes for still to go, it finds on the platforms.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from desk import holds, scheduling
from tests.databases import Postgres, binaries
from tests.fakes.paper import PaperFake
from tests.faults.scene import DATABASES, Scene, opened
from tests.faults.troubled import Troubled

QUIET_S = 15.0  # longer than any lease
POSTS = 20
DROPPED, DROPPED_S = "Dropped since", 20.0


@dataclass(frozen=True)
class Ending:
    planned: Counter[str]
    live: Counter[str]  # how often each text is seen
    under_hold: Counter[str]  # how the copy's posts stood, while all was held
    lifted: Counter[str]  # how often each is seen once a person lifted the hold
    after_it: Counter[str]  # how the copy's posts stood then
    history: str


def restored(folder: Path, postgres: Postgres | None, out: int) -> Ending:
    """It is taken when so many are out; it comes back when all are.

    One that it takes for still to go was never sent: a person dropped it since.
    """
    home, address = folder / "home", postgres.migrated() if postgres else ""
    with opened(home, address) as scene:
        scene.burst(POSTS, over_s=6.0, ahead_s=8.0)
        dropped = scene.house.schedule({"honours": DROPPED}, DROPPED_S)["honours"]
        due_at = scene.now() + timedelta(seconds=DROPPED_S)
        scene.house.wait(lambda: len(scene.accepted()) >= out)
        kept = _kept(scene.house, folder, postgres)
        with scene.house.desk.db.writing() as session:
            scheduling.cancel(session, dropped, now=scene.now())
        scene.house.wait(scene.house.settled)
        scene.house.wait(lambda: scene.now() > due_at)
        scene.house.stop()
        _bring_back(home, kept)
        with Troubled(home, kept if postgres else "") as second:
            return _ending(scene, second)


def beside(folder: Path, postgres: Postgres | None) -> Ending:
    """A copy of the whole desk runs while the original goes on."""
    home, address = folder / "home", postgres.migrated() if postgres else ""
    with opened(home, address) as scene:
        scene.burst(POSTS, over_s=6.0, ahead_s=25.0)
        kept, copy = _kept(scene.house, folder, postgres), folder / "copy"
        for name in ("keys", "installation.json"):
            copy.mkdir(exist_ok=True)
            shutil.copy(home / name, copy)
        _bring_back(copy, kept)
        with Troubled(copy, kept if postgres else "") as second:
            scene.sides["Paper of the copy"] = PaperFake(copy / "paper")
            scene.house.wait(scene.house.settled)
            return _ending(scene, second)


def _kept(house: Troubled, folder: Path, postgres: Postgres | None) -> str:
    """A copy as an operator makes it: a file, or another database's address."""
    if postgres is None:
        file = folder / "kept.sqlite3"
        with (
            closing(sqlite3.connect(house.settings.home / "desk.sqlite3")) as original,
            closing(sqlite3.connect(file)) as copy,
        ):
            original.backup(copy)
        return str(file)
    address, dump = postgres.fresh(), str(folder / "kept.sql")
    program = [str(binaries() / "pg_dump"), "-f", dump, house.settings.database_url]
    subprocess.run(program, check=True)
    again = [str(binaries() / "psql"), "-qXf", dump, address]
    subprocess.run(again, check=True, stdout=subprocess.DEVNULL)
    return address


def _bring_back(home: Path, kept: str) -> None:
    if not kept.endswith("sqlite3"):
        return
    for file in home.glob("desk.sqlite3*"):
        file.unlink()
    shutil.copy(kept, home / "desk.sqlite3")


def _ending(scene: Scene, second: Troubled) -> Ending:
    second.wait(second.ready)
    states = _quiet(second)
    live = _seen(scene)
    with second.desk.db.writing() as session:
        holds.lift(session, now=second.now())
    after_it = _quiet(second)
    planned = Counter(one.text for one in scene.planned)
    lifted = _seen(scene)
    return Ending(planned, live, states, lifted, after_it, second.history())


def _quiet(house: Troubled) -> Counter[str]:
    """How its posts stand when it has had the time to do all that it will."""
    house.pause(QUIET_S)
    house.wait(lambda: not any(post.look_at for post in house.posts()))
    return Counter(post.triage or post.state for post in house.posts())


def _seen(scene: Scene) -> Counter[str]:
    return Counter(one.text for one in scene.accepted())


PLAYS: dict[str, Callable[[Path, Postgres | None], Ending]] = {
    "of before": partial(restored, out=0),
    "of amid": partial(restored, out=POSTS // 3),
    "beside": beside,
}


@pytest.fixture(scope="module")
def endings(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres
) -> Iterator[dict[tuple[str, str], Future[Ending]]]:
    """Every scenario, running or ended."""
    with ThreadPoolExecutor(2) as pool:
        yield {
            (row, database): pool.submit(
                play,
                tmp_path_factory.mktemp("house"),
                postgres if database == "postgresql" else None,
            )
            for row, play in PLAYS.items()
            for database in DATABASES
        }


@pytest.mark.long
@pytest.mark.timeout(420)
@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("row", PLAYS)
def test_a_copy_sends_nothing_by_itself(
    endings: dict[tuple[str, str], Future[Ending]], row: str, database: str
) -> None:
    ending = endings[row, database].result()

    assert ending.live == ending.planned, ending.history
    assert ending.lifted == ending.planned, ending.history
    if row == "beside":  # its own paper is another folder, where nothing is found
        papers = POSTS // 4
        found = {"published": POSTS - papers, "restored": papers}
        assert ending.after_it == found, ending.history
    else:
        found = {"published": POSTS, "restored": 1}
        assert ending.under_hold == ending.after_it == found, ending.history
