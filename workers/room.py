"""Room: how many calls may be in flight, with a reserve for every server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from connectors.base import Connector
from desk.publishing.breakers import circuit_of

RESERVED = 4  # one slot in four is kept for servers that are not using theirs


@dataclass(frozen=True)
class Place:
    """Where a call goes: a server, and the one account where it takes few at once.

    Servers are named as their breakers are: what fails together shares one reserve.
    """

    circuit: str
    channel_id: int | None = None
    at_once: int | None = None

    @classmethod
    def of(cls, connector: Connector, channel_id: int) -> Place:
        circuit = circuit_of(connector)
        if connector.at_once is None:
            return cls(circuit)
        return cls(circuit, channel_id, connector.at_once)


class Room:
    """A server's share of the slots is a reserve, not a cap.

    One that hangs takes what is free, but never what others keep in reserve. An
    account gets no more calls side by side than its platform takes well.
    """

    def __init__(self, size: int, circuits: Iterable[str] = ()) -> None:
        self.size, self.busy = size, 0
        self._kept = size // RESERVED  # however many servers there are
        self._busy = Counter[str]()
        self._there = Counter[Place]()
        self._reserve = 0  # of each
        self._unused = 0  # of all reserves
        self.know(circuits)

    def know(self, circuits: Iterable[str]) -> None:
        """Keep a reserve for these from now on, whether or not they use it yet."""
        self._busy.update(dict.fromkeys(circuits, 0))
        self._reserve = max(1, self._kept // max(1, len(self._busy)))
        self._unused = sum(max(0, self._reserve - busy) for busy in self._busy.values())

    def enter(self, place: Place) -> bool:
        """Take a slot, if there is one for this place."""
        if place.at_once is not None and self._there[place] >= place.at_once:
            return False
        if place.circuit not in self._busy:
            self.know([place.circuit])
        own = max(0, self._reserve - self._busy[place.circuit])
        kept = min(self._unused - own, self._kept)
        if self.busy + (0 if own else kept) >= self.size:
            return False
        self.busy += 1
        self._busy[place.circuit] += 1
        self._there[place] += 1
        self._unused -= own > 0
        return True

    def leave(self, place: Place) -> None:
        self.busy -= 1
        self._busy[place.circuit] -= 1
        self._there[place] -= 1
        self._unused += self._busy[place.circuit] < self._reserve
