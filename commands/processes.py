"""Processes: one child of ours, started, heard, started again when it dies."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol

PAUSES_S = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)  # before each start in a row that failed
STEADY_S = 10.0  # a child that lived this long starts again without a pause
PR_SET_PDEATHSIG = 1
GIVES_WAY = {"web": 9, "live": 9}  # what goes out is on time first: 7 shares to one
PROCFILE = Path(__file__).resolve().parent.parent / "Procfile"

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class NoProcfile(Exception):
    """There is no Procfile to start; says in a sentence where one belongs."""


def procfile(path: Path = PROCFILE) -> dict[str, list[str]]:
    """Each process type's command, run so that signals reach it and not a shell."""
    try:
        lines = path.read_text().splitlines()
    except OSError:
        raise NoProcfile(
            f"There is no {path}: start the desk from its checkout."
        ) from None
    pairs = [line.split(":", 1) for line in lines if line.strip() and line[0] != "#"]
    return {
        name.strip(): ["/bin/sh", "-c", f"exec {line.strip()}"] for name, line in pairs
    }


class Child(Protocol):
    """What is asked of one that runs; a Popen, as a rule."""

    @property
    def pid(self) -> int: ...
    @property
    def stdout(self) -> IO[bytes] | None: ...
    def poll(self) -> int | None: ...
    def wait(self) -> int: ...
    def send_signal(self, number: int, /) -> None: ...


class Process:
    """A child that is kept alive until it is told to stop."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        occupied: Callable[[], bool] = lambda: False,
        after_s: float = 0.0,
    ) -> None:
        """`occupied`: someone else already does this one's work; leave it to them."""
        self.name = name
        self._command = list(command)
        self._environment = dict(environment)
        self._occupied = occupied
        self._child: Child | None = None
        self._started = 0.0
        self._start_at = time.monotonic() + after_s
        self._failures = 0
        self._unfinished = b""

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    def tend(self) -> str | None:
        """Start it where it should run and doesn't; says so when it had died."""
        said = None
        if self._child and (status := self._child.poll()) is not None:
            said = self._ended(status)
        if self._child is None and time.monotonic() >= self._start_at:
            self._start()
        return said

    def hear(self) -> list[str]:
        """The whole lines it has written since."""
        if self._child is None or self._child.stdout is None:
            return []
        written = self._child.stdout.read() or b""
        *lines, self._unfinished = (self._unfinished + written).split(b"\n")
        return [line.decode(errors="replace").rstrip() for line in lines]

    def running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def signal(self, number: int) -> None:
        """To it and, when it is to die at once, to all that it started."""
        if self._child is None or not self.running():
            return
        if number == signal.SIGKILL:
            os.killpg(self._child.pid, number)
        else:
            self._child.send_signal(number)

    def end(self) -> None:
        """Whatever is left of it, at once."""
        self.signal(signal.SIGKILL)
        self._let_go()

    def _start(self) -> None:
        if self._occupied():
            self._start_at = time.monotonic() + 1.0
            return
        self._started = time.monotonic()
        self._child = self._begin()
        if self._child.stdout:
            os.set_blocking(self._child.stdout.fileno(), False)

    def _begin(self) -> Child:
        return subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is ours to pass on, in order
            preexec_fn=born_to(os.getpid(), GIVES_WAY.get(self.name, 0)),
        )

    def _ended(self, status: int) -> str:
        steady = time.monotonic() - self._started > STEADY_S
        self._failures = 0 if steady else self._failures + 1
        pause = PAUSES_S[min(max(self._failures - 1, 0), len(PAUSES_S) - 1)]
        self._start_at = time.monotonic() + pause
        self._let_go()
        how = f"was killed by signal {-status}" if status < 0 else f"ended ({status})"
        return f"{self.name} {how}; starting it again in {pause:.1f} s."

    def _let_go(self) -> None:
        if self._child is None:
            return
        self._child.wait()
        if self._child.stdout:
            self._child.stdout.close()
        self._child = None


def born_to(parent: int, gives_way: int = 0) -> Callable[[], None]:
    """What a child does before anything else."""
    dies = _die_with(parent)

    def begin() -> None:
        if dies is not None:
            dies()
        if gives_way:
            _give_way(gives_way)

    return begin


def _give_way(by: int) -> None:
    """As a process, and as a session: on Linux that has a share of its own."""
    os.nice(by)
    with suppress(OSError):  # not every kernel knows such shares
        Path("/proc/self/autogroup").write_text(str(by))


def _die_with(parent: int) -> Callable[[], None] | None:
    """Linux tells a child when its parent dies, even when that was kill -9."""
    if _libc is None:
        return None
    libc = _libc

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask
