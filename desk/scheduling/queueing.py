"""Queueing: the free slots of a channel, each for one post only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from itertools import chain, islice, takewhile

from sqlalchemy import select, union_all
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from desk import channels, posts, preferences, slots, transition
from desk.desk import Desk
from desk.lifecycle import IllegalMove, State
from desk.models import Post
from desk.partial_indexes import HOLDS_SLOT
from desk.refusal import Refusal, RefusalKind
from desk.slots import Weekly, WeeklySlot

MOST_NEAR = 500  # slots that are asked about ahead
AT_ONCE = 12  # slots of a channel about which the posts are asked in one question
GONE = (State.CANCELLED, State.MISSED, State.FAILED)
Until = Mapping[int, datetime | None]
Taken = set[tuple[int, datetime]]  # by channel


class NoFreeSlot(Refusal):
    """The channel has no weekly slots, or none is free."""

    kind = RefusalKind.CONFLICT


class OutOfDate(IllegalMove):
    """Someone else was faster: what the page showed is no longer so."""


def by_channel(post: Post) -> tuple[int, int]:
    """The order in which several posts take their slots.

    A slot that someone else is taking is waited for, as a row that is locked.
    """
    return post.channel_id, post.id


def into_slot(
    session: Session,
    post: Post,
    desk: Desk,
    now: datetime,
    target: State,
    planned: datetime | None = None,
    since: datetime | None = None,
) -> None:
    """The next free slot; where another post took it this moment, the one after.

    `planned`: the one that was found free before; `since`: none is taken before that
    time. The state moves with it: only a post that is not gone holds its slot.
    """
    channel = channels.find_channel(session, post.channel_id)
    weekly = channels.weekly_slots(session, channel.id)
    zone = preferences.zone(session, desk.settings)
    first = [planned] if planned and planned > now else []
    known = (at for at in first if slots.holds(weekly, at, zone))
    coming = chain(known, slots.upcoming(weekly, max(now, since or now), zone))
    for at in free(session, channel.id, coming, first=len(first)):
        try:
            with session.begin_nested():
                if post.state != target:
                    transition.move(session, post, target, now)
                post.slot_at = at
                posts.give_time(post, channel, at)
                session.flush()
            return
        except IntegrityError:
            continue
    raise NoFreeSlot(
        f"{channel.name} has no free slot: add weekly slots to it, or pick a time."
    )


def next_slot(
    session: Session, desk: Desk, channel_id: int, now: datetime
) -> datetime | None:
    """When a post put into the queue of this channel would go out."""
    return next_slots(session, desk, [channel_id], now)[channel_id]


def next_slots(
    session: Session,
    desk: Desk,
    channel_ids: Collection[int],
    now: datetime,
    weekly: Mapping[int, list[WeeklySlot]] | None = None,
) -> dict[int, datetime | None]:
    """The same of several channels, in as many questions as for one.

    `weekly`: their slots, where they are known.
    """
    zone = preferences.zone(session, desk.settings)
    if weekly is None:
        weekly = channels.weekly_slots_of(session, channel_ids)
    coming = {id_: slots.upcoming(weekly[id_], now, zone) for id_ in channel_ids}
    found = dict[int, datetime | None]()
    while coming:
        asked = {id_: list(islice(times, AT_ONCE)) for id_, times in coming.items()}
        taken = _taken(session, asked)
        for id_, times in asked.items():
            free_ = next((at for at in times if (id_, at) not in taken), None)
            if free_ or not times:
                found[id_] = free_
                del coming[id_]
    return found


def free(
    session: Session, channel_id: int, coming: Iterator[datetime], first: int = 0
) -> Iterator[datetime]:
    """Those of these times that no post of the channel holds.

    `first`: so many of them are asked about apart, and mostly no others are.
    """
    while times := list(islice(coming, first or AT_ONCE)):
        taken = _taken(session, {channel_id: times})
        yield from (at for at in times if (channel_id, at) not in taken)
        first = 0


def free_of_each(
    session: Session, coming: Mapping[int, Iterator[datetime]], until: Until
) -> dict[int, Iterator[datetime]]:
    """The same of several channels, up to a time of each, in one question.

    What comes behind it is asked for when it is wanted.
    """
    near = {id_: _near(times, until.get(id_)) for id_, times in coming.items()}
    taken = _taken(session, near)
    return {
        id_: chain(
            [at for at in times if (id_, at) not in taken],
            free(session, id_, coming[id_]),
        )
        for id_, times in near.items()
    }


def _near(times: Iterator[datetime], until: datetime | None) -> list[datetime]:
    """Those up to this time, and some behind it."""
    found = list[datetime]()
    for at in islice(times, MOST_NEAR):
        found.append(at)
        if until is None or at > until:
            break
    return [*found, *islice(times, AT_ONCE)]


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
    coming = slots.upcoming(weekly, now, preferences.zone(session, desk.settings))
    near = takewhile(lambda at: until is None or at < until, coming)
    return list(islice(free(session, channel_id, near), most))


def keep_slot(session: Session, post: Post, desk: Desk) -> None:
    """A post whose time is one of its channel's free slots holds that slot."""
    at = post.due_at
    if at is None:
        return
    weekly = channels.weekly_slots(session, post.channel_id)
    if not slots.holds(weekly, at, preferences.zone(session, desk.settings)):
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
    channels.find_channel(session, channel_id, lock=True)
    if frozenset(channels.weekly_slots(session, channel_id)) != seen:
        raise OutOfDate(
            "Someone else changed these weekly times meanwhile, so yours were not "
            "saved. This is how they stand now."
        )
    channels.set_slots(session, channel_id, set(wanted))


def _taken(session: Session, asked: Mapping[int, Collection[datetime]]) -> Taken:
    """Which of these times a post holds, as its slot or as a time that was picked."""
    times = {at for some in asked.values() for at in some}
    of = Post.channel_id.in_(asked)
    slot = select(Post.channel_id, Post.slot_at.label("at")).where(
        of, Post.slot_at.in_(times), HOLDS_SLOT
    )
    picked = select(Post.channel_id, Post.due_at.label("at")).where(
        of, Post.due_at.in_(times), Post.state.not_in(GONE)
    )
    rows = session.execute(union_all(slot, picked))
    return {(channel_id, at) for channel_id, at in rows if at is not None}
