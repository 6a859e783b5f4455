"""The recorder: outcomes of calls, written down in groups and never let go."""

from __future__ import annotations

import queue
import random
import time
from collections.abc import Callable, Sequence

import structlog

from desk import db, heartbeats
from desk.desk import Desk
from desk.failpoints import failpoint
from desk.lifecycle import State
from desk.publishing import records
from desk.publishing.journal import Journal
from desk.publishing.records import Answered

GATHER_S = 0.008  # outcomes that come within it share a commit
GROUP = 100

log = structlog.get_logger(__name__)


class Recorder:
    def __init__(
        self, desk: Desk, done: Callable[[Answered, State | None], None]
    ) -> None:
        """`done` hears of each outcome when it is on record; None: it could not be."""
        self._desk, self._done = desk, done
        self._journal = Journal(desk.settings.home, heartbeats.name())
        self._answered: queue.SimpleQueue[Answered] = queue.SimpleQueue()

    def put(self, answered: Answered) -> None:
        self._answered.put(answered)

    def run(self) -> None:
        """For ever: whoever started it must end with it."""
        while True:
            group = [self._answered.get()]
            time.sleep(GATHER_S)
            group += self._waiting(GROUP - 1)
            self._record(group)
            self._journal.clear()

    def _waiting(self, limit: int) -> list[Answered]:
        count = min(limit, self._answered.qsize())
        return [self._answered.get() for _ in range(count)]

    def _record(self, group: list[Answered]) -> None:
        """One that can't be recorded must not keep the others from it."""
        failpoint("before_record")
        try:
            states = self._commit(group)
        except Exception:
            if len(group) > 1:
                for one in group:
                    self._record([one])
                return
            log.exception("an outcome was not recorded", post=group[0][0].post_id)
            states = {}
        failpoint("after_record")
        said = [(*one.named, str(states.get(one.post_id))) for one, _ in group]
        log.info("outcome", attempts=said)
        for one in group:
            self._done(one, states.get(one[0].post_id))

    def _commit(self, group: list[Answered]) -> dict[int, State]:
        """The group grows by what comes in while the database is away."""
        kept = 0
        while True:
            try:
                with self._desk.db.writing() as session:
                    return records.record(session, group)
            except db.AWAY:
                log.warning("the database is away; outcomes kept", posts=len(group))
                self._keep(group[kept:])
                kept = len(group)
                time.sleep(random.uniform(0.1, 0.5))  # noqa: S311  # jitter
                group += self._waiting(self._answered.qsize())

    def _keep(self, answered: Sequence[Answered]) -> None:
        try:
            self._journal.keep(answered)
        except OSError as error:  # then they are in memory alone
            log.warning("receipts not in the journal", error=str(error))
