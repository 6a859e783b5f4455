"""A desk of real processes whose surroundings a test may break, part by part."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from sqlalchemy.exc import DBAPIError

from commands import embedded
from commands.processes import Process, procfile
from desk import db, heartbeats
from desk.models import Post
from tests.faults.forked import Forked
from tests.faults.house import UNSETTLED, House
from workers.app import QUEUES


@dataclass(frozen=True)
class Surroundings:
    """What the parts are told, where that differs from what the test itself uses."""

    environment: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)  # by part: until `exec`
    instead: Mapping[str, str] = field(default_factory=dict)  # by part: another program


class Troubled(House):
    """A house whose Valkey may be away for as long as a test likes."""

    def __init__(
        self,
        home: Path,
        database_url: str = "",
        around: Surroundings | None = None,
    ) -> None:
        self._around = around or Surroundings()
        self.broker_away = Event()
        self.ahead = timedelta()  # of the desk's clock, where a test has set it
        super().__init__(home, database_url)

    def __enter__(self) -> Troubled:
        valkey = Process(
            "valkey",
            embedded.command(self.settings),
            self._env(),
            occupied=self.broker_away.is_set,
        )
        self._parts.insert(0, valkey)
        self._tending.start()
        return self

    def stop(self) -> None:
        """As at night: the processes end, what they keep stays."""
        self._stopping.set()
        self._tending.join()
        for part in reversed(self._parts):
            part.end()

    @property
    def journal(self) -> Path:
        """Valkey's append-only file, a folder of several."""
        return self.settings.home / "valkey" / "appendonlydir"

    def signal(self, number: int, *names: str) -> None:
        """To these parts, one after the other."""
        for part in self._parts:
            if part.name in names:
                part.signal(number)

    def now(self) -> datetime:
        return super().now() + self.ahead

    def ready(self) -> bool:
        with self.desk.db.reading() as session:
            now = db.now(session) + self.ahead
            return all(
                heartbeats.alive(session, work, now)
                for work in ("clock", *QUEUES.values())
            )

    def settled(self) -> bool:
        """What is put aside stays there too. Not while nobody can say."""
        try:
            return all(post.triage or _settled(post) for post in self.posts())
        except DBAPIError:
            return False

    def heard(self, words: str) -> int:
        """How often a part said this."""
        return sum(words in line for line in self.said)

    def environment(self) -> dict[str, str]:
        """What every part of this house is told."""
        return self._env()

    def _part(self, name: str, number: int = 0) -> Process:
        around = self._around
        environment = self._env()
        # part of what a worker is called: no two may have the same
        environment["STANDFIRST_PORT"] = str(self.settings.port + number)
        program = around.instead.get(name) or procfile()[name][-1]
        before = around.before.get(name, "exec")
        words = f"{before} {program.removeprefix('exec ')}"
        command = ["/bin/sh", "-c", words]
        return Forked(name, command, environment)

    def _env(self) -> dict[str, str]:
        return {**super()._env(), **self._around.environment}


def _settled(post: Post) -> bool:
    if post.state == "unconfirmed":
        return post.needs_person
    return post.state not in UNSETTLED


def restarted_with(house: Troubled, journal: Path) -> None:
    """Valkey comes back with the append-only file of another hour."""
    house.broker_away.set()
    house.kill("valkey")
    house.pause(0.3)
    shutil.rmtree(house.journal)
    shutil.copytree(journal, house.journal)
    house.broker_away.clear()
