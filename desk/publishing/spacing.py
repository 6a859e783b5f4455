"""Spacing: after an outage or a reconnect, overdue posts go out one by one."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.models import Post
from desk.publishing.sendable import FIRST, SCHEDULED, held

GAP = timedelta(seconds=30)
OVERDUE = timedelta(seconds=60)  # later than this was an outage, not a busy second


def space_out(session: Session, now: datetime, channel_id: int | None = None) -> int:
    """Give overdue scheduled posts their turns, 30 s apart on each channel.

    What won't go out by itself (too late, held, put aside) takes nobody's turn.
    """
    query = (
        select(Post)
        .where(SCHEDULED, Post.next_at < now - OVERDUE)
        .where(Post.expires_at > now, Post.triage.is_(None), ~held())
        .order_by(FIRST, Post.due_at, Post.id)
        .with_for_update(of=Post)  # an editor may be moving one this moment
    )
    if channel_id is not None:
        query = query.where(Post.channel_id == channel_id)
    turns: dict[int, int] = defaultdict(int)
    for post in session.scalars(query):
        post.not_before = now + GAP * turns[post.channel_id]
        post.next_at = post.not_before
        turns[post.channel_id] += 1
    return sum(turns.values())
