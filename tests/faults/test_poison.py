"""A post that kills whoever touches it fails by itself; the others go out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.databases import Postgres
from tests.faults.poison import POISON, launched
from tests.faults.scene import (
    DATABASES,
    Ending,
    Scenarios,
    Scene,
    ended,
    opened,
    running,
)
from tests.faults.troubled import Surroundings

PARTS = ("clock", "worker", "background")


def poisoned(home: Path, database_url: str, kind: str, channel: str) -> Ending:
    """One such post on this channel, in the middle of a burst."""
    around = Surroundings(instead={part: launched(kind, part) for part in PARTS})
    with opened(home, database_url, around) as scene:
        scene.burst(40, over_s=6.0)
        scene.burst_of([(channel, f"Full of {POISON}")], over_s=1.0, ahead_s=6.0)
        began = scene.house.now()
        scene.house.wait(scene.house.settled, 240)
        _note(scene)
        return ended(scene, began, scene.house.now())


def _note(scene: Scene) -> None:
    [post] = [post for post in scene.house.posts() if POISON in post.text]
    scene.noted["state"], scene.noted["reason"] = post.state, post.reason
    scene.noted["deaths"] = sum(scene.house.deaths(part) for part in PARTS)
    scene.may_end = {"published", "failed", "unconfirmed"}


PLAYS: dict[str, Callable[[Path, str], Ending]] = {
    "text": partial(poisoned, kind="text", channel="honours"),
    **{
        f"answer of {name}": partial(poisoned, kind="answer", channel=name)
        for name in ("honours", "ignores", "json-only")
    },
}
ROWS = [(row, database) for row in PLAYS for database in DATABASES]


@pytest.fixture(scope="module")
def endings(request: pytest.FixtureRequest, postgres: Postgres) -> Iterator[Scenarios]:
    """Every scenario, running or ended."""

    def address(database: str) -> str:
        return postgres.migrated() if database == "postgresql" else ""

    with running(request, PLAYS, address) as scenarios:
        yield scenarios


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("row", "database"), ROWS)
def test_a_post_that_kills_is_alone_in_its_failing(
    endings: Scenarios, row: str, database: str
) -> None:
    ending = endings[row, database].result()

    others = [one for one in ending.problems if POISON not in one]
    assert not others, ending.history
    if row == "text":
        assert ending.noted["state"] == "failed"
        assert "crashed 3 times" in str(ending.noted["reason"])
    else:  # it is live: whoever looks finds it
        assert ending.noted["state"] == "published"
    assert 1 <= int(str(ending.noted["deaths"])) <= 4
