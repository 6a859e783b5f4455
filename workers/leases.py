"""The leases of posts that wait in this worker."""

from __future__ import annotations

import threading
from collections.abc import Iterable

import structlog
from sqlalchemy.exc import DBAPIError

from desk import db
from desk.desk import Desk
from desk.publishing import claiming
from desk.timekeeping import boot_seconds

RENEW_S = 2.5
RENEWED = 500  # leases in one statement

Pair = tuple[int, int]

log = structlog.get_logger(__name__)


class Leases:
    """Kept as long as their posts wait here, and let go of once they are not ours.

    `changed` is told when there is room for more.
    """

    def __init__(self, desk: Desk, worker: str, changed: threading.Condition) -> None:
        self._desk, self._worker, self._changed = desk, worker, changed
        # claimed and not yet sending: when to renew the lease, by the boot clock
        self._held: dict[Pair, float] = {}
        self._over = False

    def __len__(self) -> int:
        return len(self._held)

    def hold(self, pair: Pair, due: float) -> None:
        """A lease lasts past its due time: no renewal is in a burst's way."""
        with self._changed:
            self._held[pair] = max(boot_seconds(), due) + RENEW_S

    def let_go(self, pairs: Iterable[Pair]) -> None:
        with self._changed:
            for pair in pairs:
                self._held.pop(pair, None)
            self._changed.notify_all()

    def end(self) -> set[Pair]:
        """Renew no more; gives what is held still."""
        with self._changed:
            self._over = True
            return set(self._held)

    def run(self) -> None:
        """Until its end: whoever started it must end with it."""
        stopped = threading.Event()
        while not self._over:
            stopped.wait(RENEW_S / 5)
            now = boot_seconds()
            with self._changed:
                due = [pair for pair, at in self._held.items() if at <= now]
            for start in range(0, len(due), RENEWED):
                self._renew(set(due[start : start + RENEWED]))

    def _renew(self, pairs: set[Pair]) -> None:
        try:
            with self._desk.db.writing() as session:
                now = db.now(session)
                still = claiming.renew(session, pairs, self._worker, now)
        except DBAPIError as error:
            log.warning("leases not renewed", error=str(error.orig))
            return
        with self._changed:
            for pair in still & self._held.keys():
                self._held[pair] = boot_seconds() + RENEW_S
        self.let_go(pairs - still)
