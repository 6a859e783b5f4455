"""A burst: posts that fall due, and when each of them was at the platform."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from desk.models import Attempt, Part, Post
from tests.bench.engine import filling
from tests.bench.engine.lateness import Lateness
from tests.bench.engine.newsroom import Newsroom
from tests.bench.engine.quiet import DISTURBED, Moment
from tests.bench.engine.running import Scene
from tests.bench.engine.side import Arrival
from tests.bench.engine.watching import Cost, cost

AHEAD_S = 8.0  # beyond the clock's lead, as a post that was scheduled long ago
PATIENCE_S = 180.0
IN_ONE = 500  # keys in one question to the database


class Unsound(Exception):
    """A figure of a run that lost or doubled a post is worth nothing."""


@dataclass(frozen=True)
class Burst:
    """`settled_s`: from the first due time until the last outcome was on record."""

    lateness: Lateness
    settled_s: float
    cost: Cost
    others: float  # share of the machine that someone else took

    @property
    def rate(self) -> float:
        return self.lateness.posts / self.settled_s

    @property
    def disturbed(self) -> bool:
        return self.others > DISTURBED

    def __str__(self) -> str:
        return (
            f"{self.lateness}  settled {self.settled_s:.2f} s, "
            f"{self.rate:,.0f} posts/s  ({self.cost.a_post(self.lateness.posts)}; "
            f"others took {self.others:.0%} of the machine)"
        )


def together(scene: Scene, posts: int) -> list[datetime]:
    """The due times of posts that are due at the same moment, soon."""
    ahead = timedelta(seconds=AHEAD_S + posts / 5000)
    return [scene.room.now() + ahead] * posts


def apart(scene: Scene, posts: int, every_s: float) -> list[datetime]:
    """The due times of posts that are due one after the other."""
    first = scene.room.now() + timedelta(seconds=AHEAD_S)
    return [first + timedelta(seconds=number * every_s) for number in range(posts)]


def burst(
    scene: Scene,
    dues: Sequence[datetime],
    meanwhile: Callable[[], None] | None = None,
) -> Burst:
    """Schedule a post for each time, let them go out, and see.

    `meanwhile` is done just before the first is due.
    """
    room, side = scene.room, scene.side
    before = len(side.log())
    filling.schedule(room.desk, scene.channels, dues)
    sleep_until(dues[0] - timedelta(seconds=0.3))
    began, quiet = cost(room, side), Moment.now(scene.roots)
    if meanwhile is not None:
        meanwhile()
    sleep_until(dues[-1])
    if not room.wait(lambda: _left(room, dues) == 0, PATIENCE_S):
        raise Unsound(f"{_left(room, dues)} posts are not out. {room.said[-20:]}")
    spent = cost(room, side) - began
    others = quiet.others_until(Moment.now(scene.roots))
    ours = scene.setting.platform  # how the tokens of its channels begin
    arrived = [one for one in side.log()[before:] if one.who.startswith(ours)]
    _see_each_once(arrived, len(dues))
    settled = (_recorded(room, dues) - dues[0]).total_seconds()
    return Burst(Lateness.of(late(room, arrived, dues[0])), settled, spent, others)


def late(room: Newsroom, arrived: Sequence[Arrival], first: datetime) -> list[float]:
    """Each post's lateness. X knows no keys: there `first` is when all were due."""
    dues = _dues(room, [one.key for one in arrived if one.key])
    return [one.at - dues.get(one.key, first).timestamp() for one in arrived]


def sleep_until(moment: datetime) -> None:
    time.sleep(max(0.0, moment.timestamp() - time.time()))


def _dues(room: Newsroom, keys: Sequence[str]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    query = select(Part.key, Post.due_at).join(Post)
    with room.desk.db.reading() as session:
        for start in range(0, len(keys), IN_ONE):
            some = query.where(Part.key.in_(keys[start : start + IN_ONE]))
            found |= {key: due for key, due in session.execute(some) if due}
    return found


def _see_each_once(arrived: Sequence[Arrival], posts: int) -> None:
    keys = {one.key for one in arrived if one.key}
    if len(arrived) != posts or len(keys) not in (0, posts):
        raise Unsound(f"{len(arrived)} requests, {len(keys)} keys for {posts} posts.")


def _left(room: Newsroom, dues: Sequence[datetime]) -> int:
    due = Post.due_at.between(dues[0], dues[-1])
    query = select(func.count()).where(due, Post.state != "published")
    with room.desk.db.reading() as session:
        return session.scalar(query) or 0


def _recorded(room: Newsroom, dues: Sequence[datetime]) -> datetime:
    query = select(func.max(Attempt.replied_at)).join(Part).join(Post)
    with room.desk.db.reading() as session:
        last = session.scalar(query.where(Post.due_at.between(dues[0], dues[-1])))
    assert last is not None
    return last
