"""Time's rows: a clock that somebody sets sends nothing early, and nothing twice.

Only clock and worker are told another time; the platforms keep the true one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from desk import moments, scheduling
from desk.engine_settings import engine
from tests.databases import Postgres
from tests.faults.scene import Ending, Scenarios, Scene, ended, opened, running
from tests.faults.settable import MISSING, WallClock, buildable

ROME = ZoneInfo("Europe/Rome")
LOOK = timedelta(seconds=2)  # until the clock has seen that it was set, and some
AUTUMN = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)  # 3:00 is 2:00 once more in Rome
SPRING = datetime(2027, 3, 28, 1, 0, tzinfo=UTC)  # 2:00 is 3:00 there


def jumped(home: Path, database_url: str, by: timedelta, back_s: float = 0) -> Ending:
    """In mid-burst, and (`back_s`) set right again after so many seconds."""
    clock = WallClock(home.parent)
    with opened(home, database_url, clock.seen()) as scene:
        scene.burst(60, over_s=14.0)
        began = scene.house.now()
        amid = scene.planned[0].due_at + timedelta(seconds=5)
        scene.house.wait(lambda: scene.now() > amid)
        _jump(scene, clock, by)
        if back_s:
            scene.house.pause(back_s)
            _jump(scene, clock, timedelta())
        scene.house.pause(4)
        scene.burst(20, over_s=4.0)  # by the clock as it is now
        scene.house.wait(scene.house.settled)
        _send_by_hand(scene)
        scene.house.wait(scene.house.settled)
        return ended(scene, began, scene.house.now())


def _jump(scene: Scene, clock: WallClock, ahead: timedelta) -> None:
    """Of the database's own clock too, where that is this machine's."""
    clock.set(ahead)
    really = datetime.now(UTC)
    scene.machine.jumps.append((really, ahead))
    if scene.house.desk.db.is_sqlite:
        scene.house.ahead = ahead
        scene.clock.jumps.append((really, ahead))
        if ahead:
            scene.skipped.append((really + engine.claims.lead + LOOK, really + ahead))


def _send_by_hand(scene: Scene) -> None:
    """What waits for a person; first, how many there are and what went by itself."""
    posts = scene.house.posts()
    aside = [post for post in posts if post.triage]
    scene.noted["aside"] = len(aside)
    scene.noted["by the jump"] = _only_by_the_jump(scene)
    with scene.house.desk.db.writing() as session:
        for post in aside:
            now = scene.house.now()
            scheduling.retry(scene.house.desk, session, post.id, now=now)


def _only_by_the_jump(scene: Scene) -> list[str]:
    """Sent before its time by every clock but the one that was set."""
    due = {one.text: one.due_at for one in scene.planned}
    return [
        one.text
        for one in scene.accepted()
        if any(first < due[one.text] < last for first, last in scene.skipped)
    ]


def night(home: Path, database_url: str, change: datetime) -> Ending:
    """Posts planned in newsroom time, across the moment at which its clocks change."""
    ahead = change - timedelta(seconds=40) - datetime.now(UTC)
    clock = WallClock(home.parent, ahead)
    with opened(home, database_url, clock.seen(), ahead) as scene:
        began = scene.house.now()
        scene.house.wait(lambda: scene.house.now() > change - timedelta(seconds=12))
        steps = [timedelta(seconds=number / 2 - 6) for number in range(32)]
        written = [(change + step).astimezone(ROME).isoformat() for step in steps]
        scene.plan([moments.parse(at, ROME, began) for at in written])
        scene.house.wait(scene.house.settled)
        return ended(scene, began, scene.house.now())


HOUR, MOMENT = timedelta(hours=1), timedelta(seconds=5)
PLAYS: dict[str, Callable[[Path, str], Ending]] = {
    "an hour ahead": partial(jumped, by=HOUR),
    "a day ahead": partial(jumped, by=24 * HOUR),
    "an hour back and right again": partial(jumped, by=-HOUR, back_s=4),
    "5 s ahead": partial(jumped, by=MOMENT),
    "5 s back": partial(jumped, by=-MOMENT),
    "the night of autumn": partial(night, change=AUTUMN),
    "the night of spring": partial(night, change=SPRING),
}
BY_THE_DATABASE = ("an hour ahead", "an hour back and right again")
ROWS = [
    pytest.param(
        row, "sqlite", marks=[] if row == "an hour ahead" else [pytest.mark.long]
    )
    for row in PLAYS
] + [pytest.param(row, "postgresql", marks=pytest.mark.long) for row in BY_THE_DATABASE]
ASIDE = {"an hour ahead", "a day ahead", "an hour back and right again", "5 s ahead"}


@pytest.fixture(scope="module")
def endings(request: pytest.FixtureRequest, postgres: Postgres) -> Iterator[Scenarios]:
    """Every scenario, running or ended."""
    if not buildable():
        pytest.skip(MISSING)

    def address(database: str) -> str:
        return postgres.migrated() if database == "postgresql" else ""

    with running(request, PLAYS, address) as scenarios:
        yield scenarios


@pytest.mark.timeout(420)
@pytest.mark.parametrize(("row", "database"), ROWS)
def test_a_clock_that_is_set_sends_nothing_early(
    endings: Scenarios, row: str, database: str
) -> None:
    ending = endings[row, database].result()

    assert not ending.problems, ending.history
    assert ending.noted.get("by the jump", []) == [], ending.history
    if database == "sqlite":
        assert bool(ending.noted.get("aside")) == (row in ASIDE)
    else:  # nobody asked the clock that was set
        assert not ending.noted.get("aside")
