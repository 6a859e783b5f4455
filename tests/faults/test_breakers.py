"""One server hangs: the others notice nothing, and it gets one probe at a time."""

from __future__ import annotations

import signal
from collections import Counter
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


@pytest.mark.timeout(300)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_hanging_server_keeps_nobody_waiting_and_gets_one_probe(
    tmp_path: Path, postgres: Postgres, database: str
) -> None:
    address = postgres.migrated() if database == "postgresql" else ""
    home = tmp_path / "home"
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


@pytest.mark.timeout(120)
def test_a_hanging_server_leaves_another_of_its_platform_its_slots(
    tmp_path: Path,
) -> None:
    house = House(tmp_path / "home", slots=SLOTS, call_deadline_s=LONG_S)
    with MastodonFake() as hangs, MastodonFake() as well, house:
        mastodon("Hangs", hangs).join(house)
        mastodon("Well", well).join(house)
        assert house.wait(house.ready)
        hangs.expect(*[Trouble(Kind.STALLED)] * SLOTS)

        house.spread("Hangs", [f"Hangs {n}" for n in range(SLOTS)], 3.0, 0.01)
        assert house.wait(lambda: calls(hangs) > 0), house.history()
        house.schedule({"Well": "Well"}, 1.0)

        assert house.wait(lambda: bool(well.published()), LONG_S / 2), house.history()


@pytest.mark.timeout(180)
def test_a_worker_that_was_stopped_blames_no_server(tmp_path: Path) -> None:
    with MastodonFake() as server, House(tmp_path / "home") as house:
        mastodon("Frozen", server).join(house)
        assert house.wait(house.ready)
        server.expect(*[Trouble(Kind.STALLED)] * FIRST)

        house.spread("Frozen", [f"Post {n}" for n in range(FIRST)], 3.0, 0.01)
        assert house.wait(lambda: calls(server) == FIRST), house.history()
        house.kill("worker", signal.SIGSTOP)
        house.pause(FREEZE_S)
        house.kill("worker", signal.SIGCONT)

        assert well_after(house, server, FIRST), house.history()
