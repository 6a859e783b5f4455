"""Findings: what a look at the platform makes of a post whose answer was lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from connectors.base import (
    CantTell,
    Class,
    Connector,
    Finding,
    Found,
    NotThere,
    Prepared,
    Receipt,
)
from desk import channels, holds
from desk.lifecycle import State
from desk.models import Attempt, Part, Post
from desk.posts.history import note
from desk.publishing import breakers, evidence
from desk.publishing.claiming import Claim
from desk.publishing.sendable import SCHEDULED

PAUSE = timedelta(seconds=7)  # between the two clean looks
BLIND_WAIT = timedelta(seconds=30)
CLEAN = 2  # looks that saw nothing
BLIND_LOOKS = 5  # then a person decides
BROKEN = "The desk failed while it was looking; see its log."
SEVERAL = "More than one post there could be this one."

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Doubt:
    """An unconfirmed post, the attempt in doubt, and how to ask about it."""

    post: Post
    part: Part
    attempt: Attempt  # the last without an answer
    first_at: datetime  # intent of the first one with these bytes
    connector: Connector
    may_resend: bool


def looked_for() -> ColumnElement[bool]:
    """It may be live, says its state, or an older database that was put back."""
    restored = and_(SCHEDULED, Post.triage == holds.RESTORED)
    return or_(Post.state == State.UNCONFIRMED, restored)


def held_by(claim: Claim) -> ColumnElement[bool]:
    """It is the post, and this look at it still counts."""
    return and_(Post.id == claim.post_id, Post.fence == claim.fence, looked_for())


def look(
    connector: Connector, prepared: Prepared, since: datetime, post_id: int
) -> Finding:
    """What the platform shows; an error that escapes is a bug, and tells nothing."""
    try:
        return connector.find(prepared, since)
    except Exception:
        log.exception("a connector's look let an error slip", post=post_id)
        return CantTell(BROKEN)


def settle(
    session: Session, claim: Claim, doubt: Doubt, finding: Finding, now: datetime
) -> None:
    post = session.scalar(select(Post).where(held_by(claim)).with_for_update())
    if post is None:
        return  # someone decided meanwhile
    post.fence += 1  # a hint that came twice is one look
    part = session.get_one(Part, doubt.part.id)
    match finding:
        case Found(receipts=receipts):
            _found(session, post, part, receipts, doubt, now)
        case NotThere():
            _not_there(session, post, doubt, now)
        case CantTell():
            in_vain(session, post, doubt.connector, finding, now)
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
    ours_ = ours(session, part, receipts)
    if not ours_:
        _not_there(session, post, doubt, now)
    elif len(ours_) > 1 or _twins(session, post, doubt.attempt):
        ask(session, post, SEVERAL, now)
    else:
        doubt_ended = session.get_one(Attempt, doubt.attempt.id)
        evidence.settle_attempt(doubt_ended, ours_[0])
        note(session, post, "Found on the platform.", now)
        evidence.accept(session, post, part, ours_[0], now, on_time=False)


def ours(session: Session, part: Part, receipts: Sequence[Receipt]) -> list[Receipt]:
    """Those that no other post of ours is."""
    ids = [receipt.remote_id for receipt in receipts]
    urls = [receipt.url for receipt in receipts]
    known = select(Part.remote_id, Part.url).where(
        Part.channel_id == part.channel_id,
        or_(Part.remote_id.in_(ids), Part.url.in_(urls)),
    )
    settled = {name for row in session.execute(known) for name in row}
    return [one for one in receipts if not {one.remote_id, one.url} & settled]


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
    if post.looks < CLEAN:
        post.look_at = now + PAUSE  # the first was past the settle time already
        note(session, post, "Not on the platform; looking once more.", now)
    elif post.resends:
        ask(session, post, "It was sent again once, and is still not there.", now)
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


def in_vain(
    session: Session, post: Post, connector: Connector, said: CantTell, now: datetime
) -> None:
    """The silence of a server that answers nobody says nothing of this post."""
    circuit = breakers.circuit_of(connector)
    if said.away and breakers.still_silent(session, circuit, said.reason, now):
        _wait(session, post, said, now)
    else:
        cant_tell(session, post, said, now)


def cant_tell(session: Session, post: Post, said: CantTell, now: datetime) -> None:
    """A look in vain; after five of them a person decides."""
    post.blind_looks += 1
    if post.blind_looks >= BLIND_LOOKS and not _may_still_send(post, now):
        ask(session, post, f"The desk can't look: {said.reason}", now)
    else:
        _wait(session, post, said, now)


def _may_still_send(post: Post, now: datetime) -> bool:
    """Where a repeat is harmless no person is needed, unless it is too late for it."""
    harmless = channels.exactly_once(post.channel) is Class.EXACT
    return harmless and post.expires_at is not None and now < post.expires_at


def _wait(session: Session, post: Post, said: CantTell, now: datetime) -> None:
    """It is asked again later. What was told of it already is not told again."""
    told, post.reason = post.reason, said.reason
    doubled = min(max(post.blind_looks, 1), BLIND_LOOKS - 1) - 1
    post.look_at = now + BLIND_WAIT * 2**doubled
    if told != said.reason:
        note(session, post, f"Can't tell yet: {said.reason}", now)


def ask(session: Session, post: Post, why: str, now: datetime) -> None:
    """The desk looks no more: a person decides."""
    post.needs_person = post.state == State.UNCONFIRMED
    post.look_at, post.reason = None, why
    note(session, post, why, now)
