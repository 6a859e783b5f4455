"""What becomes of processes: zombies, three clocks, deploys, and a token that dies.

Each scenario is a desk of its own on each database; several run at once.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.databases import Postgres
from tests.faults import histories
from tests.faults.checker import Violation
from tests.faults.histories import Wishes, explained
from tests.faults.house import House
from tests.faults.sides import mastodon
from tests.faults.weather import StormyMastodon, Weather
from tests.faults.writing import others_write, owners, states, wait_past, write

LONG = "STANDFIRST_LONG" in os.environ
DATABASES = ("sqlite", "postgresql")
WHERE = "Mastodon"
AT_ONCE = 5
TRIES = 3
AHEAD_S = 4.0
LEASE_S = 5.0  # of a claim, past due
DEADLINE_S = 3.0  # of a call
SENDING_LEASE_S = DEADLINE_S + 10
PATIENT_S = 15.0  # the same where no call may be lost to a busy machine
DEPLOYS = 20 if LONG else 6
DEPLOYS_APART_S = 2.0
LEAVES_WITHIN_S = 30.0
GOOD_REQUESTS = 3  # before the token dies
ON_A_DEAD_TOKEN = 10


@dataclass
class Scene:
    """A desk, its platform, and what was noted on the way."""

    house: House
    fake: StormyMastodon
    wishes: Wishes = field(default_factory=Wishes)
    took_s: list[float] = field(default_factory=list)

    def write(self, count: int, over_s: float = 0.0) -> list[int]:
        return write(self.house, self.wishes, WHERE, count, AHEAD_S, over_s)


@dataclass(frozen=True)
class Ending:
    violations: list[Violation]
    states: Counter[str]
    doubts: int  # posts that were unconfirmed at any time
    took_s: list[float]
    met: Counter[str]
    live: int
    history: str


@dataclass(frozen=True)
class Scenario:
    act: Callable[[Scene], None]
    parts: tuple[str, ...] = ("clock", "worker", "worker-2", "background")
    slow_s: float = 0.0
    deadline_s: float = DEADLINE_S
    dies_after: int | None = None


def frozen_before_the_intent(scene: Scene) -> None:
    """Past its lease: the others take over what it holds, and it wakes up late."""
    zombie, number = freeze_in_time(scene)
    wait_past(scene.house, number, LEASE_S + 3)
    scene.house.kill(zombie, signal.SIGCONT)


def freeze_in_time(scene: Scene) -> tuple[str, int]:
    """A worker that holds posts and has sent none; a slow machine takes more tries."""
    house = scene.house
    for _ in range(TRIES):
        numbers = scene.write(10)
        assert house.wait(lambda of=numbers: bool(owners(house, of)), 20)  # type: ignore[misc]  # a default that binds
        zombie = house.held_by(owners(house, numbers).pop())
        house.kill(zombie, signal.SIGSTOP)
        if states(house, numbers) == {"claimed"} and others_write(house):
            return zombie, numbers[0]
        house.kill(zombie, signal.SIGCONT)
    raise AssertionError("no worker could be frozen before its intents")


def frozen_in_the_call(scene: Scene) -> None:
    """The request is with the platform; its answer finds nobody awake to read it."""
    house = scene.house
    zombie, numbers = caught_calling(scene)
    wait_past(house, numbers[0], SENDING_LEASE_S + 3)
    house.kill(zombie, signal.SIGCONT)


def caught_calling(scene: Scene) -> tuple[str, Sequence[int]]:
    """A worker that is frozen in its calls; a slow machine takes more tries."""
    house, fake = scene.house, scene.fake
    for _ in range(TRIES):
        before, numbers = calls(fake), scene.write(5)
        assert house.wait(lambda so_far=before: calls(fake) > so_far, 20)  # type: ignore[misc]  # a default that binds
        if held := owners(house, numbers):
            zombie = house.held_by(held.pop())
            house.kill(zombie, signal.SIGSTOP)
            return zombie, numbers
    raise AssertionError("no worker could be frozen in its calls")


def calls(fake: StormyMastodon) -> int:
    return sum("POST" in one for one in fake.requests())


def three_clocks(scene: Scene) -> None:
    """All three claim the same posts; one is killed and one freezes meanwhile."""
    numbers = scene.write(60, over_s=4.0)
    wait_past(scene.house, numbers[0], 0.0)
    scene.house.kill("clock-2", signal.SIGSTOP)
    wait_past(scene.house, numbers[0], 1.0)
    scene.house.kill("clock")
    wait_past(scene.house, numbers[0], LEASE_S + 3)
    scene.house.kill("clock-2", signal.SIGCONT)


def deploys(scene: Scene) -> None:
    """Worker after worker is told to end, while posts go out all the time."""
    numbers = scene.write(5 * DEPLOYS, over_s=DEPLOYS * DEPLOYS_APART_S)
    wait_past(scene.house, numbers[0], 0.0)
    for deploy in range(DEPLOYS):
        part = scene.house, ("worker", "worker-2", "clock")[deploy % 3]
        began = time.monotonic()
        scene.took_s.append(seconds_to_leave(*part))
        scene.house.pause(began + DEPLOYS_APART_S - time.monotonic())


def seconds_to_leave(house: House, name: str) -> float:
    house.wait(lambda: house.pid(name) is not None)
    before, began = house.pid(name), time.monotonic()
    house.kill(name, signal.SIGTERM)
    house.wait(lambda: house.pid(name) != before, LEAVES_WITHIN_S + 10)
    return time.monotonic() - began


def token_dies(scene: Scene) -> None:
    """In the middle of a queue."""
    scene.write(ON_A_DEAD_TOKEN, over_s=6.0)


SCENARIOS = {
    "frozen before the intent": Scenario(
        frozen_before_the_intent, deadline_s=PATIENT_S
    ),
    "frozen in the call": Scenario(frozen_in_the_call, slow_s=2.0),
    "three clocks": Scenario(
        three_clocks, ("clock", "clock-2", "clock-3", "worker", "background")
    ),
    "deploys": Scenario(deploys, slow_s=1.0, deadline_s=PATIENT_S),
    "a dead token": Scenario(
        token_dies, ("clock", "worker", "background"), dies_after=GOOD_REQUESTS
    ),
}
Endings = dict[tuple[str, str], Future[Ending]]
EVERY = [
    (name, database)
    for number, name in enumerate(SCENARIOS)
    for database in (DATABASES if LONG else DATABASES[number % 2 :][:1])
]


def on(*names: str) -> list[tuple[str, str]]:
    return [one for one in EVERY if one[0] in names]


@pytest.fixture(scope="module")
def endings(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres
) -> Iterator[Endings]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {
            (name, database): pool.submit(
                play,
                tmp_path_factory.mktemp("house"),
                postgres.migrated() if database == "postgresql" else "",
                SCENARIOS[name],
            )
            for name, database in EVERY
        }


def play(folder: Path, database_url: str, scenario: Scenario) -> Ending:
    weather = Weather(random.Random(1), 0.0, scenario.slow_s)
    weather.dies_after = scenario.dies_after
    fake = StormyMastodon("ignores", weather)
    with fake:
        side = mastodon(WHERE, fake)
        house = House(
            folder / "home",
            database_url,
            parts=scenario.parts,
            call_deadline_s=scenario.deadline_s,
        )
        side.join(house)
        with house:
            assert house.wait(house.ready), house.said
            scene = Scene(house, fake)
            scenario.act(scene)
            house.wait(lambda: quiet(scene), 90)
            found = histories.check(house, [side], scene.wishes)
            known = histories.posts_of(house, scene.wishes)
            doubts = sum(
                any(event.state == "unconfirmed" for event in post.events)
                for post in known
            )
            met, live = weather.met, len(fake.published())
            ended = Counter(post.state for post in known)
            told = house.history()
            return Ending(found, ended, doubts, scene.took_s, met, live, told)


def quiet(scene: Scene) -> bool:
    """Settled, or waiting for a person."""
    known = histories.posts_of(scene.house, scene.wishes)
    busy = {"scheduled", "claimed", "sending", "unconfirmed"}
    return not any(post.state in busy and not post.waits for post in known)


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("name", "database"), EVERY)
def test_nothing_is_lost_or_doubled(endings: Endings, name: str, database: str) -> None:
    ending = endings[name, database].result()

    assert not ending.violations, explained(ending.violations)


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("name", "database"), [one for one in EVERY if one[0] != "a dead token"]
)
def test_every_post_goes_out(endings: Endings, name: str, database: str) -> None:
    ending = endings[name, database].result()

    assert set(ending.states) == {"published"}, ending.history
    assert ending.live == ending.states.total()


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("name", "database"), on("frozen before the intent"))
def test_who_is_frozen_before_the_intent_leaves_no_doubt(
    endings: Endings, name: str, database: str
) -> None:
    ending = endings[name, database].result()

    assert ending.doubts == 0, ending.history
    assert "Its worker went silent before sending; it goes on." in ending.history


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("name", "database"), on("frozen in the call"))
def test_who_is_frozen_in_the_call_is_asked_after(
    endings: Endings, name: str, database: str
) -> None:
    ending = endings[name, database].result()

    assert ending.doubts > 0, ending.history


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("name", "database"), on("deploys"))
def test_a_deploy_leaves_nothing_in_doubt(
    endings: Endings, name: str, database: str
) -> None:
    ending = endings[name, database].result()

    assert ending.doubts == 0, ending.history
    assert len(ending.took_s) == DEPLOYS
    assert max(ending.took_s) < LEAVES_WITHIN_S


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("name", "database"), on("a dead token"))
def test_a_dead_token_costs_one_request_and_its_posts_wait(
    endings: Endings, name: str, database: str
) -> None:
    """Or a second one, that was on its way when the first was answered."""
    ending = endings[name, database].result()

    assert ending.met["fine"] == GOOD_REQUESTS
    assert 1 <= ending.met["401"] <= 2, ending.history
    waiting = ON_A_DEAD_TOKEN - GOOD_REQUESTS
    assert ending.states == {"published": GOOD_REQUESTS, "scheduled": waiting}
