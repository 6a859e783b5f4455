"""Early uploads: made minutes before a post is due, with refusals told at once."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from connectors.base import Connector, RateLimited, Unavailable
from desk import channels, db
from desk.channels.credentials import Used
from desk.desk import Desk
from desk.engine_settings import engine
from desk.history import note
from desk.lifecycle import State
from desk.models import Article, LinkCard, Part, Post
from desk.models.posts import EventKind
from desk.posts import cards
from desk.posts.messages import message_of
from desk.publishing import concurrency, failed_preparation, staging
from desk.publishing.crash_counts import (
    absolve,
    deaths_enough,
    holder,
    poison,
)
from desk.sendable import channel_open

log = structlog.get_logger(__name__)


def upload_early(desk: Desk, post_id: int) -> None:
    """Upload what each of its parts needs. What the platform refuses is told now."""
    post = _begin(desk, post_id)
    if post is None:
        return
    with desk.db.reading() as session:
        began = db.now(session)
    try:
        connector = channels.speaking(desk, post.channel)
        cards.look_up(desk, connector, post)
        with concurrency.place_for_call(connector, post.channel_id) as may:
            if may:  # else the clock hands it over again, within a minute
                _stage_parts(desk, connector, post, began)
    except db.AWAY:
        raise
    except Exception as error:
        _tell(desk, post, error, began)
    _done(desk, post)


def _stage_parts(desk: Desk, connector: Connector, post: Post, began: datetime) -> None:
    for part in post.parts:
        if part.remote_id is None:
            message = message_of(desk, post, part)
            staging.stage(desk, connector, post, part, message, began, ahead=True)


def _begin(desk: Desk, post_id: int) -> Post | None:
    """Count it before it starts: a post that kills workers gives itself away."""
    with desk.db.writing() as session:
        post = session.scalar(
            select(Post)
            .where(Post.id == post_id, Post.state == State.SCHEDULED, channel_open())
            .options(
                joinedload(Post.channel),
                joinedload(Post.picture),
                joinedload(Post.article).joinedload(Article.picture),
                joinedload(Post.card).joinedload(LinkCard.picture),
                joinedload(Post.parts).joinedload(Part.attempts),
            )
            .with_for_update(of=Post)
        )
        if post is None:
            return None
        now = db.now(session)
        absolve(session, post, now)
        if (
            post.crash_count >= engine.crashes.enough
            and post.crash_count >= deaths_enough(session, now)
        ):
            poison(session, post, now)
            return None
        post.crash_count += 1
        post.in_hand_of, post.in_hand_at = holder(), now
        return post


def _tell(desk: Desk, post: Post, error: Exception, began: datetime) -> None:
    """What may pass is only noted; the rest leads where it would at the due time."""
    why = failed_preparation.error_of(error, post.id)
    with desk.db.writing() as session:
        row = session.get_one(Post, post.id, with_for_update=True)
        if row.state != State.SCHEDULED or row.revision != post.revision:
            return
        now = db.now(session)
        if isinstance(why, Unavailable | RateLimited):
            log.info("not staged yet", post=post.id, reason=why.reason)
            said = f"Not uploaded yet: {why.reason}"
            note(session, row, said, now, kind=EventKind.NOT_UPLOADED)
            return
        note(session, row, "Refused ahead of its time.", now)
        used = Used.of(post.channel, began)
        failed_preparation.put_back(desk, session, row, error, why, now, used)


def _done(desk: Desk, post: Post) -> None:
    with desk.db.writing() as session:
        row = session.get_one(Post, post.id, with_for_update=True)
        row.crash_count = max(0, row.crash_count - 1)
        row.in_hand_of = row.in_hand_at = None
