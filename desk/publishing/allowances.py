"""Allowances: how many posts a platform takes from a channel, spent at the claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.channels import allowance
from desk.lifecycle import State
from desk.models import Channel, Post
from desk.posts.history import note
from desk.publishing.lateness import too_late


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
    limited = Channel.limits["posts"].as_integer().is_not(None)
    query = select(Channel).where(Channel.id.in_(by_channel), limited)
    # locked in one order, or two clocks wait for each other
    for channel in session.scalars(query.order_by(Channel.id).with_for_update()):
        over = _over(channel, by_channel[channel.id], now)
        if over and channel.spent_from_at and (allowed := allowance(channel)):
            _wait(session, over, channel.spent_from_at + allowed[1], now)
            refused.update(over)
    return refused


def refund(session: Session, channel_ids: Iterable[int]) -> None:
    """Claims that were given back cost nothing: one channel for each."""
    counts = Counter(channel_ids)
    limited = Channel.limits["posts"].as_integer().is_not(None)
    query = select(Channel).where(Channel.id.in_(counts), limited)
    for channel in session.scalars(query.order_by(Channel.id).with_for_update()):
        channel.spent = max(0, channel.spent - counts[channel.id])


def _over(channel: Channel, post_ids: list[int], now: datetime) -> list[int]:
    allowed = allowance(channel)
    if allowed is None:
        return []
    count, period = allowed
    if channel.spent_from_at is None or channel.spent_from_at + period <= now:
        channel.spent, channel.spent_from_at = 0, now
    room = max(0, count - channel.spent)
    channel.spent += min(room, len(post_ids))
    return post_ids[room:]


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
