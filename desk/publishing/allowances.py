"""Allowances: how many posts a platform takes from a channel, spent at the claim.

A platform counts each part of a thread, and so does the desk.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.channels import allowance
from desk.lifecycle import State
from desk.models import Channel, Part, Post
from desk.posts.history import note
from desk.publishing.lateness import too_late

LIMITED = Channel.limits["posts"].as_integer().is_not(None)


def spend(
    session: Session, claimed: Sequence[tuple[int, int]], now: datetime
) -> set[int]:
    """Take claims, as (post, channel), off the allowances; gives those that must wait.

    In the database, in the claim's own transaction: a flushed broker forgets nothing.
    """
    by_channel: dict[int, list[int]] = {}
    for post_id, channel_id in claimed:
        by_channel.setdefault(channel_id, []).append(post_id)
    if not by_channel:
        return set()
    refused: set[int] = set()
    query = select(Channel).where(Channel.id.in_(by_channel), LIMITED)
    # locked in one order, or two clocks wait for each other
    limited = session.scalars(query.order_by(Channel.id).with_for_update()).all()
    threads = _threads(session, [id_ for one in limited for id_ in by_channel[one.id]])
    for channel in limited:
        over = _over(channel, by_channel[channel.id], threads, now)
        if over and channel.spent_from_at and (allowed := allowance(channel)):
            _wait(session, over, channel.spent_from_at + allowed[1], now)
            refused.update(over)
    return refused


def refund(session: Session, post_ids: Collection[int]) -> None:
    """Claims that were given back cost nothing."""
    if not post_ids:
        return
    unsent = (
        select(Part.channel_id, func.count())
        .where(Part.post_id.in_(post_ids), Part.remote_id.is_(None))
        .group_by(Part.channel_id)
    )
    counts = dict(session.execute(unsent).all())
    query = select(Channel).where(Channel.id.in_(counts), LIMITED)
    for channel in session.scalars(query.order_by(Channel.id).with_for_update()):
        channel.spent = max(0, channel.spent - counts[channel.id])


def _threads(session: Session, post_ids: Collection[int]) -> dict[int, int]:
    """How many parts are still to be sent, of posts with more than one."""
    if not post_ids:
        return {}
    unsent = (
        select(Part.post_id, func.count())
        .where(Part.post_id.in_(post_ids), Part.remote_id.is_(None))
        .group_by(Part.post_id)
        .having(func.count() > 1)
    )
    return dict(session.execute(unsent).all())


def _over(
    channel: Channel, post_ids: list[int], threads: Mapping[int, int], now: datetime
) -> list[int]:
    """Who finds no room. A thread of more than a whole period's begins with one."""
    allowed = allowance(channel)
    if allowed is None:
        return []
    count, period = allowed
    if channel.spent_from_at is None or channel.spent_from_at + period <= now:
        channel.spent, channel.spent_from_at = 0, now
    over = []
    for post_id in post_ids:
        parts = min(threads.get(post_id, 1), count)
        if channel.spent + parts > count:
            over.append(post_id)
        else:
            channel.spent += parts
    return over


def _wait(
    session: Session, post_ids: list[int], until: datetime, now: datetime
) -> None:
    """The next period's turn; missed now where that is too late for the class."""
    posts = session.scalars(
        select(Post).where(Post.id.in_(post_ids)),
        execution_options={"populate_existing": True},
    )
    for post in posts:
        post.state, post.lease_until = State.SCHEDULED, None
        post.not_before = post.next_at = max(post.next_at or until, until)
        post.reason = "The platform allows no more posts for now."
        if post.expires_at is not None and post.next_at >= post.expires_at:
            too_late(session, post, now)
        else:
            note(session, post, post.reason, now)
