"""Planning: what a post's time takes, found before the transaction that gives it.

That transaction only looks whether it is still so, and finds it anew where it is not.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from desk import posts
from desk.conflicts import mark
from desk.desk import Desk
from desk.models import Channel, Post
from desk.posts import validation
from desk.scheduling import queueing


@dataclass(frozen=True)
class Planned:
    """What was found for one post."""

    slot_at: datetime | None = None  # a free slot of its channel, where one was sought
    fit: str = ""  # the mark of what was found to fit; empty: nothing was


NOTHING = Planned()


def plan(
    desk: Desk, session: Session, post_ids: Collection[int], now: datetime, slot: bool
) -> dict[int, Planned]:
    """For each of these posts; `slot`: they want the next free one."""
    its = [posts.find_post(session, one) for one in post_ids]
    on = {post.channel_id for post in its} if slot else set()
    free = queueing.next_slots(session, desk, on, now)
    return {
        post.id: Planned(free.get(post.channel_id), _fit(desk, post)) for post in its
    }


def fitness(post: Post, channel: Channel) -> str:
    """All that decides whether the platform can carry this post, as a mark."""
    asks = channel.limits, channel.style, channel.require_alt
    return mark([post.revision, channel.credential_version, *asks])


def refuse_unfit(desk: Desk, post: Post, channel: Channel, planned: Planned) -> None:
    """Raises `TooLong`, unless just this was found to fit."""
    if planned.fit != fitness(post, channel):
        validation.refuse_unfit(desk, post, channel)


def _fit(desk: Desk, post: Post) -> str:
    channel = post.channel
    return "" if validation.problems(desk, post, channel) else fitness(post, channel)
