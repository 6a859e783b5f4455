"""Room: how many calls may be in flight, with a reserve for every platform."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from connectors.base import Connector

RESERVED = 4  # one slot in four is kept for platforms that are not using theirs


@dataclass(frozen=True)
class Place:
    """Where a call goes: a platform, and the one account where it takes few at once."""

    platform: str
    channel_id: int | None = None
    at_once: int | None = None

    @classmethod
    def of(cls, connector: Connector, channel_id: int) -> Place:
        if connector.at_once is None:
            return cls(connector.platform)
        return cls(connector.platform, channel_id, connector.at_once)


class Room:
    """A platform's share of the slots is a reserve, not a cap.

    A platform that hangs takes what is free, but never what others keep in reserve. An
    account gets no more calls side by side than its platform takes well.
    """

    def __init__(self, size: int, platforms: Iterable[str]) -> None:
        self.size = size
        self._busy = Counter(dict.fromkeys(platforms, 0))
        self._there = Counter[Place]()
        self._reserve = size // (RESERVED * max(1, len(self._busy)))

    @property
    def busy(self) -> int:
        return self._busy.total()

    def enter(self, place: Place) -> bool:
        """Take a slot, if there is one for this place."""
        if place.at_once is not None and self._there[place] >= place.at_once:
            return False
        kept = sum(
            max(0, self._reserve - busy)
            for other, busy in self._busy.items()
            if other != place.platform
        )
        full = self.busy + kept >= self.size
        if full and not self._in_reserve(place.platform):
            return False
        self._busy[place.platform] += 1
        self._there[place] += 1
        return True

    def leave(self, place: Place) -> None:
        self._busy[place.platform] -= 1
        self._there[place] -= 1

    def _in_reserve(self, platform: str) -> bool:
        return self._busy[platform] < self._reserve and self.busy < self.size
