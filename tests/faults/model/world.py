"""The world of the model: the desk, its clocks and workers, and what is between."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from greenlet import getcurrent

from desk import catch_up, channels, timekeeping
from desk import db as database
from desk.config import Settings
from desk.desk import Desk
from desk.publishing import claiming, lateness, leases, reconciliation
from desk.timekeeping import ClockReading
from tests.faults.model.agents import Agent, Stepping
from tests.faults.model.platforms import (
    CONNECTORS,
    KINDS,
    Site,
    Strict,
)
from tests.faults.model.timing import VirtualClock
from tests.faults.model.workers import Pairs, Worker

OUTAGE_S = 60.0
TICK = timedelta(milliseconds=1)
TABLES = ("events", "attempts", "parts", "posts", "holds", "breakers", "channels")


@dataclass(frozen=True)
class Channel:
    number: int
    account: str
    kind: type[Strict]


@dataclass(frozen=True)
class Message:
    queue: str
    pairs: Pairs


class House:
    """What all runs share: an open desk with a channel of each class."""

    def __init__(self, home: Path, migrated: Path) -> None:
        home.mkdir()
        path = home / "desk.sqlite3"
        path.write_bytes(migrated.read_bytes())
        settings = Settings(home=home, database_url="", redis_url="")
        opened = Desk.open(settings, CONNECTORS)
        opened.db.engine.dispose()
        self.desk = replace(opened, db=Stepping(settings.database))
        self.rows = sqlite3.connect(path, isolation_level=None)
        self.rows.row_factory = sqlite3.Row
        self.channels = [self._channel(kind) for kind in KINDS]
        self._as_made = self.rows.execute("SELECT * FROM channels").fetchall()
        self.clock = VirtualClock()

    def _channel(self, kind: type[Strict]) -> Channel:
        values = {"account": kind.platform}
        began = VirtualClock().wall
        number = channels.add(self.desk, kind.platform, kind.title, values, began)
        return Channel(number, kind.platform, kind)

    def empty(self) -> None:
        """As it was made: no posts, channels that nothing happened to, and noon."""
        vars(self.clock).update(vars(VirtualClock()))
        self.rows.execute("BEGIN IMMEDIATE")
        self.rows.execute("PRAGMA defer_foreign_keys=ON")
        for table in TABLES:
            self.rows.execute(f"DELETE FROM {table}")  # noqa: S608  # ours
        marks = ",".join("?" * len(self._as_made[0]))
        rows = [tuple(row) for row in self._as_made]
        self.rows.executemany(f"INSERT INTO channels VALUES ({marks})", rows)  # noqa: S608  # ours
        self.rows.execute("COMMIT")

    def keep_time(self, patch: pytest.MonkeyPatch) -> None:
        """The one thing that is replaced: what the desk takes for the time."""
        patch.setattr(database, "now", self.clock.now)
        patch.setattr(timekeeping, "boot_seconds", self.clock.boot_seconds)

    def close(self) -> None:
        self.rows.close()
        self.desk.db.engine.dispose()


@dataclass
class World:
    """One run from noon on: who is there, and what is on its way between them."""

    house: House
    messages: list[Message] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)
    leaving: list[Worker] = field(default_factory=list)  # closed or frozen
    looked: dict[str, ClockReading] = field(default_factory=dict)  # by clock
    deaths: int = 0

    def __post_init__(self) -> None:
        self.house.empty()
        self.clock = self.house.clock
        self.site = Strict.site = Site(self.clock)
        self.home = getcurrent()
        self.workers = [self._hired(name) for name in "XYZ"]

    @property
    def desk(self) -> Desk:
        return self.house.desk

    @property
    def agents(self) -> list[Agent]:
        """Who could go on now."""
        everybody = [*self.workers, *self.leaving]
        return [one for worker in everybody for one in worker.ready]

    def look(self, clock: str) -> None:
        """One round of a clock, as workers/clock.py has it; its messages are sent."""
        with self.desk.db.writing() as session:
            read = ClockReading.of(database.now(session))
            last = self.looked.get(clock)
            if last is None or read.boot - last.boot > OUTAGE_S:
                catch_up.space_out(session, read.at)
            leases.rescue(self.desk, session, read.at)
            lateness.expire(session, read.at)
            claims = claiming.claim_due(session, read.at)
            looks = reconciliation.due_looks(session, read.at)
        self.looked[clock] = read
        for queue, found in (
            ("publish", claims),
            *(("reconcile", one) for one in looks),
        ):
            if found:
                pairs = [(claim.post_id, claim.fence) for claim in found]
                self.messages.append(Message(queue, pairs))

    def step(self, agent: Agent) -> None:
        self.clock.go(TICK)
        agent.go_on()
        if agent.failure is not None:
            raise AssertionError(f"a worker failed to {agent.name}") from agent.failure
        for worker in (*self.workers, *self.leaving):
            worker.agents = [one for one in worker.agents if not one.dead]

    def kill(self, index: int) -> None:
        self.deaths += 1
        self.workers[index].die()
        self.workers[index] = self._hired(self.workers[index].name)

    def freeze(self, index: int) -> None:
        """It goes on much later, as a zombie; another worker takes its place."""
        self.workers[index].frozen = True
        self._replace(index)

    def thaw(self) -> None:
        for worker in self.leaving:
            worker.frozen = False

    def deploy(self, index: int) -> None:
        self.workers[index].close()
        self._replace(index)

    def _replace(self, index: int) -> None:
        self.leaving.append(self.workers[index])
        self.workers[index] = self._hired(self.workers[index].name)

    def pass_by(self, span: timedelta) -> None:
        self.clock.go(span)
        self.site.pass_by()

    def awaited(self) -> bool:
        """Whether a clock that looks now may find something to do."""
        return any(self._until(query, past=True) for query in MOMENTS)

    def moments(self) -> list[timedelta]:
        """How long until something that somebody waits for, soonest first."""
        waits = [
            timedelta(seconds=wait)
            for worker in (*self.workers, *self.leaving)
            if not worker.frozen
            for wait in worker.waits_s
        ]
        waits += [wait for query in MOMENTS for wait in self._until(query)]
        return sorted(waits)

    def _until(self, query: str, past: bool = False) -> list[timedelta]:
        rows = self.house.rows.execute(query).fetchall()
        waits = [when(text) - self.clock.wall for (text,) in rows]
        return [wait for wait in waits if (wait <= timedelta(0)) is past]

    def _hired(self, name: str) -> Worker:
        number = name.partition(":")[2] or "0"
        name = f"{name.partition(':')[0]}:{int(number) + 1}"
        return Worker(name, self.desk, self.clock, self.home)


MOMENTS = (
    "SELECT datetime(next_at, '-2 seconds') FROM posts WHERE state = 'scheduled'",
    "SELECT next_at FROM posts WHERE state = 'scheduled'",
    "SELECT expires_at FROM posts WHERE state = 'scheduled' AND expires_at IS NOT NULL",
    "SELECT lease_until FROM posts WHERE lease_until IS NOT NULL",
    "SELECT look_at FROM posts WHERE state = 'unconfirmed' AND look_at IS NOT NULL",
    "SELECT recheck_at FROM posts WHERE recheck_at IS NOT NULL",
    "SELECT not_before FROM channels WHERE not_before IS NOT NULL",
    "SELECT open_until FROM breakers WHERE open_until IS NOT NULL",
    "SELECT probing_until FROM breakers WHERE probing_until IS NOT NULL",
)


def when(text: str) -> datetime:
    """A stored time, read past the desk's own code."""
    return datetime.fromisoformat(text).replace(tzinfo=VirtualClock().wall.tzinfo)
