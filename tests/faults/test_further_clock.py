"""A second clock with a home folder of its own joins a newsroom that runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desk import holds
from tests.databases import Postgres
from tests.faults.troubled import Troubled

POSTS = 12


@contextmanager
def further_clock(house: Troubled, home: Path, said: Path) -> Iterator[None]:
    """On another machine, or in a container: it shares the database and the keys."""
    told = {
        "STANDFIRST_HOME": str(home),
        "STANDFIRST_KEYS": (house.settings.home / "keys").read_text().strip(),
        "DATABASE_URL": house.settings.database,
        "REDIS_URL": house.settings.redis,
    }
    program = [sys.executable, "-m", "workers.clock"]
    with said.open("w") as out:
        clock = subprocess.Popen(
            program,
            env={**house.environment(), **told},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
        finally:
            clock.terminate()
            clock.wait(30)


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("database", "words"),
    [
        ("sqlite", "a further clock of this desk"),
        ("postgresql", "the same database as a moment ago"),
    ],
)
def test_a_further_clock_holds_nothing(
    tmp_path: Path, postgres: Postgres, database: str, words: str
) -> None:
    address = postgres.migrated() if database == "postgresql" else ""
    said = tmp_path / "said"
    with Troubled(tmp_path / "home", address) as house:
        house.wait(house.ready)
        house.schedule({"Paper": "Dodge returns"}, ahead_s=1.0)
        house.wait(house.settled)  # now there is something to be a copy of
        texts = [f"Dodge returns, {n}" for n in range(POSTS)]
        house.spread("Paper", texts, ahead_s=3.0, over_s=15.0)
        with further_clock(house, tmp_path / "other", said):
            joined = house.wait(lambda: "this is " in said.read_text())
            house.wait(house.settled)
        with house.desk.db.reading() as session:
            held = holds.list_holds(session)
        states, history = {post.state for post in house.posts()}, house.history()

    assert joined
    assert words in said.read_text()
    assert (held, states) == ([], {"published"}), history


@pytest.mark.timeout(240)
def test_a_release_whose_home_is_new_goes_on_by_itself(
    tmp_path: Path, postgres: Postgres
) -> None:
    address = postgres.migrated()
    with Troubled(tmp_path / "home", address) as house:
        house.wait(house.ready)
        house.schedule({"Paper": "Before"}, ahead_s=1.0)
        house.wait(house.settled)
    with Troubled(tmp_path / "new", address) as again:
        again.wait(again.ready)
        again.schedule({"Paper": "After"}, ahead_s=1.0)
        again.wait(again.settled)

        with again.desk.db.reading() as session:
            held = holds.list_holds(session)
        states = [post.state for post in again.posts()]

    assert (held, states) == ([], ["published", "published"]), again.said
    assert again.heard("the same database as a moment ago") == 1
