"""The sandbox: what comes from outside is parsed in a child process, with limits.

A child has no network, no database and no keys, and gives way to everything that is
on time. What hangs or swells ends it, and a new one takes its place: that is one
sentence for whoever gave it, and nothing for anyone else.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as Overtime
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import structlog
from pebble import ProcessExpired, ProcessPool

T = TypeVar("T")

RECYCLED = 200  # tasks, after which a child is replaced: libraries leak
TURNS = 3  # tasks that may wait for the child of a process; the others wait for that
PLACE_S = 0.5  # for one of the threads that may wait: a usual paste takes a tenth
TURN_S = 5.0  # and come again: a child gives way, and on a busy machine takes its time
GRACE_S = 2.0  # of the wall, beyond the seconds of computing
LATE_S = 1.0  # after which a child is killed that did not end by itself
START_S = 20.0  # until a new child has loaded its libraries, on a busy machine
NICENESS = 10
MEGABYTE = 1_000_000
KEPT = ("LANG", "LC_ALL", "PATH", "TZ")  # of the environment
TIME_IS_UP = (-signal.SIGXCPU, -signal.SIGALRM)
MEMORY_IS_FULL = 75  # how a child ends that ran short
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
FORBIDDEN = (
    *("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo"),
    *("sqlite3.connect", "subprocess.Popen", "os.system", "os.exec", "os.fork"),
    *("os.posix_spawn", "os.remove", "os.rename", "shutil.rmtree"),
)

log = structlog.get_logger(__name__)


class Over(StrEnum):
    """Which limit it went over."""

    TIME = "time"
    MEMORY = "memory"
    DEATH = "death"  # of the child, by a fault in a library
    FAULT = "fault"  # raised by a library that met what it never thought of
    TURN = "turn"  # too many others are being read


class Exhausted(Exception):
    """It could not be parsed within the limits."""

    def __init__(self, over: Over) -> None:
        super().__init__(over)
        self.over = over


class _Fault(Exception):
    """How a child tells what it did not mean to raise; the thing itself may be odd."""


@dataclass(frozen=True)
class Limits:
    """Of one task: seconds of computing, and bytes of memory with what is loaded."""

    seconds: int
    memory: int

    @property
    def wall_s(self) -> float:
        return self.seconds + GRACE_S


class Places:
    """How many threads of this process may wait for its children, all kinds together.

    A web process has few threads: those that wait answer nobody's pages. So half as
    many may wait for a place, for a moment, and who comes then is refused at once.
    """

    def __init__(self) -> None:
        self._free: threading.Semaphore | None = None
        self._standing = threading.Semaphore()

    def limit(self, to: int) -> None:
        self._free = threading.Semaphore(to)
        self._standing = threading.Semaphore(to // 2)

    @contextmanager
    def one(self) -> Iterator[bool]:
        """Whether there is one."""
        free = self._free
        if free is None:
            yield True
        elif free.acquire(blocking=False) or self._wait(free):
            try:
                yield True
            finally:
                free.release()
        else:
            yield False

    def _wait(self, free: threading.Semaphore) -> bool:
        if not self._standing.acquire(blocking=False):
            return False
        try:
            return free.acquire(timeout=PLACE_S)
        finally:
            self._standing.release()


places = Places()


class Sandbox:
    """A child process, started with its first task. Safe to share among threads."""

    def __init__(
        self,
        what: str,
        limits: Limits,
        load: Callable[[], None],
        refusal: type[Exception],
    ) -> None:
        """`what` it parses, for the log; `load`: what the child does before it is shut.

        Whatever reads from the disk must be loaded then. `refusal` is the one thing
        that its tasks mean to raise.
        """
        self._what, self._limits, self._load = what, limits, load
        self._refusal = refusal
        self._turns = threading.BoundedSemaphore(TURNS)
        self._starting = threading.Lock()
        self._pool: ProcessPool | None = None
        self._owner = 0

    def run(self, do: Callable[..., T], *given: Any) -> T:
        """Do this in the child; `do`, what it takes and what it gives are pickled.

        Raises its refusal, or `Exhausted`.
        """
        with places.one() as has_place:
            if not (has_place and self._turns.acquire(timeout=TURN_S)):
                raise self._exhausted(Over.TURN)
            try:
                return self._run(do, given)
            finally:
                self._turns.release()

    def _run(self, do: Callable[..., T], given: tuple[Any, ...]) -> T:
        longest_s = self._limits.wall_s + LATE_S
        pool, task_of = self._running(), (self._limits, self._refusal, do, given)
        try:
            task = pool.schedule(_within, task_of, timeout=longest_s)
            result: T = task.result(timeout=TURNS * longest_s + START_S)
        except Overtime:
            task.cancel()  # type: ignore[no-untyped-call]
            raise self._exhausted(Over.TIME) from None
        except ProcessExpired as error:
            raise self._exhausted(_over(error.exitcode)) from None
        except BrokenProcessPool:
            self._drop(pool)
            raise self._exhausted(Over.DEATH) from None
        except _Fault as error:
            raise self._exhausted(Over.FAULT, raised=str(error)) from None
        return result

    def _exhausted(self, over: Over, **more: str) -> Exhausted:
        log.warning("nothing could be parsed", what=self._what, over=str(over), **more)
        return Exhausted(over)

    def _running(self) -> ProcessPool:
        """The pool of this process: one that forked has none of its parent's."""
        with self._starting:
            if self._pool is None or self._owner != os.getpid():
                self._owner = os.getpid()
                self._pool = ProcessPool(
                    max_workers=1,
                    max_tasks=RECYCLED,
                    initializer=_shut_in,
                    initargs=(self._load,),
                    context=multiprocessing.get_context("spawn"),
                )
            return self._pool

    def _drop(self, pool: ProcessPool) -> None:
        with self._starting:
            if self._pool is pool:
                self._pool = None
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _over(exitcode: int | None) -> Over:
    if exitcode == MEMORY_IS_FULL:
        return Over.MEMORY
    return Over.TIME if exitcode in TIME_IS_UP else Over.DEATH


# In the child


def _shut_in(load: Callable[[], None]) -> None:
    """Load what it needs, then take away what no reading needs."""
    load()
    for name in set(os.environ) - set(KEPT):
        del os.environ[name]
    os.nice(NICENESS)
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(FORBIDDEN) or (event == "open" and _writes(arguments[2])):
        raise PermissionError(f"A child that parses may not do this: {event}")


def _writes(flags: object) -> bool:
    return isinstance(flags, int) and bool(flags & WRITES)


def _within(
    limits: Limits,
    refusal: type[Exception],
    do: Callable[..., T],
    given: tuple[Any, ...],
) -> T:
    """The soft limits end it; the hard ones stay, for the next task sets its own.

    It also ends where nobody is left who would end it.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = used.ru_utime + used.ru_stime
    _soften(resource.RLIMIT_CPU, math.ceil(spent) + limits.seconds)
    _soften(resource.RLIMIT_DATA, limits.memory)
    signal.setitimer(signal.ITIMER_REAL, limits.wall_s)
    try:
        return do(*given)
    except MemoryError:  # what it holds by now is no other task's share
        os._exit(MEMORY_IS_FULL)
    except refusal:
        raise
    except Exception:
        raise _Fault(traceback.format_exc()) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _soften(which: int, to: int) -> None:
    _, hard = resource.getrlimit(which)
    resource.setrlimit(which, (to, hard))
