"""Supervising: Valkey and the Procfile's processes, from the first start to the end.

honcho is not used: it ends all processes when one dies, and kills after 5 s.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from commands import embedded
from commands.processes import Process, procfile
from desk.config import Settings

TURN_S = 0.1
VALKEY_S = 10.0  # to its first answer, an old journal read included
STOP_S = 30.0  # for what is being sent to finish; then SIGKILL
# five programs loading at once on two cores would keep the first page waiting
LATER_S = {"live": 2.0, "background": 2.0}
NOISE = ("worker: Warm shutdown (MainProcess)",)
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """Starts everything, keeps it running, shows what it says, stops it in order."""

    def __init__(
        self,
        settings: Settings,
        environment: Mapping[str, str],
        without: Collection[str] = (),
        err: bool = False,
    ) -> None:
        self._settings = settings
        self._err = err
        self._valkey: Process | None = None
        self._environment = _with_our_programs(environment)
        self._processes = [
            Process(name, command, self._environment, after_s=LATER_S.get(name, 0.0))
            for name, command in procfile().items()
            if name not in without
        ]

    def start(self) -> None:
        """Valkey first, unless REDIS_URL names another broker; then the others."""
        if not self._settings.redis_url:
            self._start_valkey()
        self.turn()

    def turn(self) -> None:
        """Look after every process once."""
        for process in self._all():
            self._show(process)
            if said := process.tend():
                self.say("desk", said)

    def until(self, done: Callable[[], bool], patience_s: float) -> bool:
        """Look after them until this is so; False where it took too long."""
        give_up_at = time.monotonic() + patience_s
        while not done():
            if time.monotonic() > give_up_at:
                return False
            self.turn()
            time.sleep(TURN_S)
        return True

    def stop(self) -> None:
        """The clock claims no more, the rest finish what they do, Valkey goes last."""
        clock_first = sorted(self._processes, key=lambda one: one.name != "clock")
        for process in clock_first:
            process.signal(signal.SIGTERM)
        self._await_end(self._processes)
        if self._valkey:
            self._valkey.signal(signal.SIGTERM)
            self._await_end([self._valkey])

    def say(self, name: str, line: str) -> None:
        if self._settings.log == "json":
            click.echo(_as_json(name, line), err=self._err)
            return
        width = max((len(process.name) for process in self._all()), default=0)
        click.echo(f"{name:>{width}} | {line}", err=self._err)

    def pids(self) -> dict[str, int]:
        return {one.name: one.pid for one in self._all() if one.pid}

    def _all(self) -> list[Process]:
        return [*filter(None, [self._valkey]), *self._processes]

    def _start_valkey(self) -> None:
        path = self._settings.valkey_socket
        self._valkey = Process(
            "valkey",
            embedded.command(self._settings),
            self._environment,
            occupied=lambda: embedded.answers(path),
        )
        give_up_at = time.monotonic() + VALKEY_S
        while not embedded.answers(path):
            self._valkey.tend()
            time.sleep(0.02)
            if time.monotonic() > give_up_at:
                raise embedded.CantEmbed(_valkey_is_mute(self._settings.home))

    def _await_end(self, processes: Collection[Process]) -> None:
        give_up_at = time.monotonic() + STOP_S
        try:
            while any(process.running() for process in processes):
                self._show_all()
                time.sleep(0.02)
                if time.monotonic() > give_up_at:
                    break
        except KeyboardInterrupt:
            self.say("desk", "Stopping at once.")
        self._show_all()
        for process in processes:
            process.end()

    def _show_all(self) -> None:
        for process in self._all():
            self._show(process)

    def _show(self, process: Process) -> None:
        for line in process.hear():
            if line and line not in NOISE:
                self.say(process.name, line)


@contextmanager
def supervised(supervisor: Supervisor) -> Iterator[Supervisor]:
    """Everything runs inside this block, and nothing after it, however it ends."""
    with interruptible():
        try:
            supervisor.start()
            yield supervisor
        finally:
            supervisor.stop()


@contextmanager
def interruptible() -> Iterator[None]:
    """SIGTERM and a closed terminal end a block the way Ctrl-C does."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _with_our_programs(environment: Mapping[str, str]) -> dict[str, str]:
    """celery and gunicorn are those beside this Python, wherever we were called."""
    here = str(Path(sys.executable).parent)
    path = os.pathsep.join([here, environment.get("PATH", os.defpath)])
    return {**environment, "PATH": path, "PYTHONUNBUFFERED": "1"}


def _valkey_is_mute(home: Path) -> str:
    return (
        f"Valkey does not start: {home / 'valkey' / 'valkey.log'} says why. "
        "It keeps hints only: where its files are broken, delete that folder."
    )


def _as_json(name: str, line: str) -> str:
    """What a process wrote as JSON stays as it is; the rest becomes it."""
    if line.startswith("{"):
        return line
    return json.dumps({"event": line, "process": name})
