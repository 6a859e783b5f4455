"""A deadline: so many seconds for everything that a call does."""

from __future__ import annotations

import time

# A clock that also counts the time a machine sleeps; macOS has no such name for it.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Deadline:
    """So many seconds from now, for everything together."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._began = time.clock_gettime(_CLOCK)

    @property
    def used(self) -> float:
        return time.clock_gettime(_CLOCK) - self._began

    def left(self) -> float:
        """Seconds left; raises TimeoutError once there are none."""
        left = self.seconds - self.used
        if left <= 0:
            raise TimeoutError
        return left
