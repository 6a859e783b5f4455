"""kill -9 of the worker and of the clock at each step of the road: never lost or twice.

Each scenario is a whole desk of its own; several run at once, since they mostly wait.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from desk import channels
from tests.databases import Postgres
from tests.fakes.mastodon import MODES, MastodonFake
from tests.fakes.paper import PaperFake
from tests.fakes.platform import Kind, Trouble
from tests.faults.house import House

AT_ONCE = 5
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
PLACES = ["Paper", *MODES]


@dataclass(frozen=True)
class Ending:
    """How a scenario ended, as the readers and the desk see it."""

    killed: bool
    states: dict[str, str]  # by channel
    live: dict[str, Counter[str]]  # by channel: how often each text is seen
    history: str


@pytest.fixture(scope="module")
def endings(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres
) -> Iterator[dict[tuple[str, str, str], Future[Ending]]]:
    """Every scenario, running or ended."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {
            (part, step, database): pool.submit(
                play,
                tmp_path_factory.mktemp("house"),
                postgres.fresh() if database == "postgresql" else "",
                part,
                step,
            )
            for database in DATABASES
            for part, step in STEPS
        }


@pytest.mark.timeout(300)
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
    assert ending.live == {name: Counter({text(name): 1}) for name in PLACES}, (
        ending.history
    )
    assert set(ending.states.values()) == {"published"}, ending.history


def play(folder: Path, database_url: str, part: str, step: str) -> Ending:
    """One desk, one post on each channel, one kill."""
    fail = {} if step == ACCEPTED else {part: step}
    with ExitStack() as stack:
        fakes = {name: stack.enter_context(MastodonFake(name)) for name in MODES}
        house = House(folder / "home", database_url, fail)
        for name, fake in fakes.items():
            channels.add(house.desk, "mastodon", name, fake.credentials(), house.now())
        stack.enter_context(house)
        assert house.wait(house.ready), house.said
        if step == ACCEPTED:
            _kill_when_accepted(house, fakes)
        house.schedule({name: text(name) for name in PLACES}, AHEAD_S)
        house.wait(house.settled, 120)
        return _ending(house, part, fakes)


def text(name: str) -> str:
    return f"Dodge returns, says {name}"


def _kill_when_accepted(house: House, fakes: dict[str, MastodonFake]) -> None:
    """Every server takes the post and says nothing; then the worker dies."""
    for fake in fakes.values():
        fake.expect(Trouble(Kind.STALLED, accepted=True))

    def watch() -> None:
        if house.wait(lambda: any(fake.published() for fake in fakes.values())):
            house.kill("worker")

    threading.Thread(target=watch, daemon=True).start()


def _ending(house: House, part: str, fakes: dict[str, MastodonFake]) -> Ending:
    paper = PaperFake(house.settings.home / "paper")
    seen = {name: fake.published() for name, fake in fakes.items()}
    seen["Paper"] = paper.published()
    return Ending(
        killed=house.died(part),
        states={post.channel.name: post.state for post in house.posts()},
        live={
            name: Counter(post.text for post in posts) for name, posts in seen.items()
        },
        history=house.history(),
    )
