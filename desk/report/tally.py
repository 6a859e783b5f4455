"""Tally: attempts added up as they appear on record, never the same one twice."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from desk.models import Attempt, Channel, Part, Post

# Seconds. What the bench promises stands among them: .05, .15, .6 and 1.
EDGES = (0.025, 0.05, 0.1, 0.15, 0.25, 0.4, 0.6, 1, 2.5, 5, 10, 30, 60, 600, 3600)
LATE_COMMITS = 2000  # how many attempts another one may overtake before it commits
CHUNK = 500

OPEN = Attempt.outcome.is_(None)


@dataclass
class Histogram:
    """How often it took how long."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(EDGES) + 1))
    sum_s: float = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(EDGES, seconds)] += 1
        self.sum_s += seconds

    def cumulated(self) -> list[int]:
        """As Prometheus wants it: how many took no longer than each edge, and all."""
        return list(accumulate(self.counts))


@dataclass(frozen=True)
class _Line:
    """What the tally needs of an attempt."""

    id: int
    first: bool  # of its post
    again: bool  # not the first of its part
    platform: str
    due_at: datetime | None
    intent_at: datetime
    replied_at: datetime | None
    outcome: str | None


class Tally:
    """Counts from its first look on: whoever asks reads rises, not sums."""

    def __init__(self) -> None:
        self.lateness: dict[str, Histogram] = defaultdict(Histogram)  # due to intent
        self.answers: dict[str, Histogram] = defaultdict(Histogram)  # intent to reply
        self.outcomes: Counter[tuple[str, str]] = Counter()  # by platform and outcome
        self.retries: Counter[str] = Counter()
        self._highest: int | None = None
        self._seen: set[int] = set()  # of the last ids
        self._open: set[int] = set()  # without an outcome so far

    def look(self, session: Session) -> None:
        """Add what is new. Costs what is new, whatever else is on record."""
        if self._highest is None:
            self._begin(session)
            return
        recent = self._recent(session, self._highest)
        fresh = recent - self._seen
        for line in _lines(session, fresh | self._open):
            if line.id in fresh:
                self._begun(line)
            if line.outcome is not None:
                self._ended(line)
        self._remember(recent)

    def _begin(self, session: Session) -> None:
        self._highest = session.scalar(select(func.max(Attempt.id))) or 0
        self._open = set(session.scalars(select(Attempt.id).where(OPEN)))
        self._remember(self._recent(session, self._highest))

    def _recent(self, session: Session, highest: int) -> set[int]:
        """PostgreSQL may commit attempt 10 after attempt 11: look back a little."""
        later = select(Attempt.id).where(Attempt.id > highest - LATE_COMMITS)
        return set(session.scalars(later))

    def _remember(self, recent: set[int]) -> None:
        self._highest = max(recent, default=self._highest or 0)
        self._seen = {one for one in recent if one > self._highest - LATE_COMMITS}

    def _begun(self, line: _Line) -> None:
        self._open.add(line.id)
        self.retries[line.platform] += line.again
        if line.first and line.due_at is not None:
            late = (line.intent_at - line.due_at).total_seconds()
            self.lateness[line.platform].add(late)

    def _ended(self, line: _Line) -> None:
        self._open.discard(line.id)
        self.outcomes[line.platform, line.outcome or ""] += 1
        if line.replied_at is not None:
            took = (line.replied_at - line.intent_at).total_seconds()
            self.answers[line.platform].add(took)


def _lines(session: Session, ids: Collection[int]) -> Iterator[_Line]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        for row in session.execute(_query(ordered[start : start + CHUNK])):
            yield _line(row)


def _query(ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Attempt.id,
            Attempt.number,
            Part.position,
            Channel.platform,
            Post.due_at,
            Attempt.intent_at,
            Attempt.replied_at,
            Attempt.outcome,
        )
        .join(Part, Part.id == Attempt.part_id)
        .join(Post, Post.id == Part.post_id)
        .join(Channel, Channel.id == Post.channel_id)
        .where(Attempt.id.in_(ids))
    )


def _line(row: Row[*tuple[Any, ...]]) -> _Line:
    return _Line(
        id=row.id,
        first=row.number == 1 and row.position == 1,
        again=row.number > 1,
        platform=row.platform,
        due_at=row.due_at,
        intent_at=row.intent_at,
        replied_at=row.replied_at,
        outcome=row.outcome,
    )
