"""Claims: what leasing a post costs, 200 at a time, beside the bare UPDATE."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text, update

from desk import db
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post
from desk.publishing import claiming
from tests.bench.engine import filling
from tests.bench.engine.running import Scene

DUE = 4000
CLAIMED = Post.state == State.CLAIMED


@dataclass(frozen=True)
class Claims:
    """Microseconds a post."""

    ours: float
    bare: float

    def __str__(self) -> str:
        return f"{self.ours:.0f} µs a post (bare UPDATE {self.bare:.0f})"


def measure(scene: Scene) -> Claims:
    """On a newsroom without processes: nobody else claims."""
    desk = scene.room.desk
    due = scene.room.now() - timedelta(seconds=1)
    filling.schedule(desk, scene.channels, [due] * DUE)
    filling.tidy(desk)
    _all(desk, _bare)  # what it reads is in memory now
    _give_back(desk)
    bare = _all(desk, _bare)
    _give_back(desk)
    ours = _all(desk, _ours)
    with desk.db.writing() as session:  # else they would go out with the next burst
        session.execute(
            update(Post).where(CLAIMED).values(state=State.CANCELLED, lease_until=None)
        )
    return Claims(ours, bare)


def _all(desk: Desk, claim: Callable[[Desk], int]) -> float:
    began, claimed = time.perf_counter(), 0
    while found := claim(desk):
        claimed += found
    if claimed != DUE:
        raise RuntimeError(f"{claimed} of {DUE} were claimed.")
    return (time.perf_counter() - began) / DUE * 1e6


def _ours(desk: Desk) -> int:
    with desk.db.writing() as session:
        return len(claiming.claim_due(session, db.now(session)))


def _bare(desk: Desk) -> int:
    skip = "" if desk.db.is_sqlite else "FOR UPDATE SKIP LOCKED"
    statement = text(
        f"""UPDATE posts SET state = 'claimed', fence = fence + 1 WHERE id IN (
            SELECT id FROM posts WHERE state = 'scheduled' AND next_at <= :soon
            ORDER BY next_at, id LIMIT 200 {skip}) RETURNING id, fence"""  # noqa: S608  # our own words
    )
    with desk.db.writing() as session:
        soon = db.now(session)
        bound = soon.replace(tzinfo=None) if desk.db.is_sqlite else soon
        return len(session.execute(statement, {"soon": str(bound)}).all())


def _give_back(desk: Desk) -> None:
    with desk.db.writing() as session:
        session.execute(
            update(Post).where(CLAIMED).values(state=State.SCHEDULED, lease_until=None)
        )
    filling.tidy(desk)
