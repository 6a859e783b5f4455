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
from desk.publishing.claiming import LEASE, live_words, too_late
from desk.publishing.sendable import intending, sendable
from desk.timekeeping import Reading

Outcome = Receipt | ConnectorError
MARGIN = timedelta(seconds=10)  # of a sending lease, past the call's deadline
IN_DOUBT = (None, "unknown")
OFF_THE_QUEUE = (State.DRAFT, State.IN_REVIEW, State.MISSED, State.CANCELLED)
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
    intending(session)
    moved = session.execute(
        update(Post)
        .where(Post.id == post_id, Post.fence == fence, Post.state == held_as)
        .where(sendable(now))
        .values(
            state=State.SENDING,
            owner=worker,
            lease_until=now + connector.deadline + MARGIN,
            pickups=0,
            looks=0,  # what was seen before this call says nothing of it
            blind_looks=0,
            reason="",
        )
        .returning(Post.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not moved:
        return None
    post = session.get_one(Post, post_id, populate_existing=True)
    attempt = _attempt(session, part_id, fence, prepared, worker, now)
    if attempt is None:  # someone else sent this part under the same fence
        post.state, post.lease_until = held_as, now + LEASE
        return None
    attempt.deadline_at = now + connector.deadline
    session.add(attempt)
    session.flush()
    note(session, post, f"Sending, try {attempt.number}.", now)
    return Intent(attempt.id, post_id, fence, prepared, read)


def _attempt(
    session: Session,
    part_id: int,
    fence: int,
    prepared: Prepared,
    worker: str,
    now: datetime,
) -> Attempt | None:
    """The next try at this part; None where it is live. The post is locked by now."""
    last = select(func.max(Attempt.number)).where(Attempt.part_id == part_id)
    query = select(Part.remote_id, last.scalar_subquery()).where(Part.id == part_id)
    remote_id, number = session.execute(query).one()
    if remote_id is not None:
        return None
    return Attempt(
        part_id=part_id,
        number=(number or 0) + 1,
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

    By fence; a receipt counts as evidence even when the fence is old, and so does
    a late refusal while the desk still wonders about that attempt.
    """
    now = db.now(session)
    post = session.get_one(Post, intent.post_id, with_for_update=True)
    attempt = session.get_one(Attempt, intent.attempt_id)
    attempt.replied_at = now
    on_time = post.fence == intent.fence and post.state == State.SENDING
    if isinstance(outcome, Receipt):
        settle_attempt(attempt, outcome)
        accept(session, post, attempt.part, outcome, now, on_time=on_time)
        return State(post.state)
    late_news = _late_news(post, attempt, outcome)
    if attempt.outcome in IN_DOUBT:
        attempt.outcome, attempt.reason = _named(outcome), outcome.reason
    if on_time and attempt.part.remote_id is not None:
        go_on(session, post, now)  # a late receipt of an earlier try settled it
    elif on_time or late_news:
        post.fence += late_news  # whoever is looking for it may stop
        _fail(session, post, attempt, outcome, connector, now)
    else:
        note(session, post, f"A late answer: {outcome.reason}", now)
    return State(post.state)


def settle_attempt(attempt: Attempt, receipt: Receipt) -> None:
    """What this attempt published is known."""
    attempt.outcome = NAMES[Receipt]
    attempt.remote_id, attempt.url = receipt.remote_id, receipt.url
    attempt.reason = " ".join(receipt.warnings)


def _late_news(post: Post, attempt: Attempt, error: ConnectorError) -> bool:
    return (
        post.state == State.UNCONFIRMED
        and attempt.outcome in IN_DOUBT
        and not isinstance(error, OutcomeUnknown)
    )


def _named(outcome: Outcome) -> str:
    return next(name for kind, name in NAMES.items() if isinstance(outcome, kind))


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
    known = part.remote_id in (None, receipt.remote_id)
    if not known and part.url != receipt.url:  # a person knows only the link
        _live_twice(session, post, receipt, now)
        return
    if _belongs_elsewhere(session, part, receipt):
        _ask_person(
            session, post, "The platform answered with another post of ours.", now
        )
        return
    part.remote_id, part.url = receipt.remote_id, receipt.url
    part.published_at = part.published_at or now
    session.flush()
    if all(other.remote_id for other in post.parts):
        _publish(session, post, receipt, now, on_time=on_time)
    elif on_time:  # a thread goes on, under the same fence and a new lease
        post.state, post.lease_until = State.CLAIMED, now + LEASE
        note(session, post, f"Part {part.position} is live.", now)
    elif post.state != State.SENDING:  # else the call in the air has its own answer
        note(session, post, f"Part {part.position} is live after all.", now)
        go_on(session, post, now)


def go_on(session: Session, post: Post, now: datetime) -> None:
    """Late evidence made a part live, and the thread has more of them."""
    if post.state in (State.UNCONFIRMED, State.SENDING):
        send_again(post, now)
        post.owner = post.lease_until = None
        note(session, post, f"{live_words(post)}; the thread goes on.", now)
    elif post.state in OFF_THE_QUEUE:  # live parts: neither missed nor cancelled
        post.state = lifecycle.move(post.state, State.FAILED)
        post.fence += 1
        post.slot_at, post.reason = None, f"{live_words(post)}."
        note(session, post, post.reason, now)


def send_again(post: Post, now: datetime) -> None:
    """What was in doubt is settled: it goes out (or on) as soon as it may."""
    post.state = State.SCHEDULED
    post.look_at, post.looks, post.needs_person = None, 0, False
    post.not_before, post.next_at = now, now
    post.fence += 1
    post.reason = ""


def _publish(
    session: Session, post: Post, receipt: Receipt, now: datetime, *, on_time: bool
) -> None:
    if post.state in (State.FAILED, *OFF_THE_QUEUE):
        post.slot_at = None  # it was free meanwhile, and may be another post's
    post.state = lifecycle.move(post.state, State.PUBLISHED)
    post.fence += 0 if on_time else 1
    post.published_at = post.published_at or now
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
    others = [other for other in attempt.part.attempts if other.id != attempt.id]
    duplicate = isinstance(error, Rejected) and error.duplicate
    if duplicate:
        _doubt_again(others)
    unknown = any(other.outcome == "unknown" for other in others)
    step = lifecycle.after(error, post.tries + 1, now, random.random(), unknown)  # noqa: S311  # jitter
    post.tries += step.counts
    if step.state is State.UNCONFIRMED:
        soonest = max(now, attempt.deadline_at) + connector.settle
        post.look_at = max(soonest, step.wait_until or soonest)
        post.resends += not step.resend
        post.fence += 1  # who was told to look before this try may not act on it
    reason = error.reason
    if duplicate and not unknown:
        reason = f"{connector.title} refuses the same text twice: change a word."
    settle(session, post, step, reason, now)


def _doubt_again(attempts: list[Attempt]) -> None:
    """The platform says that it has this already: nobody saw it, but it may be so."""
    for attempt in attempts:
        if attempt.outcome == "not there":
            attempt.outcome = "unknown"


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
    if step.state is not State.UNCONFIRMED:
        post.look_at, post.needs_person = None, False
    if step.state is State.FAILED and (live := live_words(post)):
        post.reason = f"{live}. {reason}"
    if step.state is State.SCHEDULED and step.wait_until is not None:
        post.not_before = step.wait_until
        post.next_at = max(post.next_at or step.wait_until, step.wait_until)
        if post.expires_at is not None and post.next_at >= post.expires_at:
            too_late(session, post, now)
            return
    note(session, post, post.reason, now)


def _ask_person(session: Session, post: Post, why: str, now: datetime) -> None:
    post.state = State.UNCONFIRMED
    post.owner = post.lease_until = post.look_at = None
    post.needs_person, post.reason = True, why
    note(session, post, why, now)
