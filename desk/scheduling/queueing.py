"""Queueing: the free slots of a channel, each for one post only."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice, takewhile

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from desk import channels, lifecycle, posts, preferences, slots
from desk.desk import Desk
from desk.lifecycle import IllegalMove, State
from desk.models import Channel, Post
from desk.slots import Weekly


class NoFreeSlot(Exception):
    """The channel has no weekly slots, or none is free."""


class OutOfDate(IllegalMove):
    """Someone else was faster: what the page showed is no longer so."""


def into_slot(
    session: Session, post: Post, desk: Desk, now: datetime, target: State
) -> None:
    """The next free slot; where another post took it this moment, the one after.

    The state moves with it: only a post that is not gone holds its slot.
    """
    channel = channels.found(session, post.channel_id)
    weekly = channels.weekly_slots(session, channel.id)
    taken = _taken(session, channel.id, now)
    zone = preferences.zone(session, desk.settings)
    while at := slots.next_free(weekly, taken, now, zone):
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
    return next(iter(free_slots(session, desk, channel_id, now, most=1)), None)


def free_slots(
    session: Session,
    desk: Desk,
    channel_id: int,
    now: datetime,
    until: datetime | None = None,
    most: int = 50,
) -> list[datetime]:
    """The channel's next slots that no post holds, up to a time where one is named."""
    weekly = channels.weekly_slots(session, channel_id)
    taken = _taken(session, channel_id, now)
    coming = slots.upcoming(weekly, now, preferences.zone(session, desk.settings))
    free = (at for at in coming if at not in taken)
    near = takewhile(lambda at: until is None or at < until, free)
    return list(islice(near, most))


def keep_slot(session: Session, post: Post, desk: Desk) -> None:
    """A post whose time is one of its channel's free slots holds that slot."""
    at = post.due_at
    if at is None:
        return
    weekly = channels.weekly_slots(session, post.channel_id)
    before = at - timedelta(seconds=1)
    zone = preferences.zone(session, desk.settings)
    if next(slots.upcoming(weekly, before, zone), None) != at:
        return
    try:
        with session.begin_nested():
            post.slot_at = at
            session.flush()
    except IntegrityError:  # another post holds it: this one keeps the bare time
        post.slot_at = None


def set_weekly(session: Session, channel_id: int, wanted: Weekly, seen: Weekly) -> None:
    """The channel's weekly times are these. Posts that hold another keep their time.

    Raises `OutOfDate` where they are not as they were seen.
    """
    session.execute(
        select(Channel.id).where(Channel.id == channel_id).with_for_update()
    )
    channels.found(session, channel_id)
    if frozenset(channels.weekly_slots(session, channel_id)) != seen:
        raise OutOfDate(
            "Someone else changed these weekly times meanwhile, so yours were not "
            "saved. This is how they stand now."
        )
    channels.set_slots(session, channel_id, set(wanted))


def _taken(session: Session, channel_id: int, now: datetime) -> set[datetime]:
    """Times ahead that a post holds, as its slot or as a time that was picked."""
    gone = (State.CANCELLED, State.MISSED, State.FAILED)
    query = select(Post.slot_at, Post.due_at).where(
        Post.channel_id == channel_id,
        or_(Post.slot_at > now, Post.due_at > now),
        Post.state.not_in(gone),
    )
    return {at for times in session.execute(query) for at in times if at is not None}
