"""The broker's rows: a hint may be lost, late, doubled or stale; a post may not.

Each scenario is a whole desk of its own; several run at once, since they mostly wait.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from desk import wakeup
from tests.databases import Postgres
from tests.faults.scene import (
    DATABASES,
    LEASE_S,
    Ending,
    Scenarios,
    Scene,
    play,
    running,
)
from tests.faults.troubled import restarted_with

SHORT_S, LONG_S = 8.0, 30.0
TOLERANCE_S = 2.0  # how late a post may be while there is no broker
SEED = 11


def flushed(scene: Scene) -> None:
    """Again and again in the burst."""
    broker = wakeup.client(scene.house.settings)
    for _ in range(16):
        broker.flushall()
        scene.house.pause(0.5)
    broker.close()


def killed(scene: Scene, seconds: float) -> None:
    scene.house.pause(3)  # some are on their way, most are not
    scene.house.broker_away.set()
    scene.house.kill("valkey")
    scene.house.pause(seconds)
    scene.house.broker_away.clear()


def hung(scene: Scene, seconds: float) -> None:
    """It takes connections and says nothing."""
    scene.house.pause(3)
    scene.house.signal(signal.SIGSTOP, "valkey")
    scene.house.pause(seconds)
    scene.house.signal(signal.SIGCONT, "valkey")


def replayed(scene: Scene) -> None:
    """Messages pile up before a worker that is frozen; later they come once more."""
    house, kept = scene.house, scene.house.settings.home / "kept"
    house.pause(3)
    house.signal(signal.SIGSTOP, "worker")
    house.pause(1.5)  # everysec
    shutil.copytree(house.journal, kept)
    scene.noted["messages"] = b"workers.tasks.publish" in _read(kept)
    house.signal(signal.SIGCONT, "worker")
    house.pause(2)
    restarted_with(house, kept)


def echoed(scene: Scene) -> None:
    program = [sys.executable, "-m", "tests.faults.echo", str(SEED), "10"]
    environment = scene.house.environment()
    done = subprocess.run(
        program, env=environment, capture_output=True, text=True, check=True, timeout=90
    )
    scene.noted["hints"] = int(done.stdout.split()[-1])  # after what it logs


def _read(journal: Path) -> bytes:
    return b"".join(file.read_bytes() for file in journal.iterdir())


PLAYS: dict[str, Callable[[Path, str], Ending]] = {
    "flushed": partial(play, trouble=flushed),
    "killed for 8 s": partial(play, trouble=partial(killed, seconds=SHORT_S)),
    "killed for 30 s": partial(
        play, trouble=partial(killed, seconds=LONG_S), over_s=34.0, count=100
    ),
    "hung for 8 s": partial(play, trouble=partial(hung, seconds=SHORT_S)),
    "hung for 30 s": partial(
        play, trouble=partial(hung, seconds=LONG_S), over_s=34.0, count=100
    ),
    "replayed": partial(play, trouble=replayed),
    "echoed": partial(play, trouble=echoed),
}
SHORT = {("hung for 8 s", "sqlite")}
ROWS = [
    pytest.param(
        row, database, marks=[] if (row, database) in SHORT else [pytest.mark.long]
    )
    for row in PLAYS
    for database in DATABASES
]


@pytest.fixture(scope="module")
def endings(request: pytest.FixtureRequest, postgres: Postgres) -> Iterator[Scenarios]:
    """Every scenario, running or ended."""
    with running(request, PLAYS, _address(postgres)) as scenarios:
        yield scenarios


@pytest.mark.timeout(420)
@pytest.mark.parametrize(("row", "database"), ROWS)
def test_a_broker_in_trouble_costs_lateness_only(
    endings: Scenarios, row: str, database: str
) -> None:
    ending = endings[row, database].result()

    assert not ending.problems, ending.history
    assert max(ending.late_s.values()) < LEASE_S + TOLERANCE_S, ending.late_s
    if row.startswith(("killed", "hung")):
        assert ending.meanwhile_s
        assert max(ending.meanwhile_s) < TOLERANCE_S, ending.late_s
    if row == "replayed":
        assert ending.noted["messages"]
    if row == "echoed":
        assert int(str(ending.noted["hints"])) > 3 * len(ending.planned)


def _address(postgres: Postgres) -> Callable[[str], str]:
    return lambda database: postgres.migrated() if database == "postgresql" else ""
