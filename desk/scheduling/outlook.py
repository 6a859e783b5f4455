"""Outlook: when a post would go out on each channel, and what goes out there first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import channels, preferences, slots
from desk.desk import Desk
from desk.models import Article, Post
from desk.posts import repeats
from desk.scheduling import moving, queueing
from desk.scheduling.taking import Offer


@dataclass(frozen=True)
class Ahead:
    """A post in a slot before the free one."""

    post_id: int
    at: datetime
    title: str  # its story's, or how its text begins
    fence: int
    moves: bool  # nothing of it is going out yet


@dataclass(frozen=True)
class Outlook:
    """The next free slot of a channel, and why it is no sooner one."""

    at: datetime | None  # None: there is none
    ahead: tuple[Ahead, ...] = ()

    @property
    def first(self) -> Ahead | None:
        """Whose slot could be taken: the next one's, which moves to the free one."""
        return next((one for one in self.ahead if one.moves), None)

    @property
    def offer(self) -> Offer | None:
        """What taking that slot would do."""
        if self.first is None or self.at is None:
            return None
        return Offer(self.first.post_id, self.first.fence, self.first.at, self.at)


def outlooks(
    desk: Desk, session: Session, channel_ids: Collection[int], now: datetime
) -> dict[int, Outlook]:
    """Of each of these channels, in as many questions as for one."""
    weekly = channels.weekly_slots_of(session, channel_ids)
    free = queueing.next_slots(session, desk, channel_ids, now, weekly)
    zone = preferences.zone(session, desk.settings)
    before = {
        id_: list(_until(slots.upcoming(weekly[id_], now, zone), at)) if at else []
        for id_, at in free.items()
    }
    ahead = defaultdict[int, list[Ahead]](list)
    for channel_id, one in _planned(session, before, now):
        if one.at in before[channel_id]:
            ahead[channel_id].append(one)
    return {id_: Outlook(at, tuple(ahead[id_])) for id_, at in free.items()}


def ahead_of(
    desk: Desk, session: Session, its: Iterable[Post], now: datetime
) -> dict[int, list[Ahead]]:
    """What goes out in earlier slots of its channel than each of these, by post.

    Of those that stand in a slot: a time that somebody picked has no other reason.
    """
    in_slots = {
        post.id: (post.channel_id, post.slot_at) for post in its if post.slot_at
    }
    weekly = channels.weekly_slots_of(session, {on for on, _ in in_slots.values()})
    zone = preferences.zone(session, desk.settings)
    before: dict[int, list[datetime]] = {}
    for channel_id, slot in sorted(in_slots.values()):
        coming = slots.upcoming(weekly[channel_id], now, zone)
        before[channel_id] = list(_until(coming, slot))
    planned = [
        (on, one) for on, one in _planned(session, before, now) if one.at in before[on]
    ]
    return {
        id_: [one for on, one in planned if on == channel_id and one.at < slot]
        for id_, (channel_id, slot) in in_slots.items()
    }


def _until(coming: Iterable[datetime], at: datetime) -> Iterator[datetime]:
    return takewhile(lambda slot: slot < at, coming)


def _planned(
    session: Session, before: Mapping[int, list[datetime]], now: datetime
) -> Iterator[tuple[int, Ahead]]:
    """What these channels send until the last of these slots, the first first."""
    last = max((times[-1] for times in before.values() if times), default=None)
    if last is None:
        return
    query = (
        select(
            Post.channel_id,
            Post.id,
            Post.due_at,
            Post.text,
            Article.headline,
            Post.fence,
            Post.state,
        )
        .outerjoin(Article, Article.id == Post.article_id)
        .where(Post.channel_id.in_(id_ for id_, times in before.items() if times))
        .where(Post.due_at > now, Post.due_at <= last)
        .where(Post.state.in_(repeats.PLANNED))
        .order_by(Post.due_at, Post.id)
    )
    for channel_id, post_id, at, text, headline, fence, state in session.execute(query):
        if at is None:
            continue  # asked for above: none has no time
        title = headline or text.strip().partition("\n")[0]
        yield channel_id, Ahead(post_id, at, title, fence, state in moving.PLANNED)
