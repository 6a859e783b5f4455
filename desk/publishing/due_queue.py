"""The due queue: posts that are ready, each with the moment at which it goes."""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

from desk.engine_settings import engine
from desk.publishing.claiming import Claim
from desk.publishing.limiter import Lane
from desk.publishing.outbox import Ready
from desk.timekeeping import ClockReading, boot_seconds

FURTHEST = engine.claims.lead + timedelta(seconds=1)
PAST_DUE = timedelta(milliseconds=2)  # never early, however clocks round

Entry = tuple[float, int, Ready]


class DueQueue:
    """Ready posts by their due time, lane by lane.

    Moments are by a clock that can't be set. A lane without a free slot keeps nobody
    else's posts waiting.
    """

    def __init__(self, clock: Callable[[], float] = boot_seconds) -> None:
        self._clock = clock
        self._read: ClockReading | None = None
        self._order = itertools.count()  # posts of one second go in the order they came
        self._entries: dict[Lane, list[Entry]] = defaultdict(list)
        self.crowded = False  # what is due waits for a free slot

    def set_time(self, read: ClockReading) -> None:
        """The database's time, as it was last read."""
        self._read = read

    def add(self, ready: Ready) -> None:
        entry = (self.moment(ready.claim), next(self._order), ready)
        heapq.heappush(self._entries[ready.lane], entry)

    def take_due(self, enter: Callable[[Lane], bool], limit: int) -> list[Ready]:
        """Take what is due now, the earliest first, as long as it may `enter`."""
        now, found = self._clock(), list[Ready]()
        self.crowded = False
        first = [
            (*entries[0][:2], lane)
            for lane, entries in self._entries.items()
            if entries[0][0] <= now
        ]
        heapq.heapify(first)
        while first and len(found) < limit:
            *_, lane = heapq.heappop(first)
            if not enter(lane):
                self.crowded = True
                continue
            found.append(self._take(lane))
            entries = self._entries.get(lane)
            if entries and entries[0][0] <= now:
                heapq.heappush(first, (*entries[0][:2], lane))
        return found

    def _take(self, lane: Lane) -> Ready:
        """Its earliest. A lane with nothing left is looked through no more."""
        entries = self._entries[lane]
        *_, ready = heapq.heappop(entries)
        if not entries:
            del self._entries[lane]
        return ready

    def wait_s(self) -> float | None:
        """Until the next post is due; None: only something new can change it."""
        now = self._clock()
        moments = (entries[0][0] for entries in self._entries.values())
        ahead = [moment - now for moment in moments if moment > now]
        return min(ahead, default=None)

    def coming(self, within_s: float) -> int:
        """How many fall due so soon, and are not due yet."""
        now = self._clock()
        moments = (at for entries in self._entries.values() for at, *_ in entries)
        return sum(now < at <= now + within_s for at in moments)

    def moment(self, claim: Claim) -> float:
        """When its time comes, or came; in seconds of the boot clock."""
        read, due = self._read, claim.next_at
        if read is None or due is None or due <= read.at:
            return 0.0 if read is None else read.boot
        # nobody claims further ahead: a longer wait means that the clock was set
        wait = min(due + PAST_DUE - read.at, FURTHEST)
        return read.boot + wait.total_seconds()
