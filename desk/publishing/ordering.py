"""Ordering: on a channel that keeps order, one post is on its way at a time."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import transition
from desk.lifecycle import State
from desk.models import Channel


def let_first_go(session: Session, claimed: Sequence[tuple[int, int]]) -> set[int]:
    """Of claims, as (post, channel), let the first of each such channel go.

    Gives those that must wait; a unique index sees to it that no second clock lets
    another one go.
    """
    channels = {channel_id for _, channel_id in claimed}
    query = select(Channel.id).where(Channel.id.in_(channels), Channel.in_order)
    keeping = set(session.scalars(query)) if channels else set()
    first: dict[int, int] = {}
    for post_id, channel_id in claimed:
        if channel_id in keeping:
            first.setdefault(channel_id, post_id)
    going = set(first.values())
    wait = {post for post, channel in claimed if channel in keeping} - going
    if wait:
        session.execute(transition.moving(wait, State.CLAIMED, State.SCHEDULED))
    if going:
        session.execute(transition.taking_turns(going))
    return wait
