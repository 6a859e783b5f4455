"""The sandbox: what comes from outside is parsed in a child process, with limits.

A child has no network, no database and no keys, and gives way to everything that is
on time. What hangs or swells ends it, and a new one takes its place: that is one
sentence for whoever gave it, and nothing for anyone else.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import pickle
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Hashable
from concurrent.futures import TimeoutError as Overtime
from concurrent.futures.process import BrokenProcessPool
from contextvars import ContextVar
from dataclasses import dataclass, replace
from enum import StrEnum
from time import monotonic
from typing import Any, Generic, TypeVar

import structlog
from pebble import ProcessExpired, ProcessPool

from desk.fair_queue import NOBODY, Ask, Standing, Turns

T = TypeVar("T")

RECYCLED = 200  # tasks, after which a child is replaced: libraries leak
PATIENCE_S = 15.0  # for a turn: the one before may take all its time, and end its child
LOOK_S = 0.25  # whether a child is kept no longer for who was served last
GRACE_S = 2.0  # of the wall, beyond the seconds of computing
LATE_S = 1.0  # after which a child is killed that did not end by itself
START_S = 20.0  # until a new child has loaded its libraries, on a busy machine
NICENESS = 10
MEGABYTE = 1_000_000
KEPT = ("LANG", "LC_ALL", "PATH", "TZ")  # of the environment
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
    SLICE = "slice"  # of the time, where others wait, or the last one ran over
    TURN = "turn"  # too many others are being read
    BUSY = "busy"  # the machine: its time was over before it had computed for so long


ENDED_BY = {-signal.SIGXCPU: Over.TIME, -signal.SIGALRM: Over.BUSY}


class Exhausted(Exception):
    """It could not be parsed within the limits."""

    def __init__(self, over: Over) -> None:
        super().__init__(over)
        self.over = over


@dataclass(frozen=True)
class Limits:
    """Of one task: seconds of computing, and bytes of memory with what is loaded."""

    seconds: int
    memory: int
    grace_s: float = GRACE_S

    @property
    def wall_s(self) -> float:
        return self.seconds + self.grace_s


@dataclass(frozen=True)
class Done(Generic[T]):
    """What a child tells of a task that did not end it."""

    burnt: float  # seconds of computing
    result: T | None = None
    refused: Exception | None = None
    fault: str = ""  # what it did not mean to raise; the thing itself may be odd

    @property
    def gave(self) -> bool:
        """Whether it made something of it."""
        return self.refused is None and not self.fault


giver: ContextVar[str] = ContextVar("giver", default=NOBODY)  # of what is parsed


class Line:
    """The threads of this process that wait for its children, all kinds together.

    A web process has few threads, and those that wait answer nobody's pages: it limits
    how many may. Who gets a turn is the affair of `desk.fair_queue`.
    """

    def __init__(self) -> None:
        self._moved = threading.Condition()
        self.limit(None)

    def limit(self, to: int | None) -> None:
        self._turns = Turns(to)

    def take(self, child: Hashable, size: int) -> Ask | None:
        """A turn at this child; none where its giver is told to come again."""
        until = monotonic() + PATIENCE_S
        with self._moved:
            ask = self._turns.ask(giver.get(), child, monotonic(), size)
            self._moved.notify_all()  # one may have lost its place
            while ask.standing is Standing.WAITING and monotonic() < until:
                self._moved.wait(LOOK_S)
                self._turns.go_on(monotonic())
            if ask.standing is Standing.WAITING:
                self._turns.leave(ask, monotonic())
        return ask if ask.standing is Standing.SERVED else None

    def seconds(self, ask: Ask, whole: int) -> int:
        """How long its task may compute."""
        with self._moved:
            return self._turns.seconds(ask, whole, monotonic())

    def end(self, ask: Ask, burnt: float, gave: bool, tried: bool = True) -> None:
        with self._moved:
            self._turns.end(ask, burnt, gave, monotonic(), tried)
            self._moved.notify_all()


line = Line()


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
        self._starting = threading.Lock()
        self._pool: ProcessPool | None = None
        self._owner = 0

    def run(self, do: Callable[..., T], *given: Any) -> T:
        """Do this in the child; `do`, what it takes and what it gives are pickled.

        Raises its refusal, or `Exhausted`.
        """
        turn = line.take(self, len(pickle.dumps(given)))
        if turn is None:
            raise self._exhausted(Over.TURN)
        seconds = line.seconds(turn, self._limits.seconds)
        done: Done[T] | None = None
        tried = True
        try:
            done = self._run(replace(self._limits, seconds=seconds), do, given)
        except Exhausted as error:
            tried = error.over is not Over.BUSY
            raise
        finally:  # who ends a child pays all that the task was given
            burnt, gave = (done.burnt, done.gave) if done else (seconds, False)
            line.end(turn, burnt, gave, tried)
        if done.refused:
            raise done.refused
        if done.fault:
            raise self._exhausted(Over.FAULT, raised=done.fault)
        return done.result  # type: ignore[return-value]  # None where `do` gives that

    def _run(
        self, limits: Limits, do: Callable[..., T], given: tuple[Any, ...]
    ) -> Done[T]:
        longest_s = limits.wall_s + LATE_S
        pool, task_of = self._running(), (limits, self._refusal, do, given)
        late = Over.TIME if limits == self._limits else Over.SLICE
        try:
            task = pool.schedule(_within, task_of, timeout=longest_s)
            done: Done[T] = task.result(timeout=longest_s + START_S)
        except Overtime:
            task.cancel()  # type: ignore[no-untyped-call]
            raise self._exhausted(Over.BUSY) from None
        except ProcessExpired as error:
            over = _over(error.exitcode)
            raise self._exhausted(late if over is Over.TIME else over) from None
        except BrokenProcessPool:
            self._drop(pool)
            raise self._exhausted(Over.DEATH) from None
        return done

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
    return ENDED_BY.get(exitcode, Over.DEATH) if exitcode else Over.DEATH


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
) -> Done[T]:
    """The soft limits end it; the hard ones stay, for the next task sets its own.

    It also ends where nobody is left who would end it.
    """
    before = _burnt()
    _soften(resource.RLIMIT_CPU, math.ceil(before) + limits.seconds)
    _soften(resource.RLIMIT_DATA, limits.memory)
    signal.setitimer(signal.ITIMER_REAL, limits.wall_s)
    try:
        result = do(*given)
        return Done(_burnt() - before, result)
    except MemoryError:  # what it holds by now is no other task's share
        os._exit(MEMORY_IS_FULL)
    except refusal as error:
        return Done(_burnt() - before, refused=error)
    except Exception:
        return Done(_burnt() - before, fault=traceback.format_exc())
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _burnt() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _soften(which: int, to: int) -> None:
    _, hard = resource.getrlimit(which)
    resource.setrlimit(which, (to, hard))
