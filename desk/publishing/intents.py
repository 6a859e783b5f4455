"""Intents: the commit, just before the one irreversible call, that it is made now."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from connectors.base import Connector, Prepared
from desk.history import note
from desk.lifecycle import State
from desk.models import Attempt, Part, Post
from desk.publishing.claiming import LEASE
from desk.publishing.sendable import intending, sendable
from desk.timekeeping import Reading

MARGIN = timedelta(seconds=10)  # of a sending lease, past the call's deadline


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
