"""Sharing: an article's untouched posts, each at the next free slot of its channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import articles, channels, posts, scheduling
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post
from desk.people.actors import Actor
from desk.posts import fitness, repeats
from desk.scheduling import NextSlot, queueing


@dataclass(frozen=True)
class Plan:
    """Which drafts of an article can go out at their channel's next free slot."""

    fit: list[int] = field(default_factory=list)  # posts
    slotless: list[str] = field(default_factory=list)  # channels without a free slot
    unfit: list[str] = field(default_factory=list)  # channels that can't carry it yet


def plan(desk: Desk, session: Session, article_id: int, now: datetime) -> Plan:
    """Look at every draft of an article; those that can't go out are named."""
    articles.found(session, article_id)
    found = Plan()
    for post in _drafts(session, article_id):
        channel = channels.found(session, post.channel_id)
        slot = queueing.next_slot(session, desk, channel.id, now)
        if fitness.problems(desk, post, channel):
            found.unfit.append(channel.name)
        elif slot is None:
            found.slotless.append(channel.name)
        elif repeats.stands_against(desk, session, post, post.text, slot):
            found.unfit.append(channel.name)
        else:
            found.fit.append(post.id)
    return found


def share(
    desk: Desk,
    session: Session,
    planned: Plan,
    *,
    now: datetime,
    by: Actor,
) -> list[Post]:
    """Schedule the drafts that were found fit; what is no draft any more stays.

    Whose role may not publish asks for approval by it.
    """
    return [
        scheduling.schedule(desk, session, post_id, NextSlot(), now=now, by=by)
        for post_id in planned.fit
        if posts.found(session, post_id, lock=True).state == State.DRAFT
    ]


def _drafts(session: Session, article_id: int) -> list[Post]:
    query = select(Post).where(Post.article_id == article_id, Post.state == State.DRAFT)
    return list(session.scalars(query.order_by(Post.id)))
