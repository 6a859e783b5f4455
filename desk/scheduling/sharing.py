"""Sharing: an article's untouched posts, each at the next free slot of its channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import articles, channels, scheduling
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post
from desk.posts import fitness, repeats
from desk.scheduling import NextSlot, queueing


@dataclass(frozen=True)
class Shared:
    done: list[Post] = field(default_factory=list)
    slotless: list[str] = field(default_factory=list)  # channels without a free slot
    unfit: list[str] = field(default_factory=list)  # channels that can't carry it yet


def share(
    desk: Desk,
    session: Session,
    article_id: int,
    *,
    now: datetime,
    by: str,
    needs_approval: bool = False,
) -> Shared:
    """Schedule every draft of an article that can go out; the others are named."""
    articles.found(session, article_id)
    shared = Shared()
    for post in _drafts(session, article_id):
        channel = channels.found(session, post.channel_id)
        slot = queueing.next_slot(session, desk, channel.id, now)
        if fitness.problems(desk, post, channel):
            shared.unfit.append(channel.name)
        elif slot is None:
            shared.slotless.append(channel.name)
        elif repeats.stands_against(desk, session, post, post.text, slot):
            shared.unfit.append(channel.name)
        else:
            shared.done.append(
                scheduling.schedule(
                    desk,
                    session,
                    post.id,
                    NextSlot(),
                    now=now,
                    by=by,
                    needs_approval=needs_approval,
                )
            )
    return shared


def _drafts(session: Session, article_id: int) -> list[Post]:
    query = select(Post).where(Post.article_id == article_id, Post.state == State.DRAFT)
    return list(session.scalars(query.order_by(Post.id)))
