"""Catch-up: after an outage or a reconnect, overdue posts go out one by one."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.engine_settings import engine
from desk.models import Post
from desk.sendable import FIRST, SCHEDULED, held

ITS_TURN = "Its turn comes after the posts before it."


def space_out(
    session: Session,
    now: datetime,
    channel_id: int | None = None,
    overdue: timedelta = engine.catch_up.overdue,
    first: timedelta = timedelta(0),
) -> int:
    """Give overdue scheduled posts their turns, 30 s apart on each channel.

    Overdue by when they were due: a try in between that failed changes nothing. What
    won't go out by itself (too late, held, put aside) takes nobody's turn, nor does
    a post whose turn comes too late for it: it is missed, and says so. `first`: from
    now until the first turn, where a post has just gone out.
    """
    query = (
        select(Post, FIRST.label("first"))
        .where(SCHEDULED, Post.due_at <= now - overdue)
        .where(Post.expires_at > now, Post.triage.is_(None), ~held())
        .order_by(Post.id)  # locked by number, as everywhere
        .with_for_update(of=Post)  # an editor may be moving one this moment
    )
    if channel_id is not None:
        query = query.where(Post.channel_id == channel_id)
    found = sorted(session.execute(query), key=lambda row: (row.first, row[0].due_at))
    turns: dict[int, int] = defaultdict(int)
    for post, _ in found:
        turn = now + first + engine.catch_up.gap * turns[post.channel_id]
        post.not_before = post.next_at = turn
        if turn > now:
            post.reason = ITS_TURN
        if post.expires_at is not None and turn < post.expires_at:
            turns[post.channel_id] += 1
    return sum(turns.values())
