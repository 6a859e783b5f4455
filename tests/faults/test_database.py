"""The database's rows: what is not on record is not sent, and what was sent is.

Each scenario is a whole desk of its own; several run at once, since they mostly wait.
"""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests.databases import Postgres
from tests.faults.lost_commits import INTENT, OUTCOME, Lose, LostCommits
from tests.faults.scene import Ending, Scenarios, Scene, play, running
from tests.faults.troubled import Surroundings

SEED = 12
TRIED = """
    SELECT posts.text FROM attempts
    JOIN parts ON parts.id = part_id JOIN posts ON posts.id = post_id
"""
OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def restarted(home: Path, _: str, mode: str) -> Ending:
    """Twice in the burst, a server of its own: `immediate` is what a crash leaves."""
    with Postgres(home.parent) as server:

        def trouble(scene: Scene) -> None:
            for _ in range(2):
                scene.house.pause(4)
                server.stop(mode)
                scene.house.pause(1)
                server.start()

        return play(home, server.migrated(), trouble, over_s=10.0)


def cut(scene: Scene) -> None:
    """Every connection, again and again."""
    scene.house.pause(3)
    with psycopg.connect(scene.house.settings.database_url, autocommit=True) as link:
        for _ in range(12):
            link.execute(OTHERS)
            scene.house.pause(0.4)


def locked(scene: Scene, seconds: float) -> None:
    scene.house.pause(5)
    with _locked(scene):
        scene.house.pause(seconds)


def killed_with_outcomes(scene: Scene) -> None:
    """The platforms have said yes; nobody can write it down; the worker dies."""
    scene.slow_down(2.0)
    scene.house.wait(lambda: len(scene.accepted()) > 20)
    with _locked(scene):
        scene.house.pause(4)  # longer than any call
        scene.house.kill("worker")
        scene.house.pause(1)
    scene.slow_down(0)
    scene.house.wait(scene.house.settled)
    history = scene.house.history()
    scene.noted["in doubt"] = history.count("went silent while it was sending")


@contextmanager
def _locked(scene: Scene) -> Iterator[None]:
    """Nobody else can write."""
    settings = scene.house.settings
    if settings.database_url:
        with psycopg.connect(settings.database_url) as link:
            link.execute("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE")
            yield
        return
    file = settings.home / "desk.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None, timeout=10)) as one:
        one.execute("BEGIN EXCLUSIVE")
        yield
        one.execute("ROLLBACK")


def commits_lost(home: Path, address: str, lose: Lose, where: bytes) -> Ending:
    """A third of them, between the worker and PostgreSQL."""
    chance = random.Random(SEED)
    port = int(address.rpartition(":")[2].partition("/")[0])

    def choose(number: int) -> bool:
        return number == 1 or chance.random() < 0.33

    with LostCommits(port, lose, where, choose) as proxy:
        through = Surroundings(environment={"DATABASE_URL": proxy.address(address)})

        def trouble(scene: Scene) -> None:
            scene.house.wait(scene.house.settled)
            scene.noted["lost"] = proxy.lost

        return play(home, address, trouble, around=through)


def copied(scene: Scene) -> None:
    """The machine's power fails, as far as its files know: nobody ends in order."""
    chance, missing = random.Random(SEED), list[str]()
    parts = ("clock", "worker", "background")
    scene.house.pause(4)
    scene.noted["copies"] = 0
    over = time.monotonic() + 10
    while time.monotonic() < over:
        scene.house.pause(chance.uniform(0, 0.6))
        scene.house.signal(signal.SIGSTOP, *parts)
        scene.house.pause(0.05)
        live = {one.text for one in scene.accepted()}
        tried = _tried_in_a_copy(scene.house.settings.home)
        scene.house.signal(signal.SIGCONT, *parts)
        missing += live - tried
        scene.noted["copies"] = int(str(scene.noted["copies"])) + bool(live)
    scene.noted["missing"] = missing


def _tried_in_a_copy(home: Path) -> set[str]:
    """Texts with an attempt on record in a copy of database and journal."""
    folder = home / "copy"
    folder.mkdir(exist_ok=True)
    for name in ("desk.sqlite3", "desk.sqlite3-wal"):
        shutil.copy(home / name, folder)
    (folder / "desk.sqlite3-shm").unlink(missing_ok=True)
    with closing(sqlite3.connect(folder / "desk.sqlite3")) as link:
        return {text for (text,) in link.execute(TRIED)}


PLAYS: dict[str, Callable[[Path, str], Ending]] = {
    "restarted": partial(restarted, mode="fast"),
    "crashed": partial(restarted, mode="immediate"),
    "connections cut": partial(play, trouble=cut),
    "table locked for 5 s": partial(play, trouble=partial(locked, seconds=5)),
    "file locked for 3 s": partial(play, trouble=partial(locked, seconds=3)),
    "file locked for 14 s": partial(
        play, trouble=partial(locked, seconds=14), over_s=14.0
    ),
    "killed with outcomes": partial(
        play, trouble=killed_with_outcomes, count=40, over_s=1.0
    ),
    "killed with outcomes in a file": partial(
        play, trouble=killed_with_outcomes, count=40, over_s=1.0
    ),
    "intents unanswered": partial(commits_lost, lose=Lose.ANSWER, where=INTENT),
    "intents lost": partial(commits_lost, lose=Lose.COMMIT, where=INTENT),
    "outcomes unanswered": partial(commits_lost, lose=Lose.ANSWER, where=OUTCOME),
    "copied": partial(play, trouble=copied),
}
OF_SQLITE = (
    "file locked for 3 s",
    "file locked for 14 s",
    "killed with outcomes in a file",
    "copied",
)
SHORT = ("intents unanswered", "copied")
ROWS = [
    pytest.param(
        row,
        "sqlite" if row in OF_SQLITE else "postgresql",
        marks=[] if row in SHORT else [pytest.mark.long],
    )
    for row in PLAYS
]


@pytest.fixture(scope="module")
def endings(request: pytest.FixtureRequest, postgres: Postgres) -> Iterator[Scenarios]:
    """Every scenario, running or ended."""

    def address(database: str) -> str:
        return postgres.migrated() if database == "postgresql" else ""

    with running(request, PLAYS, address) as scenarios:
        yield scenarios


@pytest.mark.timeout(420)
@pytest.mark.parametrize(("row", "database"), ROWS)
def test_a_database_in_trouble_loses_and_doubles_nothing(
    endings: Scenarios, row: str, database: str
) -> None:
    ending = endings[row, database].result()

    assert not ending.problems, ending.history
    if "lost" in ending.noted:
        assert int(str(ending.noted["lost"])) > 1
    if row == "copied":
        assert int(str(ending.noted["copies"])) > 3
        assert ending.noted["missing"] == []
