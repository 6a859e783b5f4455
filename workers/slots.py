"""Slots of a worker: threads that publish claimed posts, each at its due time.

Not the weekly slots of a channel: here a slot is room for one call in flight.
"""

from __future__ import annotations

import heapq
import itertools
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import DBAPIError

from desk import db, heartbeats
from desk.desk import Desk
from desk.failpoints import failpoint
from desk.publishing import claiming, sending
from desk.publishing.claiming import Claim
from desk.timekeeping import Reading, boot_seconds

RENEW_S = 2.0
PAST_DUE = timedelta(milliseconds=2)  # never early, however clocks round
FINISH_S = 25.0  # how long a shutdown waits for what is sending

log = structlog.get_logger(__name__)


class Slots:
    """Holds claims until they are due, then publishes each in a free thread."""

    def __init__(self, desk: Desk, size: int) -> None:
        self._desk = desk
        self._worker = heartbeats.name()
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="slot")
        self._changed = threading.Condition()
        self._waiting: list[tuple[float, int, Claim]] = []
        self._order = itertools.count()  # posts of one second go in the order they came
        self._held: set[tuple[int, int]] = set()  # claimed, not yet sending
        self._busy = 0
        self._closing = False
        for loop in (self._dispatch, self._renew):
            threading.Thread(target=self._live_by, args=(loop,), daemon=True).start()

    def take(self, claims: Sequence[tuple[int, int]]) -> int:
        """Pick claimed posts up; stale fences are dropped. Gives how many are ours."""
        if self._closing:
            return 0
        failpoint("before_pick_up")
        with self._desk.db.writing() as session:
            read = Reading.of(db.now(session))
            ours = claiming.pick_up(session, claims, self._worker, read.at)
        failpoint("after_pick_up")
        with self._changed:
            for claim in ours:
                at = read.boot + _wait_s(claim, read.at)
                heapq.heappush(self._waiting, (at, next(self._order), claim))
                self._held.add((claim.post_id, claim.fence))
            self._changed.notify_all()
        return len(ours)

    def close(self) -> None:
        """Give back what has not been sent; wait for what is being sent."""
        with self._changed:
            if self._closing:
                return
            self._closing = True
            waiting = [(c.post_id, c.fence) for *_, c in self._waiting]
            self._waiting.clear()
            self._held.difference_update(waiting)
            self._changed.notify_all()
        with self._desk.db.writing() as session:
            claiming.give_back(session, waiting)
        with self._changed:
            self._changed.wait_for(lambda: self._busy == 0, timeout=FINISH_S)
        self._pool.shutdown(wait=False)

    def _live_by(self, loop: Callable[[], None]) -> None:
        """A worker that can't dispatch or renew ends; a new one takes its place."""
        try:
            loop()
        except Exception:
            log.exception("a loop of this worker failed: it ends")
            os.kill(os.getpid(), signal.SIGTERM)

    def _dispatch(self) -> None:
        """Hand each claim to a thread at its time."""
        while not self._closing:
            with self._changed:
                wait = self._next_wait()
                if wait is None or wait > 0:
                    self._changed.wait(wait)
                    continue
                *_, claim = heapq.heappop(self._waiting)
                self._busy += 1
            self._pool.submit(self._publish, claim)

    def _next_wait(self) -> float | None:
        return self._waiting[0][0] - boot_seconds() if self._waiting else None

    def _publish(self, claim: Claim) -> None:
        try:
            if self._closing:
                with self._desk.db.writing() as session:
                    claiming.give_back(session, [(claim.post_id, claim.fence)])
            else:
                sending.publish(self._desk, claim, self._worker)
        except Exception:  # its lease runs out, and the clock sees to it
            log.exception("publishing failed in the desk", post=claim.post_id)
        finally:
            with self._changed:
                self._held.discard((claim.post_id, claim.fence))
                self._busy -= 1
                self._changed.notify_all()

    def _renew(self) -> None:
        """Keep the leases of what waits here; let go of what is no longer ours."""
        stopped = threading.Event()
        while not self._closing:
            stopped.wait(RENEW_S)
            with self._changed:
                held = set(self._held)
            if held:
                self._renew_once(held)

    def _renew_once(self, held: set[tuple[int, int]]) -> None:
        try:
            with self._desk.db.writing() as session:
                claiming.renew(session, held, self._worker, db.now(session))
        except DBAPIError as error:
            log.warning("leases not renewed", error=str(error.orig))


def _wait_s(claim: Claim, now: datetime) -> float:
    due = claim.next_at or now
    return max(0.0, (due + PAST_DUE - now).total_seconds())
