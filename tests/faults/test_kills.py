"""kill -9 of the worker and of the clock at each step of the road: never lost or twice.

Each scenario is a whole desk of its own; several run at once, since they mostly wait.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.databases import Postgres
from tests.fakes.platform import Kind, Trouble
from tests.faults.house import House
from tests.faults.sides import Side, open_sides, paper
from tests.testbeds.pds import Pds, running_pds

AT_ONCE = 9
AHEAD_S = 4.0  # beyond the clock's lead, so that every step lies ahead
ACCEPTED = "while the platform's answer is on its way"
STEPS = [
    ("worker", "before_pick_up"),
    ("worker", "after_pick_up"),
    ("worker", "before_intent"),
    ("worker", "after_intent"),
    ("worker", ACCEPTED),
    ("worker", "before_record"),
    ("worker", "after_record"),
    ("clock", "clock_after_claim"),
    ("clock", "clock_after_handover"),
]
DATABASES = ["sqlite", "postgresql"]
SCENARIOS = [(part, step, database) for database in DATABASES for part, step in STEPS]


@dataclass(frozen=True)
class Ending:
    """How a scenario ended, as the readers and the desk see it."""

    killed: bool
    states: dict[str, str]  # by channel
    live: dict[str, Counter[str]]  # by channel: how often each text is seen
    history: str


@pytest.fixture(scope="module")
def pds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pds]:
    """A real Bluesky server, with a member for each scenario."""
    names = [f"scenario{number}" for number in range(len(SCENARIOS))]
    with running_pds(tmp_path_factory.mktemp("pds"), names) as running:
        yield running


@pytest.fixture(scope="module")
def endings(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, pds: Pds
) -> Iterator[dict[tuple[str, str, str], Future[Ending]]]:
    """Every scenario, running or ended."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {
            (part, step, database): pool.submit(
                play,
                tmp_path_factory.mktemp("house"),
                postgres.migrated() if database == "postgresql" else "",
                part,
                step,
                (pds, number),
            )
            for number, (part, step, database) in enumerate(SCENARIOS)
        }


@pytest.mark.timeout(420)
@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize(("part", "step"), STEPS)
def test_every_post_is_live_once_after_a_kill(
    endings: dict[tuple[str, str, str], Future[Ending]],
    part: str,
    step: str,
    database: str,
) -> None:
    ending = endings[part, step, database].result()

    assert ending.killed
    assert ending.live == {name: Counter({text(name): 1}) for name in ending.live}, (
        ending.history
    )
    assert set(ending.live) == set(ending.states)
    assert set(ending.states.values()) == {"published"}, ending.history


def play(
    folder: Path, database_url: str, part: str, step: str, real: tuple[Pds, int]
) -> Ending:
    """One desk, one post on each channel of every class, one kill."""
    fail = {} if step == ACCEPTED else {part: step}
    with ExitStack() as stack:
        sides = stack.enter_context(open_sides(*real))
        house = House(folder / "home", database_url, fail)
        for side in sides:
            side.join(house)
        stack.enter_context(house)
        assert house.wait(house.ready), house.said
        if step == ACCEPTED:
            _kill_when_accepted(house, sides)
        everywhere = [*sides, paper(house)]
        house.schedule({side.name: text(side.name) for side in everywhere}, AHEAD_S)
        house.wait(house.settled, 180)
        return _ending(house, part, everywhere)


def text(name: str) -> str:
    return f"Dodge returns, says {name}"


def _kill_when_accepted(house: House, sides: Sequence[Side]) -> None:
    """Every server takes the post and says nothing; then the worker dies."""
    for side in sides:
        side.expect(Trouble(Kind.STALLED, accepted=True))

    def watch() -> None:
        if house.wait(lambda: any(side.texts() for side in sides)):
            house.kill("worker")

    threading.Thread(target=watch, daemon=True).start()


def _ending(house: House, part: str, sides: Sequence[Side]) -> Ending:
    return Ending(
        killed=house.died(part),
        states={post.channel.name: post.state for post in house.posts()},
        live={side.name: Counter(side.texts()) for side in sides},
        history=house.history(),
    )
