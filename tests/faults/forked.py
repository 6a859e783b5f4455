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
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from importlib import import_module
from io import FileIO
from subprocess import CompletedProcess
from tempfile import TemporaryFile
from typing import NoReturn

from commands.processes import GIVES_WAY, Child, Process, born_to

PR_SET_CHILD_SUBREAPER = 36
# what the parts of a desk load, but for those that read their environment then
LIBRARIES = (
    *("celery.__main__", "celery.bin.celery", "celery.apps.worker", "celery.app.amqp"),
    *("celery.concurrency.thread", "celery.worker.consumer", "celery.worker.strategy"),
    *("celery.fixups.django", "celery.app.events", "celery.app.control"),
    *("celery.app.log", "celery.events.state", "celery.loaders.app", "kombu.pools"),
    *("sqlalchemy.dialects.sqlite.pysqlite", "sqlalchemy.dialects.postgresql.psycopg"),
    *("connectors.mastodon", "connectors.x", "connectors.bluesky", "connectors.paper"),
    *("desk.catch_up", "desk.clock_jumps", "desk.wakeup", "desk.publishing.lateness"),
    *("workers.bootstrap", "workers.broker", "workers.notifier"),
    *("gunicorn.app.wsgiapp", "web.app_factory", "web.live", "web.serving"),
)
FORKED = re.compile(r"exec (?:celery|gunicorn|python -m) ")
VARIABLE = re.compile(r"\$\{(\w+):-(.*?)\}")
_making = threading.Lock()
ENOUGH = 1 << 20  # bytes of a command and its environment
# has it serve at the first socket, whose other end is ours; gives what awaits its end
Beginning = Callable[[socket.socket, socket.socket], Callable[[], object]]


class Forked(Process):
    """A part of a house, begun by a fork where its command allows it."""

    def _begin(self) -> Child:
        line = self._command[-1]
        if self._command[:2] != ["/bin/sh", "-c"] or not FORKED.match(line):
            return super()._begin()
        line = VARIABLE.sub(lambda it: self._environment.get(it[1]) or it[2], line)
        gives_way = GIVES_WAY.get(self.name, 0)
        command = shlex.split(line)[1:]
        return self.nursery().fork(command, self._environment, gives_way)

    @staticmethod
    def nursery() -> Nursery:
        return nursery()


class Fork:
    """A child that somebody else has forked: what Process asks of a Popen."""

    def __init__(self, pid: int, stdout: FileIO) -> None:
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


class Nursery:
    """The process that is forked, as those know it who ask for a child."""

    # whichever is asked: to be given orphans is the whole process's
    _turn = threading.Lock()

    def __init__(self, begin: Beginning) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            for end in (self._ours, theirs):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ENOUGH)
            self._ended = begin(theirs, self._ours)

    def fork(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        gives_way: int = 0,
    ) -> Fork:
        reads, writes = os.pipe()
        try:
            pid = self._fork(command, environment, gives_way, [writes, writes])
        finally:
            os.close(writes)
        return Fork(pid, os.fdopen(reads, "rb", buffering=0))

    def run(
        self, command: Sequence[str], environment: Mapping[str, str]
    ) -> CompletedProcess[str]:
        """What it says, and how it ends."""
        with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
            outputs = [out.fileno(), err.fileno()]
            _, status = os.waitpid(self._fork(command, environment, 0, outputs), 0)
            code = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            return CompletedProcess(command, code, out.read(), err.read())

    def _fork(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        gives_way: int,
        outputs: Sequence[int],
    ) -> int:
        """Who forks it ends at once, and a subreaper is given the orphans."""
        who = os.getpid(), gives_way
        asked = json.dumps([who, command, dict(environment)]).encode()
        with self._turn:
            _reap(orphans=True)
            try:
                socket.send_fds(self._ours, [asked], [*outputs])
                return int(self._ours.recv(ENOUGH))
            finally:
                _reap(orphans=False)

    def close(self) -> None:
        self._ours.close()
        self._ended()


def nursery() -> Nursery:
    """This process's own: another Python. Houses that begin at once share it."""
    with _making:
        return _own()


@cache
def _own() -> Nursery:
    return _until_the_end(Nursery(_started))


def branched() -> Nursery:
    """The own nursery of one that was forked itself: it has all that is to be loaded.

    To be asked for before anything is opened, and before any thread.
    """
    return _until_the_end(Nursery(_forked))


def _until_the_end(made: Nursery) -> Nursery:
    atexit.register(made.close)
    return made


def _started(theirs: socket.socket, _ours: socket.socket) -> Callable[[], object]:
    command = [sys.executable, "-u", "-m", __name__, str(theirs.fileno())]
    process = subprocess.Popen(
        command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
    )
    return process.wait


def _forked(theirs: socket.socket, ours: socket.socket) -> Callable[[], object]:
    if not (pid := os.fork()):
        ours.close()
        serve(theirs)
        os._exit(0)
    return partial(os.waitpid, pid, 0)


def _reap(orphans: bool) -> None:
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, int(orphans), 0, 0, 0):
        raise OSError("This process can't be given orphans.")


def serve(tests: socket.socket) -> None:
    """Fork for each command that comes, until the test's process is gone."""
    for library in LIBRARIES:
        import_module(library)
    while True:
        asked, outputs, _, _ = socket.recv_fds(tests, ENOUGH, 2)
        if not asked:
            return
        assert threading.active_count() == 1  # a fork takes no other thread along
        who, command, environment = json.loads(asked)
        reads, writes = os.pipe()
        if not (child := os.fork()):
            tests.close()
            os.close(reads)
            _begin(outputs, *who)
            os.write(writes, str(os.getpid()).encode())
            os.close(writes)
            _end(_run(command, environment))
        for number in (*outputs, writes):
            os.close(number)
        with os.fdopen(reads, "rb") as told:
            tests.send(told.read())
        os.waitpid(child, 0)


def _begin(outputs: Sequence[int], parent: int, gives_way: int) -> None:
    """Return as a grandchild, when all is as Process has it of those that it starts."""
    between = os.getpid()
    if os.fork():
        os._exit(0)
    while os.getppid() == between:
        time.sleep(0.001)
    os.setsid()
    for ours, at in zip(outputs, (sys.stdout, sys.stderr), strict=True):
        os.dup2(ours, at.fileno())
        os.close(ours)
    born_to(parent, gives_way)()


def _run(command: list[str], environment: dict[str, str]) -> int:
    """A module by its name, or the one that `python -m` is to run: how it ended."""
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    tempfile.tempdir = None  # asked for anew
    at = 2 if command[0] == "python" else 0
    module, sys.argv = command[at], command[at:]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as over:
        if isinstance(over.code, str):
            print(over.code, file=sys.stderr)  # noqa: T201  # as Python does
        return over.code if isinstance(over.code, int) else int(bool(over.code))
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _end(status: int) -> NoReturn:
    """Tell those who asked to be told, and go: to let go of each thing that was loaded
    would copy the memory first that it has in common with all others.
    """
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
