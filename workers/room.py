"""Room: how many calls may be in flight, with a reserve for every platform."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

RESERVED = 4  # one slot in four is kept for platforms that are not using theirs


class Room:
    """A platform's share of the slots is a reserve, not a cap.

    A platform that hangs takes what is free, but never what others keep in reserve.
    """

    def __init__(self, size: int, platforms: Iterable[str]) -> None:
        self.size = size
        self._busy = Counter(dict.fromkeys(platforms, 0))
        self._reserve = size // (RESERVED * max(1, len(self._busy)))

    @property
    def busy(self) -> int:
        return self._busy.total()

    def enter(self, platform: str) -> bool:
        """Take a slot, if there is one for this platform."""
        kept = sum(
            max(0, self._reserve - busy)
            for other, busy in self._busy.items()
            if other != platform
        )
        if self.busy + kept >= self.size and not self._in_reserve(platform):
            return False
        self._busy[platform] += 1
        return True

    def leave(self, platform: str) -> None:
        self._busy[platform] -= 1

    def _in_reserve(self, platform: str) -> bool:
        return self._busy[platform] < self._reserve and self.busy < self.size
