"""Queues: what each channel sends next, in order, and the free slots between."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import islice

from sqlalchemy import ColumnElement, or_, select, union, union_all
from sqlalchemy.orm import Session

from desk import channels, preferences, slots
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Channel, Hold, Post
from desk.partial_indexes import PUT_ASIDE, TROUBLE
from desk.posts.counting import count_by_channel
from desk.posts.loading import load_for_list
from desk.scheduling import queueing
from desk.scheduling.moving import PLANNED
from desk.sendable import SCHEDULED

SHOWN = 60  # posts of one column; the rest are counted
TOGETHER = 100  # columns in one question
BETWEEN = 2  # free slots shown between two posts; the rest are counted
BEHIND = 3  # and after the last one
LEASED = (State.CLAIMED, State.SENDING)
ORDER = (Post.due_at, Post.id)


@dataclass(frozen=True)
class Row:
    """A line of a queue: a post, or a free slot and how many more come after it."""

    at: datetime
    post: Post | None = None
    position: int = 0  # of the post, in the order of going out
    more: int = 0


@dataclass(frozen=True)
class Queue:
    """One channel: what is due already, then what is planned."""

    channel: Channel
    due: list[Post]
    rows: list[Row]
    planned: int
    seen: str  # changes with the order
    next_slot: datetime | None
    has_slots: bool
    holds: list[Hold] = field(default_factory=list)

    @property
    def unseen(self) -> int:
        return max(0, self.planned - SHOWN)


def list_queues(session: Session, desk: Desk, now: datetime) -> list[Queue]:
    """The queue of every channel in use."""
    in_use = channels.list_channels(session)
    ids = [channel.id for channel in in_use]
    weekly = channels.weekly_slots_of(session, ids)
    zone = preferences.zone(session, desk.settings)
    due, many, held = _due(session, now), _planned(session, now), _held(session)
    lines = _lines(session, ids, now)
    free = queueing.free_of_each(
        session,
        {id_: slots.upcoming(weekly[id_], now, zone) for id_ in ids},
        {id_: lines[id_][-1].due_at if lines[id_] else None for id_ in ids},
    )
    return [
        _queue(
            channel,
            lines[channel.id],
            free[channel.id],
            due=due[channel.id],
            planned=many[channel.id],
            has_slots=bool(weekly[channel.id]),
            holds=held.get(str(channel.id), []),
        )
        for channel in in_use
    ]


def signature(line: Sequence[Post]) -> str:
    """What an order looks like: two pages with the same one show the same order."""
    told = "\n".join(f"{post.id} {post.due_at}" for post in line[:SHOWN])
    return sha256(told.encode()).hexdigest()[:24]


def lock(session: Session, channel_id: int, now: datetime) -> list[Post]:
    """The posts that a page shows of a channel in order, and the one behind them.

    Nobody else moves one meanwhile.
    """
    ids = select(Post.id).where(*_ahead(channel_id, now)).order_by(*ORDER)
    found = session.scalars(
        select(Post)
        .where(Post.id.in_(ids.limit(SHOWN + 1)), *_ahead(channel_id, now))
        .order_by(Post.id)  # always in the same order
        .with_for_update(of=Post),
        execution_options={"populate_existing": True},
    )
    return sorted(found, key=lambda post: (post.due_at, post.id))


def _ahead(channel_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Whose times can be exchanged: still to come, and not put aside."""
    return (
        Post.channel_id == channel_id,
        Post.due_at > now,
        Post.state.in_(PLANNED),
        Post.triage.is_(None),
    )


def _due(session: Session, now: datetime) -> dict[int, list[Post]]:
    """What stands outside of the order: due already, going out, or put aside.

    Each part of the union reads one index.
    """
    which = union(
        select(Post.id).where(SCHEDULED, Post.due_at <= now),
        select(Post.id).where(PUT_ASIDE),
        select(Post.id).where(
            TROUBLE,
            Post.state == State.IN_REVIEW,
            or_(Post.due_at <= now, Post.triage.is_not(None)),
        ),
        select(Post.id).where(Post.lease_until.is_not(None), Post.state.in_(LEASED)),
    )
    query = select(Post).where(Post.id.in_(which), Post.due_at.is_not(None))
    found: dict[int, list[Post]] = defaultdict(list)
    for post in session.scalars(load_for_list(query).order_by(*ORDER)):
        found[post.channel_id].append(post)
    return found


def _planned(session: Session, now: datetime) -> Counter[int]:
    """How many stand in each channel's order."""
    ahead = (Post.due_at > now, Post.triage.is_(None))
    in_review = select(Post.id).where(TROUBLE, Post.state == State.IN_REVIEW)
    return Counter(count_by_channel(session, SCHEDULED, *ahead)) + Counter(
        count_by_channel(session, Post.id.in_(in_review), *ahead)
    )


def _lines(
    session: Session, channel_ids: Sequence[int], now: datetime
) -> dict[int, list[Post]]:
    """What each channel's column shows of its order, many of them in one question.

    Each part of the union reads as many rows of one index as are shown.
    """
    found: dict[int, list[Post]] = defaultdict(list)
    for first in range(0, len(channel_ids), TOGETHER):
        parts = [
            select(Post.id).where(*_ahead(one, now)).order_by(*ORDER).limit(SHOWN)
            for one in channel_ids[first : first + TOGETHER]
        ]
        which = union_all(*(select(part.subquery().c.id) for part in parts))
        query = load_for_list(select(Post).where(Post.id.in_(which)).order_by(*ORDER))
        for post in session.scalars(query):
            found[post.channel_id].append(post)
    return found


def _queue(
    channel: Channel,
    line: list[Post],
    free: Iterator[datetime],
    *,
    due: list[Post],
    planned: int,
    has_slots: bool,
    holds: list[Hold],
) -> Queue:
    among = list(islice(_among(free, line, planned), 500))
    return Queue(
        channel=channel,
        due=due,
        rows=list(_rows(line, among)),
        planned=planned,
        seen=signature(line),
        next_slot=among[0] if among else None,
        has_slots=has_slots,
        holds=holds,
    )


def _among(
    free: Iterator[datetime], line: Sequence[Post], planned: int
) -> Iterator[datetime]:
    """The free slots among the posts shown, and a few after the last one."""
    last = line[-1].due_at if line else None
    behind = 0
    for at in free:
        behind += last is None or at > last
        if behind > BEHIND or (behind and planned > SHOWN):
            return
        yield at


def _rows(line: Sequence[Post], free: Sequence[datetime]) -> Iterator[Row]:
    left = list(free)
    for position, post in enumerate(line):
        at = post.due_at
        assert at is not None  # noqa: S101  # `_ahead` asked
        before = [one for one in left if one < at]
        left = left[len(before) :]
        yield from _ghosts(before)
        yield Row(at, post, position)
    yield from (Row(at) for at in left[:BEHIND])


def _ghosts(free: Sequence[datetime]) -> Iterator[Row]:
    for number, at in enumerate(free[:BETWEEN], start=1):
        yield Row(at, more=len(free) - BETWEEN if number == BETWEEN else 0)


def _held(session: Session) -> dict[str, list[Hold]]:
    """Standing holds by the number of the channel that they stop."""
    found: dict[str, list[Hold]] = defaultdict(list)
    query = select(Hold).where(Hold.scope == "channel", Hold.ended_at.is_(None))
    for hold in session.scalars(query):
        found[hold.target].append(hold)
    return found
