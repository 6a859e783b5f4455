"""Queueing: the next free slot of a channel, for one post only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from desk import channels, lifecycle, posts, slots
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post


class NoFreeSlot(Exception):
    """The channel has no weekly slots, or none is free."""


def into_slot(
    session: Session, post: Post, desk: Desk, now: datetime, target: State
) -> None:
    """The next free slot; where another post took it this moment, the one after.

    The state moves with it: only a post that is not gone holds its slot.
    """
    channel = channels.found(session, post.channel_id)
    weekly = channels.weekly_slots(session, channel.id)
    taken = set(_taken(session, channel.id))
    while at := slots.next_free(weekly, taken, now, desk.settings.zone):
        try:
            with session.begin_nested():
                post.slot_at = at
                if post.state != target:
                    post.state = lifecycle.move(post.state, target)
                posts.give_time(post, channel, at)
                session.flush()
            return
        except IntegrityError:
            taken.add(at)
    raise NoFreeSlot(
        f"{channel.name} has no free slot: add weekly slots to it, or pick a time."
    )


def next_slot(
    session: Session, desk: Desk, channel_id: int, now: datetime
) -> datetime | None:
    """When a post put into the queue of this channel would go out."""
    weekly = channels.weekly_slots(session, channel_id)
    taken = set(_taken(session, channel_id))
    return slots.next_free(weekly, taken, now, desk.settings.zone)


def _taken(session: Session, channel_id: int) -> Sequence[datetime]:
    gone = (State.CANCELLED, State.MISSED, State.FAILED)
    query = select(Post.slot_at).where(
        Post.channel_id == channel_id,
        Post.slot_at.is_not(None),
        Post.state.not_in(gone),
    )
    return [at for at in session.scalars(query) if at is not None]
