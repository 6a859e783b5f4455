"""Sending: one claimed post, from its claim to the record of what came back."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, joinedload

from connectors.base import (
    Connector,
    ConnectorError,
    OutcomeUnknown,
    Prepared,
    RateLimited,
    Receipt,
    Rejected,
    Unauthorized,
    Unavailable,
)
from desk import channels, db, lifecycle
from desk.desk import Desk
from desk.failpoints import failpoint
from desk.lifecycle import State
from desk.models import Article, Part, Post
from desk.publishing import intents, records, staging
from desk.publishing.claiming import Claim, begin, give_back
from desk.publishing.intents import Intent
from desk.publishing.messages import message_of
from desk.publishing.records import Outcome
from desk.timekeeping import Reading

FROZEN = timedelta(seconds=2)  # an intent older than this is not acted on
RECORD_FOR_S = 120.0  # how long an outcome is kept in hand while the database is away

REFUSALS = (Rejected, Unauthorized, RateLimited, Unavailable)  # surely not published

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Work:
    """What a claim is about, loaded; no session is held while it is done."""

    post: Post
    part: Part
    after: Receipt | None  # of the thread's part before
    connector: Connector
    loaded_at: datetime


def publish(desk: Desk, claim: Claim, worker: str) -> None:
    """Publish every part of a claimed post that is not live yet."""
    while work := load(desk, claim):
        state = publish_part(desk, claim, work, worker)
        if state is not State.CLAIMED:
            return


def publish_part(desk: Desk, claim: Claim, work: Work, worker: str) -> State | None:
    """Make the one irreversible call for this part, and record what happened."""
    if work.post.pickups:
        with desk.db.writing() as session:
            begin(session, claim)
    try:
        work = replace(work, connector=channels.speaking(desk, work.post.channel))
        prepared = prepare(desk, work)
    except ConnectorError as error:
        return _not_ready(desk, claim, error, work.loaded_at)
    failpoint("before_intent")
    intent = _intend(desk, claim, work, prepared, worker)
    if intent is None:
        with desk.db.writing() as session:
            give_back(session, [(claim.post_id, claim.fence)])
        return None
    failpoint("after_intent")
    return call_and_record(desk, intent, work.connector)


def load(desk: Desk, claim: Claim) -> Work | None:
    """The claimed post and its next part; None where the claim no longer holds."""
    with desk.db.reading() as session:
        post = session.scalar(
            select(Post)
            .where(Post.id == claim.post_id, Post.fence == claim.fence)
            .where(Post.state == State.CLAIMED)
            .options(
                joinedload(Post.channel),
                joinedload(Post.picture),
                joinedload(Post.article).joinedload(Article.picture),
                joinedload(Post.parts).joinedload(Part.attempts),
            )
        )
        return _work(desk, post, db.now(session)) if post is not None else None


def _work(desk: Desk, post: Post, now: datetime) -> Work | None:
    connector = channels.connect(desk, post.channel)
    after = None
    for part in post.parts:
        if part.remote_id is None:
            return Work(post, part, after, connector, now)
        after = Receipt(part.remote_id, part.url or "")
    return None


def prepare(desk: Desk, work: Work) -> Prepared:
    """Everything up to the exact bytes; harmless to repeat.

    Raises one of the five errors, never `OutcomeUnknown`: nothing is published here.
    """
    try:
        message = message_of(desk, work.post, work.part)
        staged = staging.stage(desk, work.connector, work.post, work.part, message)
        at = work.post.due_at or work.post.created_at
        return work.connector.compose(message, staged, work.part.key, at, work.after)
    except OutcomeUnknown as error:
        raise Unavailable(error.reason) from error
    except (*REFUSALS, DBAPIError):
        raise
    except Exception as error:
        log.exception("a connector let an error slip", post=work.post.id)
        raise Rejected(
            "The desk could not make this post ready; see its log."
        ) from error


def _intend(
    desk: Desk, claim: Claim, work: Work, prepared: Prepared, worker: str
) -> Intent | None:
    with desk.db.writing() as session:
        return intents.intend(
            session,
            claim.post_id,
            claim.fence,
            work.part.id,
            prepared,
            work.connector,
            worker,
            Reading.of(db.now(session)),
        )


def call_and_record(desk: Desk, intent: Intent, connector: Connector) -> State:
    """The call whose intent is committed, and its outcome on record."""
    outcome = _call(connector, intent)
    failpoint("before_record")
    state = _record(desk, intent, outcome, connector)
    failpoint("after_record")
    return state


def _call(connector: Connector, intent: Intent) -> Outcome:
    """What the platform said; an escaped error is a bug and counts as unknown."""
    if intent.read.age() > FROZEN:
        return Unavailable("The desk was frozen just before sending; it sent nothing.")
    try:
        return _receipt(connector.publish(intent.prepared))
    except (*REFUSALS, OutcomeUnknown) as error:
        return error
    except Exception:
        log.exception("a connector let an error slip", attempt=intent.attempt_id)
        return OutcomeUnknown("The desk failed while it was sending; see its log.")


def _receipt(said: object) -> Receipt:
    if isinstance(said, Receipt) and said.remote_id:
        return said
    raise OutcomeUnknown("The platform's answer names no post.")


def _record(
    desk: Desk, intent: Intent, outcome: Outcome, connector: Connector
) -> State:
    """Keep the outcome in hand until the database takes it; at worst it is unknown."""
    give_up = time.monotonic() + RECORD_FOR_S
    while True:
        try:
            with desk.db.writing() as session:
                return records.record(session, intent, outcome, connector)
        except DBAPIError:
            if time.monotonic() > give_up:
                raise
            log.warning("the database is away; outcome kept", post=intent.post_id)
            time.sleep(random.uniform(0.2, 1.0))  # noqa: S311  # jitter


def _not_ready(
    desk: Desk, claim: Claim, error: ConnectorError, began: datetime
) -> State | None:
    """It could not be made ready: nothing was sent, and the post says why."""
    with desk.db.writing() as session:
        now = db.now(session)
        post = _still_ours(session, claim)
        if post is None:
            return None
        step = lifecycle.after(error, post.tries + 1, now, random.random(), False)  # noqa: S311  # jitter
        post.tries += step.counts
        post.pickups = 0
        records.settle(session, post, step, error.reason, now, began)
        return State(post.state)


def _still_ours(session: Session, claim: Claim) -> Post | None:
    return session.scalar(
        select(Post)
        .where(Post.id == claim.post_id, Post.fence == claim.fence)
        .where(Post.state == State.CLAIMED)
        .with_for_update()
    )
