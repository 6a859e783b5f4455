"""Room: how many calls may be in flight, with a reserve for every server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from connectors.base import Connector
from desk.publishing.breakers import circuit_of
from desk.timekeeping import boot_seconds

RESERVED = 4  # one slot in four is kept for servers that are not using theirs
FEW = 5  # calls of an account that go ahead of its others, to see whether it may
AHEAD_S = 4.0  # by as much at most, where their answers take longer
TRUST_S = 5.0  # an account that was let in a moment ago needs no such care


@dataclass(frozen=True)
class Place:
    """Where a call goes: a server, one account there, and how many it takes at once.

    Servers are named as their breakers are: what fails together shares one reserve.
    """

    circuit: str
    channel_id: int | None = None
    at_once: int | None = None

    @classmethod
    def of(cls, connector: Connector, channel_id: int) -> Place:
        return cls(circuit_of(connector), channel_id, connector.at_once)


class Room:
    """A server's share of the slots is a reserve, not a cap.

    One that hangs takes what is free, but never what others keep in reserve. An
    account gets no more calls side by side than its platform takes well; and of a
    burst a few go ahead, so that a dead credential is not refused for each of them.
    """

    def __init__(
        self,
        size: int,
        circuits: Iterable[str] = (),
        clock: Callable[[], float] = boot_seconds,
    ) -> None:
        self.size, self.busy = size, 0
        self._clock = clock
        self._began: dict[Place, float] = {}  # since when it has calls, one by one
        self._let_in: dict[Place, float] = {}  # when it was last
        self._refused = Counter[Place]()  # whose refusals are not on record yet
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
        if not self._may(place):
            return False
        if place.circuit not in self._busy:
            self.know([place.circuit])
        own = max(0, self._reserve - self._busy[place.circuit])
        kept = min(self._unused - own, self._kept)
        if self.busy + (0 if own else kept) >= self.size:
            return False
        if not self._there[place]:
            self._began[place] = self._clock()
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

    def let_in(self, place: Place) -> None:
        """Its platform took something of it: the others need not wait to see."""
        self._let_in[place] = self._clock()

    def refused(self, place: Place) -> None:
        """Its credential was refused: nothing more begins until that is on record."""
        self._let_in.pop(place, None)
        self._refused[place] += 1

    def noted(self, place: Place) -> None:
        """The refusal is on record, and stops the channel where it should."""
        self._refused[place] -= 1

    def _may(self, place: Place) -> bool:
        there = self._there[place]
        if self._refused[place] > 0:
            return False
        if place.at_once is not None and there >= place.at_once:
            return False
        if place.channel_id is None or there < FEW:
            return True
        now = self._clock()
        trusted = now - self._let_in.get(place, -TRUST_S) < TRUST_S
        return trusted or now - self._began[place] >= AHEAD_S
