"""The limiter: how many calls may be in flight, with a reserve for every server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from connectors.base import Connector
from desk.channels.circuit_breakers import circuit_of
from desk.engine_settings import engine
from desk.timekeeping import boot_seconds


@dataclass(frozen=True)
class Lane:
    """Where a call goes: a server, one account there, and how many it takes at once.

    Servers are named as their breakers are: what fails together shares one reserve.
    """

    circuit: str
    channel_id: int | None = None
    at_once: int | None = None

    @classmethod
    def of(cls, connector: Connector, channel_id: int) -> Lane:
        return cls(circuit_of(connector), channel_id, connector.at_once)


class Limiter:
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
        self._began: dict[Lane, float] = {}  # since when it has calls, one by one
        self._let_in: dict[Lane, float] = {}  # when it was last
        self._refused = Counter[Lane]()  # whose refusals are not on record yet
        self._kept = size // engine.slots.reserved  # however many servers there are
        self._busy = Counter[str]()
        self._there = Counter[Lane]()
        self._reserve = 0  # of each
        self._unused = 0  # of all reserves
        self.know(circuits)

    def know(self, circuits: Iterable[str]) -> None:
        """Keep a reserve for these from now on, whether or not they use it yet."""
        self._busy.update(dict.fromkeys(circuits, 0))
        self._reserve = max(1, self._kept // max(1, len(self._busy)))
        self._unused = sum(max(0, self._reserve - busy) for busy in self._busy.values())

    def enter(self, lane: Lane) -> bool:
        """Take a slot, if there is one for this lane."""
        if not self._may(lane):
            return False
        if lane.circuit not in self._busy:
            self.know([lane.circuit])
        own = max(0, self._reserve - self._busy[lane.circuit])
        kept = min(self._unused - own, self._kept)
        if self.busy + (0 if own else kept) >= self.size:
            return False
        if not self._there[lane]:
            self._began[lane] = self._clock()
        self.busy += 1
        self._busy[lane.circuit] += 1
        self._there[lane] += 1
        self._unused -= own > 0
        return True

    def leave(self, lane: Lane) -> None:
        self.busy -= 1
        self._busy[lane.circuit] -= 1
        self._there[lane] -= 1
        self._unused += self._busy[lane.circuit] < self._reserve

    def let_in(self, lane: Lane) -> None:
        """Its platform took something of it: the others need not wait to see."""
        self._let_in[lane] = self._clock()

    def refused(self, lane: Lane) -> None:
        """Its credential was refused: nothing more begins until that is on record."""
        self._let_in.pop(lane, None)
        self._refused[lane] += 1

    def noted(self, lane: Lane) -> None:
        """The refusal is on record, and stops the channel where it should."""
        self._refused[lane] -= 1

    def _may(self, lane: Lane) -> bool:
        there = self._there[lane]
        if self._refused[lane] > 0:
            return False
        if lane.at_once is not None and there >= lane.at_once:
            return False
        if lane.channel_id is None or there < engine.slots.first:
            return True
        now = self._clock()
        trusted = (
            now - self._let_in.get(lane, -engine.slots.trusted_s)
            < engine.slots.trusted_s
        )
        return trusted or now - self._began[lane] >= engine.slots.first_alone_s
