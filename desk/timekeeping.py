"""Timekeeping: the database's time between queries, jumps of the clock, freezes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.engine_settings import engine


def boot_seconds() -> float:
    """Seconds since boot, by a clock that also counts sleep and can't be set."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(frozen=True)
class ClockReading:
    """A time by the database's clock, and when by ours it was read."""

    at: datetime
    boot: float

    @classmethod
    def of(cls, at: datetime) -> ClockReading:
        return cls(at, boot_seconds())

    def age(self) -> timedelta:
        """How much time really passed since it was read."""
        return timedelta(seconds=boot_seconds() - self.boot)

    def now(self) -> datetime:
        """The database's time now, without asking it."""
        return self.at + self.age()

    def jumped(self, later: ClockReading) -> timedelta | None:
        """How far the wall clock moved by itself until `later`, if more than a bit.

        Time that the boot clock confirms (a sleeping laptop) is no jump.
        """
        passed = timedelta(seconds=later.boot - self.boot)
        moved = (later.at - self.at) - passed
        return moved if abs(moved) > engine.awake.jump else None


class Pulse:
    """Whether this process was awake: somebody beats, and a late beat gives it away.

    A stopped process and a paused machine look the same: time passed and nobody beat.
    """

    def __init__(self) -> None:
        self._last = self._woke = boot_seconds()

    def run(self) -> None:
        """For ever: whoever started it must end with it."""
        while True:
            time.sleep(engine.awake.beat_s)
            self.beat()

    def beat(self) -> None:
        now = boot_seconds()
        if now - self._last > engine.awake.frozen_s:
            self._woke = now
        self._last = now

    def awake_since(self, boot: float) -> bool:
        """Was it, all the time since then? Also asked before the first beat after."""
        asleep = boot_seconds() - self._last > engine.awake.frozen_s
        return not asleep and self._woke <= boot
