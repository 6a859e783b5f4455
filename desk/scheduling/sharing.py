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
    found = Plan(seen=seen or {})
    for post in posts.drafts(session, article_id):
        if post.left_out:
            continue
        channel = channels.find_channel(session, post.channel_id)
        slot = queueing.next_slot(session, desk, channel.id, now)
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
    posts.hold(session, list(planned.fit))
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
