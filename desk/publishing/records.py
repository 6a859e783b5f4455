"""Records: the intent before the irreversible call, and the outcome after it."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

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
from desk.history import note
from desk.lifecycle import State
from desk.models import Attempt, Channel, Part, Post
from desk.publishing.claiming import LEASE, too_late
from desk.publishing.sendable import sendable
from desk.timekeeping import Reading

Outcome = Receipt | ConnectorError
MARGIN = timedelta(seconds=10)  # of a sending lease, past the call's deadline
NAMES: dict[type[Outcome], str] = {
    Receipt: "published",
    Rejected: "rejected",
    Unauthorized: "unauthorized",
    RateLimited: "rate limited",
    Unavailable: "unavailable",
    OutcomeUnknown: "unknown",
}


@dataclass(frozen=True)
class Intent:
    """A committed promise to make one call now, and what it will send."""

    attempt_id: int
    post_id: int
    fence: int
    prepared: Prepared
    read: Reading  # when it was made, by a clock that can't be set


def intend(
    session: Session,
    post_id: int,
    fence: int,
    part_id: int,
    prepared: Prepared,
    connector: Connector,
    worker: str,
    read: Reading,
    held_as: State = State.CLAIMED,
) -> Intent | None:
    """Put the attempt on record, or learn that the post may not go out.

    None: someone edited, cancelled, held or claimed it again, so nothing is sent.
    Commits with the caller's transaction; only then may the call be made.
    """
    now = read.at
    moved = session.execute(
        update(Post)
        .where(Post.id == post_id, Post.fence == fence, Post.state == held_as)
        .where(sendable(now))
        .values(
            state=State.SENDING,
            owner=worker,
            lease_until=now + connector.deadline + MARGIN,
            pickups=0,
            reason="",
        )
        .returning(Post.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not moved:
        return None
    attempt = _attempt(session, part_id, fence, prepared, worker, now)
    attempt.deadline_at = now + connector.deadline
    session.add(attempt)
    session.flush()
    post = session.get_one(Post, post_id, populate_existing=True)
    note(session, post, f"Sending, try {attempt.number}.", now)
    return Intent(attempt.id, post_id, fence, prepared, read)


def _attempt(
    session: Session,
    part_id: int,
    fence: int,
    prepared: Prepared,
    worker: str,
    now: datetime,
) -> Attempt:
    last = select(func.max(Attempt.number)).where(Attempt.part_id == part_id)
    return Attempt(
        part_id=part_id,
        number=(session.scalar(last) or 0) + 1,
        fence=fence,
        key=prepared.key,
        body=prepared.body,
        digest=hashlib.sha256(prepared.body.encode()).hexdigest(),
        worker=worker,
        intent_at=now,
    )


def record(
    session: Session, intent: Intent, outcome: Outcome, connector: Connector
) -> State:
    """Write down what came back, and move the post to where that leads.

    By fence; a receipt counts as evidence even when the fence is old.
    """
    now = db.now(session)
    post = session.get_one(Post, intent.post_id, with_for_update=True)
    attempt = session.get_one(Attempt, intent.attempt_id)
    attempt.replied_at = now
    attempt.outcome = NAMES[type(outcome)]
    on_time = post.fence == intent.fence and post.state == State.SENDING
    if isinstance(outcome, Receipt):
        attempt.remote_id, attempt.url = outcome.remote_id, outcome.url
        attempt.reason = " ".join(outcome.warnings)
        accept(session, post, attempt.part, outcome, now, on_time=on_time)
    else:
        attempt.reason = outcome.reason
        doubted = post.fence == intent.fence and post.state == State.UNCONFIRMED
        if on_time or doubted:
            _fail(session, post, attempt, outcome, connector, now)
        else:
            note(session, post, f"A late answer: {outcome.reason}", now)
    return State(post.state)


def accept(
    session: Session,
    post: Post,
    part: Part,
    receipt: Receipt,
    now: datetime,
    *,
    on_time: bool,
) -> None:
    """The platform has this part: late evidence wins in every state."""
    if part.remote_id not in (None, receipt.remote_id):
        _live_twice(session, post, receipt, now)
        return
    if _belongs_elsewhere(session, part, receipt):
        _ask_person(
            session, post, "The platform answered with another post of ours.", now
        )
        return
    part.remote_id, part.url, part.published_at = receipt.remote_id, receipt.url, now
    session.flush()
    if all(other.remote_id for other in post.parts):
        _publish(session, post, receipt, now, on_time=on_time)
    elif on_time:  # a thread goes on, under the same fence and a new lease
        post.state, post.lease_until = State.CLAIMED, now + LEASE
        note(session, post, f"Part {part.position} is live.", now)


def _publish(
    session: Session, post: Post, receipt: Receipt, now: datetime, *, on_time: bool
) -> None:
    post.state = lifecycle.move(post.state, State.PUBLISHED)
    post.fence += 0 if on_time else 1
    post.published_at = now
    post.lease_until = post.look_at = post.not_before = None
    post.needs_person, post.triage = False, None
    post.reason = " ".join(receipt.warnings)
    note(session, post, f"Published: {receipt.url}", now)


def _live_twice(session: Session, post: Post, receipt: Receipt, now: datetime) -> None:
    post.twice_url = receipt.url
    post.reason = "It is live twice: delete one of the two."
    note(session, post, f"Live twice: {receipt.url}", now)


def _belongs_elsewhere(session: Session, part: Part, receipt: Receipt) -> bool:
    query = select(Part.id).where(
        Part.channel_id == part.channel_id,
        Part.remote_id == receipt.remote_id,
        Part.id != part.id,
    )
    return session.scalar(query) is not None


def _fail(
    session: Session,
    post: Post,
    attempt: Attempt,
    error: ConnectorError,
    connector: Connector,
    now: datetime,
) -> None:
    unknown = any(
        other.outcome == "unknown" and other.id != attempt.id
        for other in attempt.part.attempts
    )
    step = lifecycle.after(error, post.tries + 1, now, random.random(), unknown)  # noqa: S311  # jitter
    post.tries += step.counts
    if step.state is State.UNCONFIRMED:
        soonest = max(now, attempt.deadline_at) + connector.settle
        post.look_at = max(soonest, step.wait_until or soonest)
        post.resends += not step.resend
    settle(session, post, step, error.reason, now)


def settle(
    session: Session, post: Post, step: lifecycle.Next, reason: str, now: datetime
) -> None:
    """Move a post that got no receipt to where its failure leads."""
    post.reason = reason
    post.owner = post.lease_until = None
    channel = session.get_one(Channel, post.channel_id, with_for_update=True)
    if step.stops_channel:
        channels.stop(channel, reason, now)
    if step.holds_channel and step.wait_until is not None:
        channel.not_before = max(channel.not_before or step.wait_until, step.wait_until)
    post.state = lifecycle.move(post.state, step.state)
    if step.state is State.SCHEDULED and step.wait_until is not None:
        post.not_before = step.wait_until
        post.next_at = max(post.next_at or step.wait_until, step.wait_until)
        if post.expires_at is not None and post.next_at >= post.expires_at:
            too_late(session, post, now)
            return
    note(session, post, reason, now)


def _ask_person(session: Session, post: Post, why: str, now: datetime) -> None:
    post.state = State.UNCONFIRMED
    post.owner = post.lease_until = post.look_at = None
    post.needs_person, post.reason = True, why
    note(session, post, why, now)
