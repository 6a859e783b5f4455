"""One server hangs: the others notice nothing, and it gets one probe at a time.

Each scene is a whole desk of its own; all are played at once, since they mostly wait.
"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from desk import db
from desk.models import Breaker
from tests.databases import Postgres
from tests.fakes.mastodon import MastodonFake
from tests.fakes.platform import Kind, Trouble
from tests.faults.house import House
from tests.faults.sides import mastodon

SLOTS, LONG_S = 8, 12.0
FREEZE_S = 6.0  # longer than a call's deadline, and than what is no freeze
FIRST, LATER = 5, 5  # posts on each channel, before the breaker is open and after

Scene = Callable[[Path, str], None]
Scenes = dict[tuple[Scene, str], Future[None]]


def calls(fake: MastodonFake) -> int:
    return fake.requests().count("POST /api/v1/statuses")


def texts(fake: MastodonFake) -> Counter[str]:
    return Counter(seen.text for seen in fake.published())


def openings(house: House) -> int:
    with house.desk.db.reading() as session:
        return session.scalar(select(Breaker.openings)) or 0


def let_its_time_pass(house: House) -> None:
    with house.desk.db.writing() as session:
        over = db.now(session) - timedelta(seconds=1)
        session.execute(update(Breaker).values(open_until=over))


def well_after(house: House, fake: MastodonFake, count: int) -> bool:
    """All went out, and at no moment its server was left alone."""
    opened = False

    def out() -> bool:
        nonlocal opened
        opened = opened or openings(house) > 0
        return len(fake.published()) == count

    return house.wait(out) and not opened


def schedule(house: House, words: str, count: int) -> None:
    for name in ("Hangs", "Well"):
        house.spread(name, [f"{words} {n}" for n in range(count)], 3.0, 0.01)


def one_probe(home: Path, address: str) -> None:
    with MastodonFake() as hangs, MastodonFake() as well, House(home, address) as house:
        mastodon("Hangs", hangs).join(house)
        mastodon("Well", well).join(house)
        assert house.wait(house.ready)
        hangs.expect(*[Trouble(Kind.STALLED)] * (FIRST + 1))

        schedule(house, "First", FIRST)
        assert house.wait(lambda: openings(house) == 1), house.history()
        schedule(house, "Later", LATER)
        assert house.wait(lambda: len(well.published()) == FIRST + LATER)
        assert calls(hangs) == FIRST, house.history()

        let_its_time_pass(house)
        assert house.wait(lambda: openings(house) == 2), house.history()
        assert calls(hangs) == FIRST + 1, house.history()

        let_its_time_pass(house)
        assert house.wait(lambda: len(hangs.published()) == FIRST + LATER, 150)
        assert openings(house) == 0
        assert set(texts(hangs).values()) == {1}, house.history()
        assert texts(hangs) == texts(well)


def slots_for_another(home: Path, address: str) -> None:
    house = House(home, address, slots=SLOTS, call_deadline_s=LONG_S)
    with MastodonFake() as hangs, MastodonFake() as well, house:
        mastodon("Hangs", hangs).join(house)
        mastodon("Well", well).join(house)
        assert house.wait(house.ready)
        hangs.expect(*[Trouble(Kind.STALLED)] * SLOTS)

        house.spread("Hangs", [f"Hangs {n}" for n in range(SLOTS)], 3.0, 0.01)
        assert house.wait(lambda: calls(hangs) > 0), house.history()
        house.schedule({"Well": "Well"}, 1.0)

        assert house.wait(lambda: bool(well.published()), LONG_S / 2), house.history()


def stopped_in_its_calls(home: Path, address: str) -> None:
    with MastodonFake() as server, House(home, address) as house:
        mastodon("Frozen", server).join(house)
        assert house.wait(house.ready)
        server.expect(*[Trouble(Kind.STALLED)] * FIRST)

        house.spread("Frozen", [f"Post {n}" for n in range(FIRST)], 3.0, 0.01)
        assert house.wait(lambda: calls(server) == FIRST), house.history()
        house.kill("worker", signal.SIGSTOP)
        house.pause(FREEZE_S)
        house.kill("worker", signal.SIGCONT)

        assert well_after(house, server, FIRST), house.history()


SCENES: tuple[tuple[Scene, str], ...] = (
    (one_probe, "sqlite"),
    (one_probe, "postgresql"),
    (slots_for_another, "sqlite"),
    (stopped_in_its_calls, "sqlite"),
)


@pytest.fixture(scope="module")
def scenes(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres
) -> Iterator[Scenes]:
    """Every scene, being played or over; one that failed raises what failed."""
    with ThreadPoolExecutor(len(SCENES)) as pool:
        yield {
            (scene, database): pool.submit(
                scene,
                tmp_path_factory.mktemp("house") / "home",
                postgres.migrated() if database == "postgresql" else "",
            )
            for scene, database in SCENES
        }


@pytest.mark.timeout(300)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_hanging_server_keeps_nobody_waiting_and_gets_one_probe(
    scenes: Scenes, database: str
) -> None:
    scenes[one_probe, database].result()


@pytest.mark.timeout(300)
def test_a_hanging_server_leaves_another_of_its_platform_its_slots(
    scenes: Scenes,
) -> None:
    scenes[slots_for_another, "sqlite"].result()


@pytest.mark.timeout(300)
def test_a_worker_that_was_stopped_blames_no_server(scenes: Scenes) -> None:
    scenes[stopped_in_its_calls, "sqlite"].result()
