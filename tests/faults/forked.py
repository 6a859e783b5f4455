"""The desk's processes, forked from one that has their libraries loaded.

Half of what a house of the fault tests computes is imports: three processes load them
when it begins, and one more after each kill. Here one process for each process of the
test run loads the libraries once, and is forked for each part. What is forked is a
process as any other: a child of the test, in a session of its own, with a pid, an
environment and an output of its own, and it runs the Procfile's own command from its
first line; kill -9 ends it as the kernel does. What a command is to load before it
(a clock of the test's own) can't be forked, and is started as ever.
"""

from __future__ import annotations

import atexit
import ctypes
import json
import os
import re
import runpy
import shlex
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import BinaryIO

from commands.processes import Child, Process, born_to

PR_SET_CHILD_SUBREAPER = 36
# what a clock and a worker load, but for those that read their environment then
LIBRARIES = (
    *("celery.__main__", "celery.bin.celery", "celery.apps.worker", "celery.app.amqp"),
    *("celery.concurrency.thread", "celery.worker.consumer", "celery.worker.strategy"),
    *("celery.fixups.django", "celery.app.events", "celery.app.control"),
    *("celery.app.log", "celery.events.state", "celery.loaders.app", "kombu.pools"),
    *("sqlalchemy.dialects.sqlite.pysqlite", "sqlalchemy.dialects.postgresql.psycopg"),
    *("connectors.mastodon", "connectors.x", "connectors.bluesky", "connectors.paper"),
    *("desk.catch_up", "desk.clock_jumps", "desk.wakeup", "desk.publishing.lateness"),
    *("workers.bootstrap", "workers.broker", "workers.notifier"),
)
FORKED = re.compile(r"exec (?:celery|python -m) ")
VARIABLE = re.compile(r"\$\{(\w+):-(.*?)\}")
ENOUGH = 1 << 20  # bytes of a command and its environment


class Forked(Process):
    """A part of a house, begun by a fork where its command allows it."""

    def _begin(self) -> Child:
        line = self._command[-1]
        if self._command[:2] != ["/bin/sh", "-c"] or not FORKED.match(line):
            return super()._begin()
        line = VARIABLE.sub(lambda it: self._environment.get(it[1]) or it[2], line)
        return _nursery().fork(shlex.split(line)[1:], self._environment)


class _Fork:
    """A child that somebody else has forked: what Process asks of a Popen."""

    def __init__(self, pid: int, stdout: BinaryIO) -> None:
        self.pid, self.stdout = pid, stdout
        self._status: int | None = None

    def poll(self) -> int | None:
        return self._wait(os.WNOHANG)

    def wait(self) -> int:
        status = self._wait(0)
        assert status is not None
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def _wait(self, options: int) -> int | None:
        if self._status is None:
            pid, status = os.waitpid(self.pid, options)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status


class _Nursery:
    """The process that is forked, as the test's process knows it."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            for end in (self._ours, theirs):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ENOUGH)
            self._process = subprocess.Popen(
                [sys.executable, "-u", "-m", __name__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )

    def fork(self, command: Sequence[str], environment: Mapping[str, str]) -> _Fork:
        """Who forks it ends at once, and a subreaper is given the orphans."""
        reads, writes = os.pipe()
        asked = json.dumps([os.getpid(), command, dict(environment)]).encode()
        with self._turn:
            _reap(orphans=True)
            try:
                socket.send_fds(self._ours, [asked], [writes])
                pid = int(self._ours.recv(ENOUGH))
            finally:
                _reap(orphans=False)
                os.close(writes)
        return _Fork(pid, os.fdopen(reads, "rb", buffering=0))

    def close(self) -> None:
        self._ours.close()
        self._process.wait()


@cache
def _nursery() -> _Nursery:
    nursery = _Nursery()
    atexit.register(nursery.close)
    return nursery


def _reap(orphans: bool) -> None:
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, int(orphans), 0, 0, 0):
        raise OSError("This process can't be given orphans.")


def serve(tests: socket.socket) -> None:
    """Fork for each command that comes, until the test's process is gone."""
    for library in LIBRARIES:
        import_module(library)
    while True:
        asked, outputs, _, _ = socket.recv_fds(tests, ENOUGH, 1)
        if not asked:
            return
        assert threading.active_count() == 1  # a fork takes no other thread along
        parent, command, environment = json.loads(asked)
        reads, writes = os.pipe()
        if not (child := os.fork()):
            tests.close()
            os.close(reads)
            _begin(outputs[0], parent)
            os.write(writes, str(os.getpid()).encode())
            os.close(writes)
            _run(command, environment)
            return
        os.close(outputs[0])
        os.close(writes)
        with os.fdopen(reads, "rb") as told:
            tests.send(told.read())
        os.waitpid(child, 0)


def _begin(output: int, parent: int) -> None:
    """Return as a grandchild, when all is as Process has it of those that it starts."""
    between = os.getpid()
    if os.fork():
        os._exit(0)
    while os.getppid() == between:
        time.sleep(0.001)
    os.setsid()
    for number in (sys.stdout.fileno(), sys.stderr.fileno()):
        os.dup2(output, number)
    os.close(output)
    born_to(parent)()


def _run(command: list[str], environment: dict[str, str]) -> None:
    """A module by its name, or the one that `python -m` is to run."""
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    at = 0 if command[0] == "celery" else 2
    module, sys.argv = command[at], command[at:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
