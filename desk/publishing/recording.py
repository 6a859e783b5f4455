"""Recording: what came back from the irreversible call, and where that leads."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.base import (
    ConnectorError,
    OutcomeUnknown,
    RateLimited,
    Receipt,
    Rejected,
    Unauthorized,
    Unavailable,
)
from desk import channels, db, lifecycle, transition
from desk.channels import backoff, circuit_breakers, credentials
from desk.channels.credentials import Used
from desk.engine_settings import engine
from desk.history import note
from desk.lifecycle import REFUSED, Outcome, State
from desk.models import Attempt, Channel, Post
from desk.models.posts import ReasonKind
from desk.publishing import late_receipts, lookups, maybe_live, receipts
from desk.publishing.lateness import live_words, too_late
from desk.publishing.outbox import Intent

Answer = Receipt | ConnectorError
Answered = tuple[Intent, Answer]
NAMES: dict[type[Answer], Outcome] = {
    Receipt: Outcome.PUBLISHED,
    Rejected: Outcome.REJECTED,
    Unauthorized: Outcome.UNAUTHORIZED,
    RateLimited: Outcome.RATE_LIMITED,
    Unavailable: Outcome.UNAVAILABLE,
    OutcomeUnknown: Outcome.UNKNOWN,
}


def record_outcomes(session: Session, answered: Sequence[Answered]) -> dict[int, State]:
    """Write down what came back from these calls; gives each post's state after it.

    By fence. What went as it should is written in a few statements for all of it.
    """
    now = db.now(session)
    calls = [_call(*one) for one in answered]
    circuit_breakers.count_calls(session, calls, now)
    plain = receipts.plain_receipts(session, answered)
    backoff.heed_limits(session, calls, now)
    receipts.record_receipts(session, plain, now)
    states = {intent.post_id: State.PUBLISHED for intent, _ in plain}
    done = {(intent.part_id, intent.number) for intent, _ in plain}
    others = [one for one in answered if (one[0].part_id, one[0].number) not in done]
    for intent, outcome in sorted(others, key=lambda one: one[0].channel_id):
        states[intent.post_id] = _record_one(session, intent, outcome, now)
    return states


def _call(intent: Intent, outcome: Answer) -> circuit_breakers.Call:
    return circuit_breakers.Call(
        intent.connector,
        intent.channel_id,
        intent.post_id,
        outcome,
        intent.read.at,
        intent.probing,
    )


def _record_one(
    session: Session, intent: Intent, outcome: Answer, now: datetime
) -> State:
    """The same for one post, whatever came of it.

    A receipt counts as evidence even when the fence is old, and so does a late
    refusal while the desk still wonders about that attempt.
    """
    post = session.get_one(Post, intent.post_id, with_for_update=True)
    attempt = session.scalars(
        select(Attempt).filter_by(part_id=intent.part_id, number=intent.number)
    ).one()
    attempt.replied_at = now
    on_time = post.fence == intent.fence and post.state == State.SENDING
    if isinstance(outcome, Receipt):
        late_receipts.settle_attempt(attempt, outcome)
        for name, value in receipts.rate_limit_values(outcome).items():
            setattr(attempt, name, value)
        late_receipts.accept_receipt(
            session, post, attempt.part, outcome, now, on_time=on_time
        )
        return State(post.state)
    late_news = _late_news(post, attempt, outcome)
    if attempt.outcome in maybe_live.UNANSWERED:
        attempt.outcome, attempt.reason = _named(outcome), outcome.reason
    if isinstance(outcome, OutcomeUnknown) and outcome.named:
        attempt.remote_id = outcome.named
    if on_time and attempt.part.remote_id is not None:
        late_receipts.continue_thread(
            session, post, now
        )  # an earlier try's receipt settled it
    elif on_time or late_news:
        _fail(session, post, attempt, outcome, intent, now)
    else:
        note(session, post, f"A late answer: {outcome.reason}", now)
    late_receipts.look_later(post, now)
    return State(post.state)


def _late_news(post: Post, attempt: Attempt, error: ConnectorError) -> bool:
    return (
        post.state == State.UNCONFIRMED
        and attempt.outcome in maybe_live.UNANSWERED
        and not isinstance(error, OutcomeUnknown)
    )


def _named(outcome: Answer) -> Outcome:
    return next(name for kind, name in NAMES.items() if isinstance(outcome, kind))


def _fail(
    session: Session,
    post: Post,
    attempt: Attempt,
    error: ConnectorError,
    intent: Intent,
    now: datetime,
) -> None:
    connector = intent.connector
    others = [other for other in attempt.part.attempts if other.id != attempt.id]
    duplicate = isinstance(error, Rejected) and error.duplicate
    if duplicate:
        _doubt_again(others)
    unknown = any(other.outcome == Outcome.UNKNOWN for other in others)
    called = not isinstance(error, circuit_breakers.NotCalled)
    jitter = random.random()  # noqa: S311  # no secret
    step = lifecycle.after(error, post.tries + 1, now, jitter, unknown, called)
    post.tries += step.counts
    if step.state is State.UNCONFIRMED:
        soonest = max(now, attempt.deadline_at) + connector.settle
        # a look is no post, and may find out
        wait = min(step.wait_until or soonest, now + engine.backoff.probed_every)
        post.look_at = lookups.next_look_at(
            session, post.channel_id, max(soonest, wait)
        )
        post.resends += not step.resend
    reason, kind = error.reason, _whose(attempt)
    if duplicate and not unknown:
        reason = f"{connector.title} refuses the same text twice: change a word."
        kind = ReasonKind.DESK
    used = Used(intent.credential_version, attempt.intent_at)
    settle_post(session, post, step, reason, now, used, kind)


def _whose(attempt: Attempt) -> ReasonKind:
    """Whose words say why the last try failed."""
    last = max(attempt.part.attempts, key=lambda one: one.number)
    quoted = attempt is last and attempt.outcome in REFUSED
    return ReasonKind.PLATFORM if quoted else ReasonKind.DESK


def _doubt_again(attempts: list[Attempt]) -> None:
    """The platform says that it has this already: nobody saw it, but it may be so."""
    for attempt in attempts:
        if attempt.outcome == Outcome.NOT_THERE:
            attempt.outcome = Outcome.UNKNOWN


def settle_post(
    session: Session,
    post: Post,
    step: lifecycle.Next,
    reason: str,
    now: datetime,
    used: Used,
    kind: ReasonKind = ReasonKind.DESK,
) -> None:
    """Move a post that got no receipt to where its failure leads."""
    post.reason = reason
    post.reason_kind = kind
    channel = session.get_one(Channel, post.channel_id, with_for_update=True)
    if step.stops_channel and credentials.heed_refusal(channel, used, now):
        channels.stop(channel, reason, now)
    transition.move(session, post, step.state, now)
    if step.state is State.FAILED and (live := live_words(post)):
        post.reason = f"{live}. {reason}"
    alone = step.wait_until is not None and not step.holds_channel
    if step.state is State.SCHEDULED and step.wait_until is not None and alone:
        post.not_before = step.wait_until
        post.next_at = max(post.next_at or step.wait_until, step.wait_until)
        if post.expires_at is not None and post.next_at >= post.expires_at:
            too_late(session, post, now)
            return
    note(session, post, post.reason, now)
