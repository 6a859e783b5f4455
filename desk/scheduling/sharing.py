"""Sharing: an article's untouched posts, each at the next free slot of its channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from desk import articles, channels, posts, scheduling
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post
from desk.people.actors import Actor
from desk.posts import Seen, reasons, repeats, validation
from desk.scheduling import NextSlot, planning, queueing
from desk.scheduling.planning import Planned


@dataclass(frozen=True)
class Plan:
    """Which drafts of an article can go out at their channel's next free slot."""

    seen: Mapping[int, Seen] = field(default_factory=dict)
    fit: dict[int, Planned] = field(default_factory=dict)  # posts, each with its slot
    on: set[int] = field(default_factory=set)  # the channels of these
    slotless: list[str] = field(default_factory=list)  # channels without a free slot
    unfit: list[str] = field(default_factory=list)  # channels that can't carry it yet
    returned: list[str] = field(default_factory=list)  # where changes were asked
    changed: list[str] = field(default_factory=list)  # not as they were seen


def plan(
    desk: Desk,
    session: Session,
    article_id: int,
    now: datetime,
    seen: Mapping[int, Seen] | None = None,
) -> Plan:
    """Look at every draft that is not left out; those that can't go out are named.

    `seen`: the drafts that the person saw, and how; None: all, as they are.
    """
    articles.find_article(session, article_id)
    return _plan(desk, session, article_id, seen, FreeSlots(desk, session, now, 1))


def plan_all(
    desk: Desk,
    session: Session,
    seen: Mapping[int, Mapping[int, Seen] | None],
    now: datetime,
) -> dict[int, Plan]:
    """The same of several articles: each gets the slots that the one before it left."""
    free = FreeSlots(desk, session, now, len(seen))
    return {one: _plan(desk, session, one, seen[one], free) for one in seen}


class FreeSlots:
    """The free slots of channels, each handed out once."""

    def __init__(self, desk: Desk, session: Session, now: datetime, most: int) -> None:
        """`most`: so many of a channel are wanted."""
        self._desk, self._session, self._now, self._most = desk, session, now, most
        self._free: dict[int, list[datetime]] = {}

    def next(self, channel_id: int) -> datetime | None:
        if channel_id not in self._free:
            self._free[channel_id] = queueing.free_slots(
                self._session, self._desk, channel_id, self._now, most=self._most
            )
        return next(iter(self._free[channel_id]), None)

    def take(self, channel_id: int) -> None:
        del self._free[channel_id][:1]


def _plan(
    desk: Desk,
    session: Session,
    article_id: int,
    seen: Mapping[int, Seen] | None,
    free: FreeSlots,
) -> Plan:
    found = Plan(seen=seen or {})
    for post in posts.drafts(session, article_id):
        if post.left_out:
            continue
        channel = channels.find_channel(session, post.channel_id)
        slot = free.next(channel.id)
        if reasons.was_sent_back(post):
            found.returned.append(channel.name)
        elif seen is not None and not (post.id in seen and seen[post.id].holds(post)):
            found.changed.append(channel.name)
        elif validation.problems(desk, post, channel):
            found.unfit.append(channel.name)
        elif slot is None:
            found.slotless.append(channel.name)
        elif repeats.stands_against(desk, session, post, post.text, slot):
            found.unfit.append(channel.name)
        else:
            found.fit[post.id] = Planned(slot, planning.fitness(post, channel))
            found.on.add(channel.id)
            free.take(channel.id)
    return found


def share(
    desk: Desk,
    session: Session,
    planned: Plan,
    *,
    now: datetime,
    by: Actor,
) -> list[Post]:
    """Schedule the drafts that were found fit; what changed since stays.

    Whose role may not publish asks for approval by it.
    """
    posts.lock_all(session, list(planned.fit))
    fit = [posts.find_post(session, post_id, lock=True) for post_id in planned.fit]
    return [
        scheduling.schedule(
            desk,
            session,
            post.id,
            NextSlot(),
            now=now,
            by=by,
            planned=planned.fit[post.id],
        )
        for post in sorted(fit, key=queueing.by_channel)
        if _still_fit(post, planned)
    ]


def _still_fit(post: Post, planned: Plan) -> bool:
    seen = planned.seen.get(post.id)
    as_seen = seen is None or seen.holds(post)
    return as_seen and post.state == State.DRAFT and not reasons.was_sent_back(post)
