"""The notifier: tells people what they must know, aside from the publishing road."""

from __future__ import annotations

import threading

import structlog

from desk.alerts import dispatch
from desk.desk import Desk
from desk.timekeeping import boot_seconds

EVERY_S = 5.0

log = structlog.get_logger(__name__)


class Notifier:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._at = -EVERY_S
        self._round: threading.Thread | None = None

    def look(self) -> None:
        """Begin a round, unless one began lately or is still under way."""
        busy = self._round is not None and self._round.is_alive()
        if busy or boot_seconds() - self._at < EVERY_S:
            return
        self._at = boot_seconds()
        self._round = threading.Thread(target=self._tell, daemon=True)
        self._round.start()

    def _tell(self) -> None:
        try:
            dispatch.send_alerts(self._desk)
        except Exception:  # nothing that goes wrong here may end the clock
            log.exception("a round of telling failed")
