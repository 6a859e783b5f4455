"""Turns: on a channel that keeps order, one post is on its way at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from desk.lifecycle import State
from desk.models import Channel, Post


def keep(session: Session, claimed: Sequence[tuple[int, int]]) -> set[int]:
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
        values = {"state": State.SCHEDULED, "lease_until": None, "turn": None}
        _set(session, wait, values)
    if going:
        _set(session, going, {"turn": Post.channel_id})
    return wait


def _set(session: Session, post_ids: set[int], values: Mapping[str, Any]) -> None:
    session.execute(
        update(Post)
        .where(Post.id.in_(post_ids))
        .values(values)
        .execution_options(synchronize_session=False)
    )
