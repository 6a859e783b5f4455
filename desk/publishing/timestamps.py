"""Timestamps: the time that a post says of itself, on platforms where posts say one.

It is when the post goes out, not when it should have: readers' feeds go by it. Posts
of one minute keep the order of their queue. What may be live keeps its time, so that a
repeat is the same post.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from desk.desk import Desk
from desk.engine_settings import engine
from desk.lifecycle import OFF_THE_QUEUE, Outcome
from desk.models import Attempt, Part, Post

STEP = timedelta(milliseconds=1)  # between posts of one moment: feeds count no finer
MAY_BE_LIVE = (Outcome.UNKNOWN, Outcome.NOT_THERE)  # beside those without any answer


@dataclass(frozen=True)
class Date:
    at: datetime
    fixed: bool = True  # it stays, whenever the post goes out


def timestamps_of(
    desk: Desk, session: Session, posts: Sequence[Post], now: datetime
) -> dict[int, Date]:
    """The time of each post that is to say one, by its number."""
    dated = [one for one in posts if _is_dated(desk, one)]
    if not dated:
        return {}
    kept, ranks = _kept(session, dated), _ranks(session, dated)
    found, late = dict[int, Date](), Counter[int]()
    for post in sorted(dated, key=lambda one: (due_time(one), one.id)):
        if post.id in kept:
            found[post.id] = Date(kept[post.id] or due_time(post))
        elif now > due_time(post) + engine.intents.late:
            found[post.id] = Date(now + late[post.channel_id] * STEP, fixed=False)
            late[post.channel_id] += 1
        else:
            at = due_time(post) + ranks.get(post.id, 0) * STEP
            found[post.id] = Date(at, fixed=False)
    return found


def due_time(post: Post) -> datetime:
    return post.due_at or post.created_at


def _is_dated(desk: Desk, post: Post) -> bool:
    known = desk.connectors.get(post.channel.platform)
    return known is not None and known.dates_posts


def _kept(session: Session, posts: Iterable[Post]) -> dict[int, datetime | None]:
    """Of attempts that may be live, by post: when they said that they were."""
    query = (
        select(Part.post_id, Attempt.public_at)
        .join(Part, Part.id == Attempt.part_id)
        .where(Part.post_id.in_([post.id for post in posts]))
        .where(Part.remote_id.is_(None), Attempt.key == Part.key)
        .where(or_(Attempt.outcome.is_(None), Attempt.outcome.in_(MAY_BE_LIVE)))
        .order_by(Attempt.number.desc())  # so that the first one stays
    )
    return {row.post_id: row.public_at for row in session.execute(query)}


def _ranks(session: Session, posts: Iterable[Post]) -> dict[int, int]:
    """How many posts of the same channel and moment go before each."""
    before = func.row_number().over(
        partition_by=(Post.channel_id, Post.due_at), order_by=Post.id
    )
    query = (
        select(Post.id, before.label("place"))
        .where(Post.due_at.in_({post.due_at for post in posts}))
        .where(Post.channel_id.in_({post.channel_id for post in posts}))
        .where(Post.state.not_in(OFF_THE_QUEUE))
    )
    return {row.id: row.place - 1 for row in session.execute(query)}
