"""Queues: what each channel sends next, in order, and the free slots between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import islice

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from desk import channels, preferences, slots
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Article, Channel, Hold, Post, WorkingCopy
from desk.scheduling.moving import PLANNED

SHOWN = 60  # posts of one column; the rest are counted
BETWEEN = 2  # free slots shown between two posts; the rest are counted
BEHIND = 3  # and after the last one
WAITING = (*sorted(PLANNED), State.CLAIMED, State.SENDING)


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


def listed(session: Session, desk: Desk, now: datetime) -> list[Queue]:
    """The queue of every channel in use."""
    waiting: dict[int, list[Post]] = defaultdict(list)
    for post in session.scalars(_waiting()):
        waiting[post.channel_id].append(post)
    held = _held(session)
    return [
        _queue(session, desk, channel, waiting[channel.id], held, now)
        for channel in channels.listed(session)
    ]


def planned(waiting: Iterable[Post], now: datetime) -> list[Post]:
    """Those whose times can be exchanged: still ahead, and not put aside."""
    return [post for post in waiting if _ahead(post, now)]


def signature(line: Sequence[Post]) -> str:
    """What an order looks like: two pages with the same one show the same order."""
    told = "\n".join(f"{post.id} {post.due_at}" for post in line)
    return sha256(told.encode()).hexdigest()[:24]


def lock(session: Session, channel_id: int, now: datetime) -> list[Post]:
    """The planned posts of a channel in order; nobody else moves one meanwhile."""
    query = select(Post).where(
        Post.channel_id == channel_id, Post.state.in_(PLANNED), Post.due_at > now
    )
    found = session.scalars(
        query.order_by(Post.id).with_for_update(of=Post),  # always in the same order
        execution_options={"populate_existing": True},
    )
    return sorted(planned(found, now), key=lambda post: (post.due_at, post.id))


def _waiting() -> Select[Post]:
    return (
        select(Post)
        .where(Post.state.in_(WAITING), Post.due_at.is_not(None))
        .options(
            joinedload(Post.channel),
            joinedload(Post.article).joinedload(Article.picture),
            joinedload(Post.picture),
            defer(Post.candidates),
            defer(Post.former),
            selectinload(Post.copies).joinedload(WorkingCopy.person),
        )
        .order_by(Post.due_at, Post.id)
    )


def _ahead(post: Post, now: datetime) -> bool:
    movable = post.state in PLANNED and post.triage is None
    return movable and post.due_at is not None and post.due_at > now


def _queue(
    session: Session,
    desk: Desk,
    channel: Channel,
    waiting: list[Post],
    held: dict[str, list[Hold]],
    now: datetime,
) -> Queue:
    line = planned(waiting, now)
    weekly = channels.weekly_slots(session, channel.id)
    taken = {at for post in waiting for at in (post.slot_at, post.due_at)}
    coming = slots.upcoming(weekly, now, preferences.zone(session, desk.settings))
    free = list(islice(_free(coming, taken, line), 500))
    return Queue(
        channel=channel,
        due=[post for post in waiting if not _ahead(post, now)],
        rows=list(_rows(line, free)),
        planned=len(line),
        seen=signature(line),
        next_slot=free[0] if free else None,
        has_slots=bool(weekly),
        holds=held.get(str(channel.id), []),
    )


def _free(
    coming: Iterator[datetime], taken: set[datetime | None], line: Sequence[Post]
) -> Iterator[datetime]:
    """The free slots among the posts shown, and a few after the last one."""
    last = line[:SHOWN][-1].due_at if line else None
    behind = 0
    for at in coming:
        if at in taken:
            continue
        behind += last is None or at > last
        if behind > BEHIND or (behind and len(line) > SHOWN):
            return
        yield at


def _rows(line: Sequence[Post], free: Sequence[datetime]) -> Iterator[Row]:
    left = list(free)
    for position, post in enumerate(line[:SHOWN]):
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
