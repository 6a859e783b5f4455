"""A worker's runner: carries a publisher's steps out, in threads and an event loop.

What to do, and when, says the publisher (`desk/publishing/publisher.py`). Here stands
only where: intents and outcomes are committed by one thread each, so that they come in
groups; calls never touch the database.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import structlog

from desk import heartbeats, rush
from desk.desk import Desk
from desk.engine_settings import engine
from desk.publishing.publisher import Publisher
from desk.publishing.publisher_steps import (
    AskAgain,
    Call,
    Commit,
    Event,
    Load,
    MakeReady,
    Pair,
    Process,
    Step,
    carry_out,
)
from desk.publishing.receipt_journal import Journal
from desk.timekeeping import Pulse
from workers.event_loop import EventLoop

TURN_S = 0.1  # ours wait for the network all the time, and give way then
ASIDE = 4  # threads for what needs no slot and must keep nobody waiting

log = structlog.get_logger(__name__)


class Runner:
    """One process's publisher, and the threads that do what it says."""

    def __init__(self, desk: Desk, size: int) -> None:
        """`size`: calls at once."""
        # hundreds of threads that ask for their turn each 5 ms burn half the machine
        sys.setswitchinterval(TURN_S)
        self._publisher = Publisher(size)
        name, pulse = heartbeats.name(), Pulse()
        journal = Journal(desk.settings.home, name)
        self._process = Process(desk, name, pulse, journal)
        self._slots = ThreadPoolExecutor(size, thread_name_prefix="slot")
        self._aside = ThreadPoolExecutor(ASIDE, thread_name_prefix="aside")
        self._event_loop = EventLoop()
        lock = threading.RLock()  # of the publisher; and what is waited for:
        self._turn = threading.Condition(lock)  # more may be due
        self._room = threading.Condition(lock)  # it is not full any more
        self._outcomes = threading.Condition(lock)  # there are some to record
        self._end = threading.Condition(lock)  # it closes, or all is on record
        self._closing = False
        for loop in (self._dispatch, self._record, self._renew):
            self._live_by(loop)
        for loop in (self._event_loop.run, pulse.run):
            self._live_by(loop)

    def take(self, pairs: Sequence[Pair]) -> None:
        """Pick claimed posts up, and make ready what needs no upload."""
        with self._turn:
            steps = self._publisher.take(pairs)
        self._go_on(steps)

    def figures(self) -> dict[str, int]:
        """How busy this worker is."""
        with self._turn:
            return self._publisher.load

    @property
    def full(self) -> bool:
        with self._turn:
            return self._publisher.full

    def wait_for_room(self) -> None:
        with self._room:
            self._room.wait_for(lambda: self._closing or not self._publisher.full)

    def close(self) -> None:
        """Give back what has not been sent; wait for what is being sent."""
        with self._end:
            steps = self._publisher.close()
            self._closing = True
            for waited_for in (self._turn, self._room, self._end):
                waited_for.notify_all()
        self._go_on(steps)
        with self._end:
            self._end.wait_for(
                lambda: self._publisher.settled,
                timeout=engine.batches.finished_within_s,
            )
        for pool in (self._slots, self._aside):
            pool.shutdown(wait=False, cancel_futures=True)

    def _live_by(self, work: Callable[[], None]) -> None:
        threading.Thread(target=_to_the_death, args=(work,), daemon=True).start()

    # Where a step is carried out

    def _go_on(self, steps: Iterable[Step]) -> None:
        """These, and what follows from them, each where it belongs."""
        todo = deque(steps)
        while todo:
            step = todo.popleft()
            if isinstance(step, Call):
                self._call(step)
            elif isinstance(step, MakeReady) and step.work.uploads:
                self._in(self._slots, step)
            elif isinstance(step, AskAgain):
                self._in(self._aside, step)
            else:
                todo.extend(self._know(carry_out(step, self._process)))

    def _call(self, step: Call) -> None:
        """Where its connector waits cooperatively, it costs no thread."""
        if step.intent.connector.waits_cooperatively:
            self._event_loop.spawn(partial(self._do, step))
        else:
            self._in(self._slots, step)

    def _in(self, pool: ThreadPoolExecutor, step: Step) -> None:
        pool.submit(_to_the_death, partial(self._do, step))

    def _do(self, step: Step) -> None:
        self._go_on(self._know(carry_out(step, self._process)))

    def _know(self, event: Event) -> list[Step]:
        """The publisher hears of it, and so does who waits for what it changed."""
        with self._turn:
            steps = self._publisher.know(event)
            if self._publisher.stirred:
                self._turn.notify()
            if not self._publisher.full:
                self._room.notify_all()
            if self._publisher.record_wait_s() is not None:
                self._outcomes.notify()
            if self._closing:
                self._end.notify_all()
        return steps

    # Threads that live as long as the process

    def _dispatch(self) -> None:
        """Start uploads at once and calls at their time, in the slots that are free."""
        try:
            while not self._closing:
                self._begin_due()
        finally:
            self._event_loop.hurry(False)  # what is sending is to end well

    def _begin_due(self) -> None:
        with self._turn:
            steps, crowded = self._publisher.due(), self._publisher.crowded
            self._event_loop.hurry(_many(steps, crowded))
            many = max(_due(steps), 0 if steps else self._publisher.coming())
            if many >= engine.rush.posts:
                rush.tell(self._process.desk.settings.home)
            if not steps and not self._closing:
                self._turn.wait(_told_ahead(self._publisher.wait_s()))
        if not steps and crowded:
            time.sleep(engine.batches.gathered_s)  # slots come free one by one
        self._go_on(steps)

    def _record(self) -> None:
        """For ever: outcomes are never let go of."""
        while True:
            with self._outcomes:
                wait_s = self._publisher.record_wait_s()
                if wait_s != 0.0:
                    self._outcomes.wait(wait_s)
                    continue
            time.sleep(engine.batches.gathered_s)
            with self._outcomes:
                steps = self._publisher.answers()
            self._put_on_record(steps)

    def _put_on_record(self, steps: Iterable[Step]) -> None:
        """A thread's next part is made ready aside: more outcomes are waiting."""
        todo = deque(steps)
        while todo:
            step = todo.popleft()
            if isinstance(step, Load):
                self._in(self._aside, step)
            else:
                todo.extend(self._know(carry_out(step, self._process)))

    def _renew(self) -> None:
        while True:
            with self._end:
                if self._end.wait_for(
                    lambda: self._closing, timeout=engine.claims.renewed_after_s / 5
                ):
                    return
                steps = self._publisher.renewals()
            self._go_on(steps)


def _told_ahead(wait_s: float | None) -> float | None:
    """Until more is due, or until it is time to tell that many are."""
    ahead = engine.rush.ahead_s
    return wait_s - ahead if wait_s is not None and wait_s > ahead else wait_s


def _many(steps: Sequence[Step], crowded: bool) -> bool:
    """Whether answers may lie, until the calls that are due have all begun."""
    return _due(steps) > (engine.batches.committed - 1 if crowded else 0)


def _due(steps: Sequence[Step]) -> int:
    """How many posts are sent by these."""
    return sum(len(step.ready) for step in steps if isinstance(step, Commit))


def _to_the_death(work: Callable[[], None]) -> None:
    """A worker whose own machinery fails ends; a new one takes its place."""
    try:
        work()
    except Exception:
        log.exception("a thread of this worker failed: it ends")
        os.kill(os.getpid(), signal.SIGTERM)
