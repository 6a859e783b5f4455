"""Timekeeping: the database's time between queries, and jumps of the wall clock."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

JUMP = timedelta(seconds=2)


def boot_seconds() -> float:
    """Seconds since boot, by a clock that also counts sleep and can't be set."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(frozen=True)
class Reading:
    """A time by the database's clock, and when by ours it was read."""

    at: datetime
    boot: float

    @classmethod
    def of(cls, at: datetime) -> Reading:
        return cls(at, boot_seconds())

    def age(self) -> timedelta:
        """How much time really passed since it was read."""
        return timedelta(seconds=boot_seconds() - self.boot)

    def now(self) -> datetime:
        """The database's time now, without asking it."""
        return self.at + self.age()

    def jumped(self, later: Reading) -> timedelta | None:
        """How far the wall clock moved by itself until `later`, if more than a bit.

        Time that the boot clock confirms (a sleeping laptop) is no jump.
        """
        passed = timedelta(seconds=later.boot - self.boot)
        moved = (later.at - self.at) - passed
        return moved if abs(moved) > JUMP else None
