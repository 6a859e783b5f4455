"""A newsroom to measure: a desk of real processes with channels on a slow platform."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from urllib.request import urlopen

import connectors
from commands import embedded
from commands.processes import PROCFILE, Process, procfile
from commands.supervising import _with_our_programs
from desk import channels, db, heartbeats
from desk.config import Settings
from desk.desk import Desk
from desk.migrating import upgrade
from tests.databases import free_port

FIRST_PORT = 18420  # of a worker's name only; nobody listens there
READY_S = 60.0


class Newsroom:
    """Valkey, a clock and workers on a home of their own, kept alive."""

    def __init__(
        self, home: Path, database_url: str, slots: int, workers: int = 1
    ) -> None:
        """It may be entered, left and entered again: its posts stay."""
        self.settings = Settings(
            home=home, database_url=database_url, redis_url="", slots=slots
        )
        upgrade(self.settings)
        self.desk = Desk.open(self.settings, connectors.installed())
        self._workers, self.background, self.web = workers, False, False
        self._web_port = free_port()
        self._stopping = threading.Event()
        self._away: set[str] = set()
        self.parts: dict[str, Process] = {}
        self.fail: dict[str, str] = {}  # by part: the failpoint at which it dies, once
        self.said: list[str] = []

    def __enter__(self) -> Newsroom:
        self.parts["valkey"] = self._part("valkey", embedded.command(self.settings))
        self.parts["clock"] = self._part("clock", procfile()["clock"])
        for number in range(1, self._workers + 1):
            name = f"worker{number}"
            self.parts[name] = self._part(name, procfile()["worker"], number)
        if self.background:
            self.parts["background"] = self._part(
                "background", procfile()["background"]
            )
        if self.web:
            self.parts["web"] = self._part("web", procfile()["web"])
        self._stopping.clear()
        self._tending = threading.Thread(target=self._tend, daemon=True)
        self._tending.start()
        if not self.wait(self._ready, READY_S):
            raise RuntimeError(f"The newsroom did not start: {self.said[-20:]}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._tending.join()
        for part in reversed(self.parts.values()):
            part.end()
        self._away.clear()
        self.desk.db.engine.dispose()

    @property
    def address(self) -> str:
        """Of the dashboard, where `web` was asked for."""
        return f"http://127.0.0.1:{self._web_port}"

    def now(self) -> datetime:
        with self.desk.db.reading() as session:
            return db.now(session)

    def open_channels(
        self, platform: str, address: str, count: int, name: str = ""
    ) -> list[int]:
        """As someone would add them: each is checked, each has a token of its own."""
        names = [f"{name or platform}{number}" for number in range(1, count + 1)]
        return [
            channels.add(
                self.desk, platform, one, _credentials(platform, address, one), at
            )
            for one, at in zip(names, [self.now()] * count, strict=True)
        ]

    def kill(self, name: str) -> None:
        """As a machine does it: without asking. It stays away until `start`."""
        self._away.add(name)
        self.parts[name].signal(signal.SIGKILL)

    def start(self, name: str) -> None:
        self._away.discard(name)

    def wait(self, until: Callable[[], bool], patience_s: float) -> bool:
        give_up = time.monotonic() + patience_s
        while not until():
            if time.monotonic() > give_up:
                return False
            time.sleep(0.25)
        return True

    def _ready(self) -> bool:
        with self.desk.db.reading() as session:
            now = db.now(session)
            publishing = heartbeats.alive(session, "publish", now)
            clocks = heartbeats.alive(session, "clock", now)
        sending = clocks > 0 and publishing >= self._workers
        return sending and (not self.web or self._answers())

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.address}/healthz", timeout=5):
                return True
        except OSError:
            return False

    def _tend(self) -> None:
        while not self._stopping.wait(0.1):
            for name, part in list(self.parts.items()):
                self.said += part.hear()
                if name not in self._away and (line := part.tend()):
                    self.said.append(line)

    def _part(self, name: str, command: list[str], number: int = 0) -> Process:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PROCFILE.parent),  # this checkout, and no other
            "STANDFIRST_HOME": str(self.settings.home),
            "DATABASE_URL": self.settings.database_url,
            "STANDFIRST_SLOTS": str(self.settings.slots),
            "STANDFIRST_PORT": str(
                self._web_port if name == "web" else FIRST_PORT + number
            ),
            "PGAPPNAME": name,  # how PostgreSQL tells whose connection it is
        }
        if name in self.fail:
            armed = self.settings.home / f"fail-{name}"
            armed.touch()
            environment["STANDFIRST_FAIL_AT"] = f"{self.fail[name]}:{armed}"
        return Process(name, command, _with_our_programs(environment))


def _credentials(platform: str, address: str, token: str) -> dict[str, str]:
    if platform == "mastodon":
        return {"server": address, "token": token}
    keys = ("consumer_key", "consumer_secret", "access_token_secret")
    return {"server": address, "access_token": token, **dict.fromkeys(keys, "secret")}
