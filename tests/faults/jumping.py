"""Clocks that jump: what one shows at a true moment, and when it showed something."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

LONGEST_CALL = timedelta(seconds=3)  # the deadline of a call in these houses
FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)


@dataclass
class Jumping:
    """A clock by its jumps: since when, in truth, it is ahead by how much."""

    jumps: list[tuple[datetime, timedelta]] = field(default_factory=list)

    def shows(self, at: datetime, begun: Collection[datetime] = ()) -> datetime:
        """What it shows at this moment.

        `begun`: what it showed as the calls began of which this is one's end. A call
        that was in the air when the clock was set is told by the clock of before.
        """
        spans = [span for span in self._spans() if span[0] <= at]
        shown = at + spans[-1][2]
        if len(spans) > 1 and at - spans[-1][0] < LONGEST_CALL:
            before = at + spans[-2][2]
            if any(one <= before < one + LONGEST_CALL for one in begun):
                return max(shown, before)
        return shown

    def truly(self, shown: datetime) -> datetime:
        """The moment at which it showed this; the last one, where it did so twice."""
        found = [shown - moved for _, _, moved in self._spans()]
        spans = zip(found, self._spans(), strict=True)
        return [at for at, (since, until, _) in spans if since <= at < until][-1]

    def _spans(self) -> list[tuple[datetime, datetime, timedelta]]:
        starts = [(FIRST, timedelta()), *self.jumps, (LAST, timedelta())]
        return [(one[0], after[0], one[1]) for one, after in pairwise(starts)]
