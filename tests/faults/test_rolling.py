"""Twenty rolling restarts in traffic leave nothing in doubt, and nobody hangs."""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from desk.models import Event
from tests.databases import Postgres
from tests.faults.house import PARTS
from tests.faults.scene import DATABASES, Scene, opened

ROUNDS = 20
POSTS, OVER_S = 600, 150.0
ANSWER_S = 0.6  # so that calls are in the air at each restart
LONGEST_EXIT_S = 30.0


@dataclass(frozen=True)
class Rolled:
    exits_s: list[float]  # from SIGTERM to the end, of each process
    doubted: list[str]  # what is told of posts that were ever unconfirmed
    problems: list[str]
    due_meanwhile: int
    history: str


def rolled(home: Path, database_url: str) -> Rolled:
    with opened(home, database_url) as scene:
        scene.slow_down(ANSWER_S)
        scene.burst(POSTS, OVER_S)
        scene.house.wait(lambda: scene.live() > 0)
        began = scene.now()
        exits = [
            restarted(scene, part) for _ in range(ROUNDS) for part in reversed(PARTS)
        ]
        over = scene.now()
        scene.house.wait(scene.house.settled, OVER_S + 120)
        return Rolled(
            exits,
            doubted(scene),
            scene.problems(),
            sum(began < one.due_at < over for one in scene.planned),
            scene.house.history(),
        )


def restarted(scene: Scene, part: str) -> float:
    """As a deployment does it: it is told to end, and the next one begins."""
    house = scene.house
    pid, told = house.pid(part), time.monotonic()
    house.signal(signal.SIGTERM, part)
    house.wait(lambda: house.pid(part) != pid, 2 * LONGEST_EXIT_S)
    took = time.monotonic() - told
    house.wait(lambda: house.pid(part) is not None and house.ready())
    return took


def doubted(scene: Scene) -> list[str]:
    query = select(Event).where(Event.state == "unconfirmed").order_by(Event.id)
    with scene.house.desk.db.reading() as session:
        return [f"{one.post_id}: {one.what}" for one in session.scalars(query)]


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("database", DATABASES)
def test_twenty_rolling_restarts_leave_nothing_in_doubt(
    tmp_path: Path, postgres: Postgres, database: str
) -> None:
    address = postgres.migrated() if database == "postgresql" else ""

    ending = rolled(tmp_path / "home", address)

    assert ending.doubted == [], ending.history
    assert ending.problems == [], ending.history
    assert max(ending.exits_s) < LONGEST_EXIT_S
    assert len(ending.exits_s) == ROUNDS * len(PARTS)
    assert ending.due_meanwhile > POSTS / 2
