"""Reconciling: what became of a post whose answer was lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from sqlalchemy import Select, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, joinedload

from connectors.base import (
    CantTell,
    Class,
    Connector,
    ConnectorError,
    Finding,
    Found,
    NotThere,
    Prepared,
    Receipt,
)
from desk import channels, db
from desk.desk import Desk
from desk.history import note
from desk.lifecycle import State
from desk.models import Attempt, Part, Post
from desk.publishing import evidence, gates, intents, sending
from desk.publishing.claiming import Claim
from desk.publishing.intents import Ready
from desk.publishing.sendable import sendable
from desk.timekeeping import Reading

LOOK_LEASE = timedelta(seconds=60)
PAUSE = timedelta(seconds=10)  # between the two clean looks
WINDOW_MARGIN = timedelta(minutes=5)
BLIND_WAIT = timedelta(seconds=30)
BLIND_LOOKS = 5  # then a person decides
UNANSWERED = 3  # tries; sending again may be what kills us, or keeps it busy
BROKEN = "The desk failed while it was looking; see its log."

log = structlog.get_logger(__name__)


class Plan(StrEnum):
    RESEND = "resend"  # the same bytes under the same key
    LOOK = "look"


@dataclass(frozen=True)
class Doubt:
    """An unconfirmed post, the attempt in doubt, and how to ask about it."""

    post: Post
    part: Part
    attempt: Attempt  # the last without an answer
    first_at: datetime  # intent of the first one with these bytes
    connector: Connector
    may_resend: bool


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
    """Take the unconfirmed posts whose time to look has come; a fence for each."""
    ids = session.scalars(
        select(Post.id)
        .where(Post.state == State.UNCONFIRMED, Post.look_at <= now)
        .where(Post.needs_person.is_(False))
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
            post = session.scalar(_held_by(claim).with_for_update())
            if post is not None:
                post.fence += 1
                _cant_tell(session, post, BROKEN, db.now(session))


def _find_out(desk: Desk, claim: Claim, worker: str) -> None:
    with desk.db.reading() as session:
        now = db.now(session)
        doubt = _doubt(session, desk, claim, now)
    if doubt is None:
        return
    channel = doubt.post.channel
    try:
        doubt = replace(doubt, connector=channels.speaking(desk, channel))
    except ConnectorError as error:
        with desk.db.writing() as session:
            _settle(session, claim, doubt, CantTell(error.reason), db.now(session))
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
    finding = _look(doubt)
    with desk.db.writing() as session:
        _settle(session, claim, doubt, finding, db.now(session))


def _doubt(session: Session, desk: Desk, claim: Claim, now: datetime) -> Doubt | None:
    post = session.scalar(
        _held_by(claim).options(
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


def _held_by(claim: Claim) -> Select[Post]:
    return select(Post).where(
        Post.id == claim.post_id,
        Post.fence == claim.fence,
        Post.state == State.UNCONFIRMED,
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


def _look(doubt: Doubt) -> Finding:
    try:
        return doubt.connector.find(_prepared(doubt), doubt.first_at)
    except Exception:
        log.exception("a connector's look let an error slip", post=doubt.post.id)
        return CantTell(BROKEN)


def _settle(
    session: Session, claim: Claim, doubt: Doubt, finding: Finding, now: datetime
) -> None:
    post = session.scalar(_held_by(claim).with_for_update())
    if post is None:
        return  # someone decided meanwhile
    post.fence += 1  # a hint that came twice is one look
    part = session.get_one(Part, doubt.part.id)
    match finding:
        case Found(receipts=receipts):
            _found(session, post, part, receipts, doubt, now)
        case NotThere():
            _not_there(session, post, doubt, now)
        case CantTell(reason=reason):
            _cant_tell(session, post, reason, now)
    found = type(finding).__name__
    log.info("reconciled", post=post.id, channel=post.channel_id, found=found)


def _found(
    session: Session,
    post: Post,
    part: Part,
    receipts: tuple[Receipt, ...],
    doubt: Doubt,
    now: datetime,
) -> None:
    ids = [receipt.remote_id for receipt in receipts]
    urls = [receipt.url for receipt in receipts]
    known = select(Part.remote_id, Part.url).where(
        Part.channel_id == part.channel_id,
        or_(Part.remote_id.in_(ids), Part.url.in_(urls)),
    )
    settled = {name for row in session.execute(known) for name in row}
    ours = [one for one in receipts if not {one.remote_id, one.url} & settled]
    if not ours:
        _not_there(session, post, doubt, now)
    elif len(ours) > 1 or _twins(session, post, doubt.attempt):
        _ask(session, post, "More than one post there could be this one.", now)
    else:
        doubt_ended = session.get_one(Attempt, doubt.attempt.id)
        evidence.settle_attempt(doubt_ended, ours[0])
        note(session, post, "Found on the platform.", now)
        evidence.accept(session, post, part, ours[0], now, on_time=False)


def _twins(session: Session, post: Post, attempt: Attempt) -> bool:
    query = (
        select(Attempt.id)
        .join(Part)
        .join(Post)
        .where(Post.channel_id == post.channel_id, Post.id != post.id)
        .where(Post.state.in_((State.UNCONFIRMED, State.SENDING)))
        .where(or_(Attempt.outcome == "unknown", Attempt.outcome.is_(None)))
        .where(Attempt.digest == attempt.digest)
    )
    return session.scalar(query.limit(1)) is not None


def _not_there(session: Session, post: Post, doubt: Doubt, now: datetime) -> None:
    harmless = channels.exactly_once(post.channel) is Class.EXACT
    post.looks += 1
    if post.looks < 2:
        post.look_at = now + PAUSE  # the first was past the settle time already
        note(session, post, "Not on the platform; looking once more.", now)
    elif post.resends:
        _ask(session, post, "It was sent again once, and is still not there.", now)
    else:
        post.resends += not harmless
        _settle_attempts(session, doubt.part)
        evidence.send_again(post, now)
        note(session, post, "Twice not on the platform: it is sent again.", now)


def _settle_attempts(session: Session, part: Part) -> None:
    """The doubt is over: surely nothing was published by these."""
    session.execute(
        update(Attempt)
        .where(Attempt.part_id == part.id, Attempt.outcome == "unknown")
        .values(outcome="not there")
    )


def _cant_tell(session: Session, post: Post, reason: str, now: datetime) -> None:
    post.blind_looks += 1
    post.reason = reason
    if post.blind_looks >= BLIND_LOOKS and not _may_still_send(post, now):
        _ask(session, post, f"The desk can't look: {reason}", now)
        return
    doubled = min(post.blind_looks, BLIND_LOOKS - 1) - 1
    post.look_at = now + BLIND_WAIT * 2**doubled
    note(session, post, f"Can't tell yet: {reason}", now)


def _may_still_send(post: Post, now: datetime) -> bool:
    """Where a repeat is harmless no person is needed, unless it is too late for it."""
    harmless = channels.exactly_once(post.channel) is Class.EXACT
    return harmless and post.expires_at is not None and now < post.expires_at


def _ask(session: Session, post: Post, why: str, now: datetime) -> None:
    post.needs_person, post.look_at, post.reason = True, None, why
    note(session, post, why, now)
