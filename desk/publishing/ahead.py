"""Ahead: uploads made minutes before a post is due, and refusals told at once."""

from __future__ import annotations

import random
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from connectors.base import (
    Connector,
    ConnectorError,
    OutcomeUnknown,
    RateLimited,
    Unavailable,
)
from desk import channels, db, lifecycle
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Article, Part, Post
from desk.posts.history import note
from desk.publishing import gates, records, staging
from desk.publishing.messages import message_of
from desk.publishing.rescuing import PICKUPS, deaths_enough, poison

NOT_YET = "Not uploaded yet: "  # said in the history, and told before it is due

log = structlog.get_logger(__name__)


def stage_ahead(desk: Desk, post_id: int) -> None:
    """Upload what each of its parts needs. What the platform refuses is told now."""
    post = _begin(desk, post_id)
    if post is None:
        return
    with desk.db.reading() as session:
        began = db.now(session)
    try:
        connector = channels.speaking(desk, post.channel)
        with gates.through(connector, post.channel_id) as may:
            if may:  # else the clock hands it over again, within a minute
                _stage_parts(desk, connector, post, began)
    except (Unavailable, RateLimited, OutcomeUnknown) as error:
        log.info("not staged yet", post=post_id, reason=error.reason)
        _not_yet(desk, post, error)
    except ConnectorError as error:
        _refused(desk, post, error, began)
        return
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
            .where(Post.id == post_id, Post.state == State.SCHEDULED)
            .options(
                joinedload(Post.channel),
                joinedload(Post.picture),
                joinedload(Post.article).joinedload(Article.picture),
                joinedload(Post.parts).joinedload(Part.attempts),
            )
            .with_for_update(of=Post)
        )
        if post is None:
            return None
        now = db.now(session)
        if post.pickups >= PICKUPS and post.pickups >= deaths_enough(session, now):
            poison(session, post, now)
            return None
        post.pickups += 1
        return post


def _not_yet(desk: Desk, post: Post, error: ConnectorError) -> None:
    with desk.db.writing() as session:
        row = session.get_one(Post, post.id)
        if row.state == State.SCHEDULED and row.revision == post.revision:
            note(session, row, f"{NOT_YET}{error.reason}", db.now(session))


def _done(desk: Desk, post: Post) -> None:
    with desk.db.writing() as session:
        row = session.get_one(Post, post.id, with_for_update=True)
        row.pickups = max(0, row.pickups - 1)


def _refused(desk: Desk, post: Post, error: ConnectorError, began: datetime) -> None:
    with desk.db.writing() as session:
        row = session.get_one(Post, post.id, with_for_update=True)
        if row.state != State.SCHEDULED or row.revision != post.revision:
            return
        now = db.now(session)
        step = lifecycle.after(error, row.tries + 1, now, random.random(), False)  # noqa: S311  # jitter
        row.pickups = 0
        row.fence += 1
        note(session, row, "Refused ahead of its time.", now)
        records.settle(session, row, step, error.reason, now, began)
