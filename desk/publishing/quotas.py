"""Quotas: how many more posts a channel takes, before it says so itself.

Nothing is booked. What counts is what was called, as the attempts say, and what is
about to be: a claim that ends without a call gives back what it held by ending. A
platform counts each part of a thread, and so does the desk.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from desk import transition
from desk.channels import Quota, backoff, quota_of
from desk.lifecycle import Outcome, State
from desk.models import Attempt, Channel, Part, Post
from desk.models.channels import COUNTED, Wait

LIMITED = Channel.limits["posts"].as_integer().is_not(None)
CALLED = or_(Attempt.outcome.is_(None), Attempt.outcome != Outcome.UNAVAILABLE)
GRACE = timedelta(seconds=1)  # a burst's calls leave the period nearly together


@dataclass(frozen=True)
class Left:
    """How many more posts it takes now, and whose count that is."""

    posts: int
    kind: Wait
    until: datetime | None = None  # as the platform says


@dataclass
class _Taken:
    """What of a channel's period is taken."""

    calls: int = 0
    open: int = 0  # of these, not answered yet
    coming: int = 0  # claimed, and not called yet
    said: int | None = None  # how many more the platform takes, by its last answers
    said_until: datetime | None = None


def spend_quotas(
    session: Session, claimed: Sequence[tuple[int, int]], now: datetime
) -> set[int]:
    """Of claims, as (post, channel), put back those that find no room.

    Their channel waits then. In the claim's own transaction, under the channel's
    lock: of two clocks one counts first.
    """
    by_channel: dict[int, list[int]] = {}
    for post_id, channel_id in claimed:
        by_channel.setdefault(channel_id, []).append(post_id)
    if not by_channel:
        return set()
    query = select(Channel).where(Channel.id.in_(by_channel), LIMITED)
    # locked in one order, or two clocks wait for each other
    limited = session.scalars(query.order_by(Channel.id).with_for_update()).all()
    mine = [id_ for channel in limited for id_ in by_channel[channel.id]]
    threads = _threads(session, mine)
    left = room_left(session, limited, now, but=_parts_of(by_channel, threads))
    refused: set[int] = set()
    for channel in limited:
        over = _over(channel, by_channel[channel.id], threads, left[channel.id])
        if over:
            known = left[channel.id]
            until = known.until or _room_at(session, channel, now)
            backoff.begin_wait(channel, known.kind, until, now)
            refused.update(over)
    _put_back(session, refused)
    return refused


def end_counted_waits(session: Session, now: datetime) -> None:
    """A wait by our own count ends as soon as there is room again."""
    counted = select(Channel).where(Channel.wait.in_(COUNTED), Channel.not_before > now)
    waiting = session.scalars(counted).all()
    if not waiting:
        return
    known = room_left(session, waiting, now)
    roomy = [channel_id for channel_id, left in known.items() if left.posts > 0]
    query = counted.where(Channel.id.in_(roomy)).order_by(Channel.id)
    for channel in session.scalars(query.with_for_update(skip_locked=True)).all():
        backoff.lift_wait(session, channel, now)


def room_left(
    session: Session,
    limited: Iterable[Channel],
    now: datetime,
    but: Mapping[int, int] | None = None,
) -> dict[int, Left]:
    """What these channels still take, by number.

    `but`: how many parts of each are claimed this moment, and don't count.
    """
    allowed = {one.id: has for one in limited if (has := quota_of(one)) is not None}
    taken = {channel_id: _Taken() for channel_id in allowed}
    for per in {has.per for has in allowed.values()}:
        mine = [id_ for id_, has in allowed.items() if has.per == per]
        _count_calls(session, mine, per, now, taken)
    if allowed:
        _count_coming(session, taken)
    for channel_id, parts in (but or {}).items():
        if channel_id in taken:
            taken[channel_id].coming -= parts
    return {
        channel_id: _left(has, taken[channel_id]) for channel_id, has in allowed.items()
    }


def _left(allowed: Quota, taken: _Taken) -> Left:
    """The platform's own number where it says one, else its usual less a reserve."""
    if taken.said is not None and taken.said_until is not None:
        left = taken.said - taken.open - taken.coming
        return Left(left, Wait.FULL, taken.said_until)
    return Left(allowed.ours - taken.calls - taken.coming, Wait.OWN)


def _room_at(session: Session, channel: Channel, now: datetime) -> datetime:
    """When the first of the period's calls has left it."""
    allowed = quota_of(channel)
    per = allowed.per if allowed else timedelta(0)
    first = select(func.min(Attempt.intent_at)).where(
        Attempt.channel_id == channel.id, Attempt.intent_at > now - per, CALLED
    )
    return (session.scalar(first) or now) + per + GRACE


def _count_calls(
    session: Session,
    channel_ids: Collection[int],
    per: timedelta,
    now: datetime,
    taken: dict[int, _Taken],
) -> None:
    told = Attempt.room_until > now
    query = (
        select(
            Attempt.channel_id,
            func.count(case((CALLED, 1))).label("calls"),
            func.count(case((Attempt.outcome.is_(None), 1))).label("open"),
            func.min(case((told, Attempt.room_left))).label("said"),
            func.max(case((told, Attempt.room_until))).label("said_until"),
        )
        .where(Attempt.channel_id.in_(channel_ids), Attempt.intent_at > now - per)
        .group_by(Attempt.channel_id)
    )
    for row in session.execute(query):
        one = taken[row.channel_id]
        one.calls, one.open = row.calls, row.open
        one.said, one.said_until = row.said, row.said_until


def _count_coming(session: Session, taken: dict[int, _Taken]) -> None:
    """Parts of posts that are claimed or going on, without the calls in the air.

    Of all channels, and by the leases first: their index holds these few posts alone.
    """
    held = select(Post.id, Post.channel_id, Post.state)
    leased = held.where(Post.lease_until.is_not(None)).cte("leased")
    leased = leased.prefix_with("MATERIALIZED")
    in_the_air = case((leased.c.state == State.SENDING, leased.c.id))
    query = (
        select(
            leased.c.channel_id,
            (func.count() - func.count(in_the_air.distinct())).label("coming"),
        )
        .join(Part, Part.post_id == leased.c.id)
        .where(Part.remote_id.is_(None))
        .group_by(leased.c.channel_id)
    )
    for row in session.execute(query):
        if row.channel_id in taken:
            taken[row.channel_id].coming = row.coming


def _parts_of(
    by_channel: Mapping[int, Sequence[int]], threads: Mapping[int, int]
) -> dict[int, int]:
    return {
        channel_id: sum(threads.get(post_id, 1) for post_id in post_ids)
        for channel_id, post_ids in by_channel.items()
    }


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
    channel: Channel, post_ids: Sequence[int], threads: Mapping[int, int], left: Left
) -> list[int]:
    """Who finds no room. A thread of more than a whole period's begins with one."""
    allowed, room = quota_of(channel), left.posts
    over = []
    for post_id in post_ids:
        parts = threads.get(post_id, 1)
        parts = min(parts, allowed.ours) if allowed else parts
        if parts > room:
            over.append(post_id)
        else:
            room -= parts
    return over


def _put_back(session: Session, post_ids: Collection[int]) -> None:
    if post_ids:
        session.execute(transition.moving(post_ids, State.CLAIMED, State.SCHEDULED))
