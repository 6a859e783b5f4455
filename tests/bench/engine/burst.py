"""A burst: many posts due at the same moment, and when each was at the platform."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from desk.models import Attempt, Part, Post
from tests.bench.engine import filling
from tests.bench.engine.lateness import Lateness
from tests.bench.engine.newsroom import Newsroom
from tests.bench.engine.side import Arrival, SlowPlatform
from tests.bench.engine.watching import Cost, Profile, cost

AHEAD_S = 8.0  # beyond the clock's lead, as a post that was scheduled long ago
PATIENCE_S = 180.0


class Unsound(Exception):
    """A figure of a run that lost or doubled a post is worth nothing."""


@dataclass(frozen=True)
class Burst:
    """`settled_s`: from the due time until the last outcome was on record."""

    lateness: Lateness
    settled_s: float
    cost: Cost

    @property
    def rate(self) -> float:
        return self.lateness.posts / self.settled_s

    def __str__(self) -> str:
        return (
            f"{self.lateness}  settled {self.settled_s:.2f} s, "
            f"{self.rate:,.0f} posts/s  ({self.cost.a_post(self.lateness.posts)})"
        )


def burst(
    room: Newsroom,
    side: SlowPlatform,
    channels: Sequence[int],
    posts: int,
    profile: Profile | None = None,
) -> Burst:
    """Schedule so many posts for one moment, let them go out, and see."""
    before = len(side.log())
    due = room.now() + timedelta(seconds=AHEAD_S + posts / 5000)
    filling.schedule(room.desk, channels, [due] * posts)
    _sleep_until(due - timedelta(seconds=0.3))
    began = cost(room, side)
    if profile is not None:
        profile.begin(room)
    if not room.wait(lambda: _left(room, due) == 0, PATIENCE_S):
        raise Unsound(f"{_left(room, due)} posts are not published. {room.said[-20:]}")
    spent = cost(room, side) - began
    arrived = side.log()[before:]
    _see_each_once(arrived, posts)
    late = Lateness.of(one.at - due.timestamp() for one in arrived)
    return Burst(late, (_recorded(room, due) - due).total_seconds(), spent)


def _see_each_once(arrived: Sequence[Arrival], posts: int) -> None:
    different = len({one.key for one in arrived}) if arrived[0].key else posts
    if len(arrived) != posts or different != posts:
        raise Unsound(f"{len(arrived)} requests, {different} keys for {posts} posts.")


def _left(room: Newsroom, due: datetime) -> int:
    with room.desk.db.reading() as session:
        query = select(func.count()).where(Post.due_at == due)
        return session.scalar(query.where(Post.state != "published")) or 0


def _recorded(room: Newsroom, due: datetime) -> datetime:
    with room.desk.db.reading() as session:
        query = select(func.max(Attempt.replied_at)).join(Part).join(Post)
        last = session.scalar(query.where(Post.due_at == due))
    assert last is not None
    return last


def _sleep_until(moment: datetime) -> None:
    time.sleep(max(0.0, moment.timestamp() - time.time()))
