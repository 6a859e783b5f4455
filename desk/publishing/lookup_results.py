"""Lookup results: what a look at the platform makes of a post whose answer was lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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
    Receipt,
    Sought,
)
from desk import channels, transition
from desk.channels import circuit_breakers
from desk.engine_settings import engine
from desk.history import note
from desk.lifecycle import Outcome, State
from desk.models import Attempt, Part, Post
from desk.models.posts import Triage, Unseen
from desk.publishing import late_receipts, lookups, maybe_live
from desk.publishing.claiming import Claim
from desk.sendable import SCHEDULED

SEVERAL = "More than one post there could be this one."
ANOTHERS = "What is there is another post of this desk."
TWICE_UNSEEN = "It was sent again once, and the desk found neither of the two there."

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Doubt:
    """An unconfirmed post, the attempts in doubt, and whether they may go again."""

    claim: Claim
    post: Post
    part: Part
    attempts: Sequence[Attempt]  # without an answer, oldest first
    connector: Connector
    may_resend: bool

    @property
    def attempt(self) -> Attempt:
        return self.attempts[-1]

    @property
    def sought(self) -> list[Sought]:
        return lookups.sought_of_part(self.part)


def is_looked_for() -> ColumnElement[bool]:
    """It may be live, says its state, or an older database that was put back."""
    restored = and_(SCHEDULED, Post.triage == Triage.RESTORED)
    return or_(Post.state == State.UNCONFIRMED, restored)


def desk_is_looking() -> ColumnElement[bool]:
    """The desk does so by itself now: nobody was asked yet."""
    return and_(is_looked_for(), Post.look_at.is_not(None), ~Post.needs_person)


def look_counts(claim: Claim) -> ColumnElement[bool]:
    """It is the post, and this look at it still counts."""
    return and_(Post.id == claim.post_id, Post.fence == claim.fence, is_looked_for())


def settle_look(
    session: Session, doubt: Doubt, finding: Finding, now: datetime
) -> None:
    query = select(Post).where(look_counts(doubt.claim)).with_for_update()
    post = session.scalar(query)
    if post is None:
        return  # someone decided meanwhile
    transition.raise_fence(post)  # a hint that came twice is one look
    keep_links(post, finding)
    part = session.get_one(Part, doubt.part.id)
    count_answer(session, circuit_breakers.circuit_of(doubt.connector), finding, now)
    match finding:
        case Found(receipts=receipts):
            _found(session, post, part, receipts, doubt, now)
        case NotThere():
            _not_there(session, post, doubt, now)
        case CantTell():
            count_blind_look(session, post, doubt.connector, finding, now)
    found = type(finding).__name__
    log.info("reconciled", post=post.id, channel=post.channel_id, found=found)


def count_answer(
    session: Session, circuit: str, finding: Finding, now: datetime
) -> None:
    """A list was shown: its server is there, whatever that proves of a post."""
    if not isinstance(finding, CantTell) or finding.listed:
        circuit_breakers.close_answered(session, circuit, now)


def _found(
    session: Session,
    post: Post,
    part: Part,
    receipts: tuple[Receipt, ...],
    doubt: Doubt,
    now: datetime,
) -> None:
    ours = lookups.own_receipts(session, part, receipts)
    tries = [one for one in part.attempts if one.outcome in maybe_live.MAYBE]
    if not ours:
        count_blind_look(session, post, doubt.connector, CantTell(ANOTHERS), now)
    elif len(ours) > len(tries) or _twins(session, post, doubt.attempt):
        leave_to_person(session, post, SEVERAL, now)
    else:  # tried more than once, it may be live as often
        note(session, post, "Found on the platform.", now)
        for receipt, attempt in zip(ours, reversed(tries), strict=False):
            late_receipts.settle_attempt(attempt, receipt)
            late_receipts.accept_receipt(
                session, post, part, receipt, now, on_time=False
            )


def _twins(session: Session, post: Post, attempt: Attempt) -> bool:
    query = (
        select(Attempt.id)
        .join(Part)
        .join(Post)
        .where(Post.channel_id == post.channel_id, Post.id != post.id)
        .where(Post.state.in_((State.UNCONFIRMED, State.SENDING)))
        .where(or_(Attempt.outcome == Outcome.UNKNOWN, Attempt.outcome.is_(None)))
        .where(Attempt.digest == attempt.digest)
    )
    return session.scalar(query.limit(1)) is not None


def _not_there(session: Session, post: Post, doubt: Doubt, now: datetime) -> None:
    harmless = channels.exactly_once(post.channel) is Class.EXACT
    post.looks += 1
    if post.looks < engine.looks.clean:
        # the first one was past the settle time already
        post.look_at = lookups.next_look_at(
            session, post.channel_id, now + engine.looks.pause
        )
        note(session, post, "Not seen on the platform; looking once more.", now)
    elif post.resends:
        leave_to_person(session, post, TWICE_UNSEEN, now)
    else:
        post.resends += not harmless
        _settle_attempts(session, doubt.part)
        late_receipts.send_again(session, post, now)
        note(session, post, "Twice not seen there: it is sent again.", now)


def _settle_attempts(session: Session, part: Part) -> None:
    """Nothing was published by these, as far as one can see."""
    session.execute(
        update(Attempt)
        .where(Attempt.part_id == part.id, Attempt.outcome == Outcome.UNKNOWN)
        .values(outcome=Outcome.NOT_THERE)
    )


def count_blind_look(
    session: Session, post: Post, connector: Connector, said: CantTell, now: datetime
) -> None:
    """The silence of a server that answers nobody says nothing of this post."""
    circuit = circuit_breakers.circuit_of(connector)
    if said.away and circuit_breakers.still_silent(session, circuit, said.reason, now):
        _wait(session, post, said, now)
    else:
        cant_tell(session, post, said, now)


def cant_tell(session: Session, post: Post, said: CantTell, now: datetime) -> None:
    """A look in vain; after some of them a person decides. An early one counts not."""
    post.blind_looks += not _is_early(said, now)
    enough = engine.looks.seen if said.seen else engine.looks.blind
    if post.blind_looks >= enough and not _may_still_send(post, now):
        leave_to_person(session, post, f"The desk can't tell: {said.reason}", now)
    else:
        _wait(session, post, said, now)


def _may_still_send(post: Post, now: datetime) -> bool:
    """Where a repeat is harmless no person is needed, unless it is too late for it."""
    harmless = channels.exactly_once(post.channel) is Class.EXACT
    return harmless and post.expires_at is not None and now < post.expires_at


def _wait(session: Session, post: Post, said: CantTell, now: datetime) -> None:
    """It is asked again later. What was told of it already is not told again."""
    told, post.unseen = post.unseen, _why(said, now)
    post.reason = said.reason
    doubled = min(max(post.blind_looks, 1), engine.looks.blind - 1) - 1
    wait = now + engine.looks.blind_wait * 2**doubled
    if said.again_at and _is_early(said, now):
        wait = said.again_at
    post.look_at = lookups.next_look_at(session, post.channel_id, wait)
    if told != post.unseen:
        note(session, post, f"Can't tell yet: {said.reason}", now)


def _why(said: CantTell, now: datetime) -> Unseen:
    if said.away:
        return Unseen.AWAY
    if said.seen:
        return Unseen.MAYBE
    return Unseen.EARLY if _is_early(said, now) else Unseen.UNCLEAR


def _is_early(said: CantTell, now: datetime) -> bool:
    """No look could have told by then."""
    return said.again_at is not None and said.again_at > now


def keep_links(post: Post, finding: Finding) -> None:
    """Where a person finds what may be it; a look that saw nothing takes none away."""
    match finding:
        case Found(receipts=seen) | CantTell(seen=seen) if seen:
            post.lookalikes = [one.url for one in seen]
        case NotThere():
            post.lookalikes = []


def leave_to_person(session: Session, post: Post, why: str, now: datetime) -> None:
    """The desk looks no more: a person decides."""
    post.needs_person = post.state == State.UNCONFIRMED
    post.look_at, post.reason = None, why
    note(session, post, why, now)
