"""The calendar: what stands in a range of time, and the drafts without a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, literal_column, select, union
from sqlalchemy.orm import Session, joinedload, load_only

from desk import channels, preferences, slots
from desk.calendar_days import Span, too_close
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Article, Channel, Post
from desk.models.posts import DRAFT
from desk.posts.loading import with_copies
from desk.scheduling import moving
from desk.shares.blank import ON_BLANK
from desk.slots import WeeklySlot

MOST = 2000  # posts of one range; a month of a busy group has some hundred
TRAY = 40
GONE = (State.DRAFT, State.CANCELLED)
IS_DRAFT: ColumnElement[bool] = literal_column(f"({DRAFT})")  # as its index has it
LIGHT = load_only(  # all that a tile shows, and what says whether it can be moved
    Post.channel_id,
    Post.article_id,
    Post.state,
    Post.reason,
    Post.reason_kind,
    Post.look_at,
    Post.text,
    Post.due_at,
    Post.slot_at,
    Post.published_at,
    Post.triage,
    Post.needs_person,
    Post.twice_url,
    Post.fence,
    Post.priority,
)


@dataclass(frozen=True)
class Tile:
    """A post at its time."""

    post: Post
    at: datetime
    close: bool = False  # too close to another one of its channel
    fixed: str = ""  # why it can't be moved


@dataclass(frozen=True)
class Free:
    """A slot that no post holds yet, on one or more channels."""

    at: datetime
    channels: tuple[Channel, ...]


def between(
    session: Session, since: datetime, until: datetime, channel_id: int | None = None
) -> list[Post]:
    """What went out in this time, and what is to; one query, in order.

    Each half reads the index of its own time.
    """
    out, due = Post.published_at, Post.due_at
    is_out = case((out.is_(None), 0), else_=1)  # no index is read for it
    of = select(Post.id)
    which = union(
        of.where(out >= since, out < until),
        of.where(due >= since, due < until, is_out == 0, Post.state.not_in(GONE)),
    )
    found = _light(session, Post.id.in_(which), channel_id, MOST)
    return sorted(found, key=lambda post: (_at(post), post.id))


def unscheduled(session: Session, channel_id: int | None = None) -> list[Post]:
    """Drafts that have no time, the newest first."""
    return _light(session, and_(IS_DRAFT, ~ON_BLANK), channel_id, TRAY)


def tiles(posts: Sequence[Post]) -> list[Tile]:
    """The posts as they stand in the calendar."""
    waiting = [post for post in posts if post.published_at is None]
    close = too_close([(post.id, post.channel_id, _at(post)) for post in waiting])
    return [
        Tile(post, _at(post), post.id in close, moving.fixed(post)) for post in posts
    ]


def free(
    session: Session,
    desk: Desk,
    span: Span,
    posts: Sequence[Post],
    now: datetime,
    channel_id: int | None = None,
) -> list[Free]:
    """The slots in the span that are still to come and that no post holds."""
    taken = {(p.channel_id, at) for p in posts for at in (p.slot_at, p.due_at)}
    found: dict[datetime, list[Channel]] = defaultdict(list)
    shown = [
        one for one in channels.list_channels(session) if channel_id in (None, one.id)
    ]
    weekly = channels.weekly_slots_of(session, [channel.id for channel in shown])
    zone = preferences.zone(session, desk.settings)
    for channel in shown:
        for at in _slots(weekly[channel.id], span, now, zone):
            if (channel.id, at) not in taken:
                found[at].append(channel)
    return [Free(at, tuple(whose)) for at, whose in found.items()]


def _slots(
    weekly: Iterable[WeeklySlot], span: Span, now: datetime, zone: ZoneInfo
) -> Iterator[datetime]:
    since = max(now, span.since - timedelta(seconds=1))  # a slot may be at its start
    return takewhile(lambda at: at < span.until, slots.upcoming(weekly, since, zone))


def _light(
    session: Session, which: ColumnElement[bool], channel_id: int | None, most: int
) -> list[Post]:
    query = select(Post).where(which).order_by(Post.id.desc()).limit(most)
    if channel_id is not None:
        query = query.where(Post.channel_id == channel_id)
    channel = joinedload(Post.channel).load_only(Channel.name, Channel.platform)
    article = joinedload(Post.article).load_only(Article.headline)
    return list(session.scalars(query.options(LIGHT, channel, article, with_copies())))


def _at(post: Post) -> datetime:
    """Where it stands: when it went out, else when it is due."""
    at = post.published_at or post.due_at
    if at is None:
        raise LookupError(f"post {post.id} stands at no time")
    return at
