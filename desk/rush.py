"""A rush: many posts go out this moment, and pages let them pass.

A worker tells it by the time of a file in the desk's home: to look costs two
microseconds. A dashboard on another machine has another home, and cores of its own.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from desk.engine_settings import engine

NAME = "rush"  # of the file


def tell(home: Path) -> None:
    """Many posts are going out."""
    at = home / NAME
    try:
        os.utime(at)
    except FileNotFoundError:
        at.touch()


def is_on(home: Path, now: float) -> bool:
    """`now`: seconds since the epoch."""
    try:
        told = (home / NAME).stat().st_mtime
    except FileNotFoundError:
        return False
    return 0 <= now - told < engine.rush.lasts_s


class Courtesy:
    """One process's: it waits while a rush begins, and in a long one goes on."""

    def __init__(
        self,
        home: Path,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._home, self._clock, self._sleep = home, clock, sleep
        self._since = self._seen = 0.0

    def let_pass(self) -> None:
        """Wait until those who go out have gone, or this rush has had its time."""
        while self._owes(self._clock()):
            self._sleep(engine.rush.looked_every_s)

    def _owes(self, now: float) -> bool:
        if not is_on(self._home, now):
            return False
        if not 0 <= now - self._seen < engine.rush.apart_s:
            self._since = now  # another rush
        self._seen = now
        return now - self._since < engine.rush.awaited_s
