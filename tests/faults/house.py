"""A whole desk of real processes, whose every part a test may kill."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

import connectors
from commands import embedded
from commands.processes import Process, procfile
from commands.supervising import _with_our_programs
from desk import channels, db, heartbeats, home_folder, posts, report, scheduling
from desk.config import Settings
from desk.desk import Desk
from desk.migrating import upgrade
from desk.models import Post
from desk.scheduling import At
from tests.databases import migrated
from tests.faults.forked import Forked
from workers.app import QUEUES

PARTS = ("clock", "worker", "background")
UNSETTLED = {"scheduled", "claimed", "sending"}


class House:
    """Valkey, a clock and two workers on a home of their own, kept alive."""

    def __init__(
        self,
        home: Path,
        database_url: str = "",
        fail: Mapping[str, str] | None = None,
        parts: Collection[str] = PARTS,
        changes: str = "",
        call_deadline_s: float = 3.0,
        slots: int = 500,
    ) -> None:
        """`fail`: by part, the failpoint at which it dies, once.

        `parts`: of the Procfile; a second one of a kind is "worker-2". `changes`: what
        tests/faults/breaking.py takes out of the clocks and workers.
        """
        self.settings = Settings(
            home=home,
            database_url=database_url,
            redis_url="",
            call_deadline_s=call_deadline_s,
            slots=slots,
        )
        self._have_tables()
        self.desk = Desk.open(self.settings, connectors.installed())
        channels.ensure_built_in(self.desk, self.now())
        self._fail, self._changes = fail or {}, changes
        self._parts = [self._part(name, n) for n, name in enumerate(parts)]
        self._stopping = threading.Event()
        self._tending = threading.Thread(target=self._tend, daemon=True)
        self.said: list[str] = []

    def _have_tables(self) -> None:
        """A copy of migrated ones where this is a new home; theirs may be older."""
        home = self.settings.home
        if self.settings.database.startswith("sqlite") and not home.exists():
            home.mkdir(parents=True, mode=home_folder.PRIVATE)
            shutil.copy(migrated(), home)
        upgrade(self.settings)

    def now(self) -> datetime:
        with self.desk.db.reading() as session:
            return db.now(session)

    def __enter__(self) -> House:
        valkey = Process("valkey", embedded.command(self.settings), self._env())
        self._parts.insert(0, valkey)
        self._tending.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._tending.join()
        for part in reversed(self._parts):
            part.end()
        self.desk.db.engine.dispose()

    def ready(self) -> bool:
        """A clock and a worker for every Celery queue have said that they live."""
        with self.desk.db.reading() as session:
            now = db.now(session)
            return all(
                heartbeats.alive(session, work, now)
                for work in ("clock", *QUEUES.values())
            )

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """As a machine does it: without asking. It is started again at once."""
        part = next(part for part in self._parts if part.name == name)
        part.signal(number)

    def held_by(self, owner: str) -> str:
        """The part that holds a post, by what the row calls its owner."""
        number = int(owner.rpartition(":")[2])
        return next(part.name for part in self._parts if part.pid == number)

    def pid(self, name: str) -> int | None:
        return next(part.pid for part in self._parts if part.name == name)

    def deaths(self, name: str) -> int:
        return sum(line.startswith(f"{name} was killed") for line in self.said)

    def died(self, name: str) -> bool:
        return self.deaths(name) > 0

    def pause(self, seconds: float) -> None:
        self._stopping.wait(seconds)

    def schedule(self, texts: Mapping[str, str], ahead_s: float) -> dict[str, int]:
        """One post on each of these channels, by name, all due at the same time."""
        with self.desk.db.writing() as session:
            now = db.now(session)
            due = At(now + timedelta(seconds=ahead_s))
            made = {}
            for name, text in texts.items():
                channel = channels.find_channel_named(session, name)
                post = posts.create(session, channel.id, text=text, now=now)
                scheduling.schedule(self.desk, session, post.id, due, now=now)
                made[name] = post.id
        return made

    def spread(
        self, name: str, texts: Sequence[str], ahead_s: float, over_s: float
    ) -> None:
        """These posts on one channel, falling due one after the other."""
        step = timedelta(seconds=over_s / len(texts))
        with self.desk.db.writing() as session:
            now = db.now(session)
            first = now + timedelta(seconds=ahead_s)
            channel = channels.find_channel_named(session, name)
            for number, text in enumerate(texts):
                post = posts.create(session, channel.id, text=text, now=now)
                due = At(first + number * step)
                scheduling.schedule(self.desk, session, post.id, due, now=now)

    def posts(self) -> list[Post]:
        with self.desk.db.reading() as session:
            return report.list_posts(session)

    def settled(self) -> bool:
        """Every post is where it stays, or where only a person moves it on."""
        return all(
            post.state not in UNSETTLED
            and not (post.state == "unconfirmed" and not post.needs_person)
            for post in self.posts()
        )

    def wait(self, until: Callable[[], bool], patience_s: float = 90) -> bool:
        give_up = time.monotonic() + patience_s
        while not until():
            if time.monotonic() > give_up:
                return False
            self._stopping.wait(0.1)
        return True

    def history(self) -> str:
        """What happened to each post, for a test that failed."""
        with self.desk.db.reading() as session:
            return "\n".join(
                f"{post.id} {post.channel.name} {post.state}: "
                + " | ".join(e.what for e in report.account(session, post.id).events)
                for post in report.list_posts(session)
            )

    def _tend(self) -> None:
        while not self._stopping.wait(0.05):
            for part in self._parts:
                self.said += part.hear()
                if line := part.tend():
                    self.said.append(line)

    def _part(self, name: str, number: int = 0) -> Process:
        kind, environment = name.partition("-")[0], self._env()
        # part of what a worker is called: no two may have the same
        environment["STANDFIRST_PORT"] = str(self.settings.port + number)
        if name in self._fail:
            armed = self.settings.home / f"fail-{name}"
            armed.touch()
            environment["STANDFIRST_FAIL_AT"] = f"{self._fail[name]}:{armed}"
        command = procfile()[kind]
        if self._changes:
            launcher = f"exec python -m tests.faults.breaking {self._changes}"
            line = command[-1].removeprefix("exec ")
            command = [*command[:-1], f"{launcher} {line}"]
        return Forked(name, command, environment)

    def _env(self) -> dict[str, str]:
        return _with_our_programs(
            {
                "PATH": os.environ["PATH"],
                "STANDFIRST_HOME": str(self.settings.home),
                "DATABASE_URL": self.settings.database_url,
                "STANDFIRST_CALL_DEADLINE": str(self.settings.call_deadline_s),
                "STANDFIRST_SLOTS": str(self.settings.slots),
            }
        )
