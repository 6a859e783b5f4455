"""`desk up` with ports and a home of its own: all its processes, sooner begun."""

from __future__ import annotations

import io
import os
import re
import signal
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from tests.databases import free_port
from tests.faults.forked import nursery

PATIENCE_S = 60
STOPS_S = 40
LINK = re.compile(r"Sign in\s+(http://\S+)")


class Running:
    """The desk, from its first line to the last process gone."""

    def __init__(self, home: Path, database_url: str = "", **settings: str) -> None:
        self.home = home
        self.port, self.live_port = free_port(), free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = _environment(
            {
                "STANDFIRST_HOME": str(home),
                "STANDFIRST_PORT": str(self.port),
                "STANDFIRST_LIVE_PORT": str(self.live_port),
                "DATABASE_URL": database_url,
                **settings,
            }
        )
        self.lines: list[str] = []
        self._told = threading.Condition()

    def __enter__(self) -> Running:
        command = ("python", "-m", "tests.e2e.soon", "up")
        self._child = nursery().fork(command, self.environment)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._child.send_signal(signal.SIGINT)
        self._reader.join(STOPS_S)  # until it has no more to say
        stopped = not self._reader.is_alive()
        self._child.send_signal(signal.SIGKILL)
        self._child.wait()
        self._reader.join()
        assert stopped, "\n".join(self.lines)

    def sign_in_link(self) -> str:
        """The one-time link that it prints when it is ready."""
        with self._told:
            said = self._told.wait_for(self._link, PATIENCE_S)
        assert said, "\n".join(self.lines)
        return said.group(1)

    def _link(self) -> re.Match[str] | None:
        return LINK.search("\n".join(self.lines))

    def _read(self) -> None:
        with io.TextIOWrapper(io.BufferedReader(self._child.stdout)) as output:
            for line in output:
                with self._told:
                    self.lines.append(line.rstrip())
                    self._told.notify_all()


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("STANDFIRST_")}
    allow = {"STANDFIRST_CHANNEL_ALLOW": "127.0.0.1,localhost"}  # the fake platforms
    return {**kept, **allow, "REDIS_URL": "", **settings}
