"""The recorder: outcomes of calls, written down in groups and never let go."""

from __future__ import annotations

import queue
import random
import time
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from desk.desk import Desk
from desk.failpoints import failpoint
from desk.lifecycle import State
from desk.publishing import records
from desk.publishing.records import Answered

GATHER_S = 0.008  # outcomes that come within it share a commit
GROUP = 100
KEEP_S = 120.0  # how long an outcome is kept in hand while the database is away

AWAY = (OperationalError, InterfaceError)

log = structlog.get_logger(__name__)


class Recorder:
    def __init__(
        self, desk: Desk, done: Callable[[Answered, State | None], None]
    ) -> None:
        """`done` hears of each outcome when it is on record; None: it could not be."""
        self._desk, self._done = desk, done
        self._answered: queue.SimpleQueue[Answered] = queue.SimpleQueue()

    def put(self, answered: Answered) -> None:
        self._answered.put(answered)

    def run(self) -> None:
        """For ever: whoever started it must end with it."""
        while True:
            group = [self._answered.get()]
            time.sleep(GATHER_S)
            while len(group) < GROUP and not self._answered.empty():
                group.append(self._answered.get())
            self._record(group)

    def _record(self, group: Sequence[Answered]) -> None:
        """One that can't be recorded must not keep the others from it."""
        failpoint("before_record")
        try:
            states = self._commit(group)
        except Exception as error:
            if len(group) > 1 and not isinstance(error, AWAY):
                for one in group:
                    self._record([one])
                return
            posts = [intent.post_id for intent, _ in group]
            log.exception("outcomes were not recorded", posts=posts)
            states = {}
        failpoint("after_record")
        for one in group:
            self._done(one, states.get(one[0].post_id))

    def _commit(self, group: Sequence[Answered]) -> dict[int, State]:
        give_up = time.monotonic() + KEEP_S
        while True:
            try:
                with self._desk.db.writing() as session:
                    return records.record(session, group)
            except AWAY:
                if time.monotonic() > give_up:
                    raise
                log.warning("the database is away; outcomes kept", posts=len(group))
                time.sleep(random.uniform(0.1, 0.5))  # noqa: S311  # jitter
