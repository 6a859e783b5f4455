"""Reconciling: what became of a post whose answer was lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, joinedload

from connectors.base import (
    CantTell,
    Class,
    ConnectorError,
    Prepared,
)
from desk import channels, db
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Part, Post
from desk.publishing import (
    breakers,
    findings,
    gates,
    intents,
    restoring,
    sending,
)
from desk.publishing.claiming import Claim
from desk.publishing.findings import Doubt
from desk.publishing.intents import Ready
from desk.publishing.sendable import sendable
from desk.timekeeping import Reading

LOOK_LEASE = timedelta(seconds=60)
WINDOW_MARGIN = timedelta(minutes=5)
UNANSWERED = 3  # tries; sending again may be what kills us, or keeps it busy

log = structlog.get_logger(__name__)


class Plan(StrEnum):
    RESEND = "resend"  # the same bytes under the same key
    LOOK = "look"


def plan(
    exactly_once: Class,
    first_at: datetime,
    window: timedelta | None,
    now: datetime,
    may_resend: bool,
) -> Plan:
    """Sending the same bytes again is only for those who promise that it is harmless.

    And never while the post may not go out (held, too late, refused): then we look.
    """
    if not may_resend:
        return Plan.LOOK
    if exactly_once is Class.EXACT:
        return Plan.RESEND
    if exactly_once is Class.WINDOW and window is not None:
        return Plan.RESEND if now < first_at + window - WINDOW_MARGIN else Plan.LOOK
    return Plan.LOOK


def due_looks(session: Session, now: datetime, limit: int = 50) -> list[Claim]:
    """Take the posts in doubt whose time to look has come; a fence for each.

    A server that is left alone is not asked either.
    """
    ids = session.scalars(
        select(Post.id)
        .where(findings.looked_for(), Post.look_at <= now)
        .where(Post.needs_person.is_(False), ~breakers.silent(now))
        .order_by(Post.look_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Post)
    ).all()
    if not ids:
        return []
    rows = session.execute(
        update(Post)
        .where(Post.id.in_(ids))
        .values(look_at=now + LOOK_LEASE, fence=Post.fence + 1)
        .returning(Post.id, Post.fence)
        .execution_options(synchronize_session=False)
    )
    return [Claim(row.id, row.fence) for row in rows]


def reconcile(desk: Desk, claim: Claim, worker: str) -> None:
    """Find out what became of this post: send the same bytes again, or look.

    Whatever goes wrong in the desk on the way counts as a look that couldn't tell.
    """
    try:
        _find_out(desk, claim, worker)
    except DBAPIError:
        raise
    except Exception:
        log.exception("reconciling failed in the desk", post=claim.post_id)
        with desk.db.writing() as session:
            post = session.scalar(
                select(Post).where(findings.held_by(claim)).with_for_update()
            )
            if post is not None:
                post.fence += 1
                findings.cant_tell(
                    session, post, CantTell(findings.BROKEN), db.now(session)
                )


def _find_out(desk: Desk, claim: Claim, worker: str) -> None:
    with desk.db.reading() as session:
        now = db.now(session)
        doubt = _doubt(session, desk, claim, now)
    if doubt is None:
        restoring.look(desk, claim)
        return
    channel = doubt.post.channel
    try:
        doubt = replace(doubt, connector=channels.speaking(desk, channel))
    except ConnectorError as error:
        with desk.db.writing() as session:
            findings.settle(session, claim, doubt, CantTell.by(error), db.now(session))
        return
    with gates.through(doubt.connector, channel.id) as may:
        if may:  # else its lease runs out, and it is looked at then
            _ask_platform(desk, claim, doubt, worker, now)


def _ask_platform(
    desk: Desk, claim: Claim, doubt: Doubt, worker: str, now: datetime
) -> None:
    channel = doubt.post.channel
    window = timedelta(seconds=channel.window_s) if channel.window_s else None
    once = channels.exactly_once(channel)
    if plan(once, doubt.first_at, window, now, doubt.may_resend) is Plan.RESEND:
        _resend(desk, claim, doubt, worker)
        return
    finding = findings.look(
        doubt.connector, _prepared(doubt), doubt.first_at, claim.post_id
    )
    with desk.db.writing() as session:
        findings.settle(session, claim, doubt, finding, db.now(session))


def _doubt(session: Session, desk: Desk, claim: Claim, now: datetime) -> Doubt | None:
    post = session.scalar(
        select(Post)
        .where(findings.held_by(claim), Post.state == State.UNCONFIRMED)
        .options(
            joinedload(Post.channel), joinedload(Post.parts).joinedload(Part.attempts)
        )
    )
    if post is None:
        return None
    part = next(part for part in post.parts if part.remote_id is None)
    unknown = [attempt for attempt in part.attempts if attempt.outcome == "unknown"]
    allowed = select(Post.id).where(Post.id == post.id, sendable(now))
    return Doubt(
        post,
        part,
        unknown[-1],
        unknown[0].intent_at,
        channels.connect(desk, post.channel),
        post.resends == 0
        and len(unknown) < UNANSWERED
        and session.scalar(allowed) is not None,
    )


def _resend(desk: Desk, claim: Claim, doubt: Doubt, worker: str) -> None:
    """The same key and bytes again; an attempt of its own, on record first."""
    with desk.db.writing() as session:
        read = Reading.of(db.now(session))
        made = intents.intend(
            session, [_ready(claim, doubt)], worker, read, held_as=State.UNCONFIRMED
        )
    for intent in made:
        state = sending.call_and_record(desk, intent)
        log.info("sent the same bytes again", post=claim.post_id, state=state)


def _ready(claim: Claim, doubt: Doubt) -> Ready:
    return Ready(
        claim,
        doubt.post.channel_id,
        doubt.part.id,
        doubt.post.channel.credential_version,
        _prepared(doubt),
        doubt.connector,
        whole=len(doubt.post.parts) == 1,
    )


def _prepared(doubt: Doubt) -> Prepared:
    return Prepared(doubt.attempt.key, doubt.attempt.body)
