"""The slow platform from outside: started, asked what it saw, ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from types import TracebackType
from urllib.request import urlopen

from commands.processes import born_to
from tests.databases import free_port

GOES_FIRST = -10  # as a platform does, whose machine is not the desk's


@dataclass(frozen=True)
class Arrival:
    """One post as the platform got it: `at` its last byte, by this machine's clock."""

    at: float
    who: str
    key: str
    status: int


class SlowPlatform:
    """It answers after 200 ms; `hanging` is another host of it, where posts hang."""

    def __init__(self) -> None:
        ports = free_port(), free_port()
        self.address, self.hanging = (f"http://127.0.0.1:{port}" for port in ports)
        module = "tests.bench.engine.fake"
        self._child = subprocess.Popen(
            [sys.executable, "-m", module, *map(str, ports)],
            start_new_session=True,
            preexec_fn=born_to(os.getpid(), GOES_FIRST if _may_go_first() else 0),
        )

    def __enter__(self) -> SlowPlatform:
        give_up = time.monotonic() + 20
        while True:
            try:
                self._ask("hello")
                return self
            except OSError:
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.05)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._child.kill()
        self._child.wait()

    @property
    def pid(self) -> int:
        return self._child.pid

    def log(self) -> list[Arrival]:
        """Every request to publish, in the order in which they came."""
        told: list[tuple[float, str, str, int]] = json.loads(self._ask("log"))
        return [Arrival(*one) for one in told]

    def refuse(self, token: str) -> None:
        """From now on nobody may post with it."""
        self._ask(f"refuse/{token}")

    def _ask(self, what: str) -> bytes:
        with urlopen(f"{self.address}/{what}", timeout=30) as answer:
            told: bytes = answer.read()
        return told


def _may_go_first() -> bool:
    return os.getuid() == 0
