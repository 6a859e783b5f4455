"""A restored backup: did a post go out that it takes for one still to go?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.base import (
    CantTell,
    ConnectorError,
    Finding,
    Found,
    NotThere,
    Receipt,
    Sought,
)
from desk import channels, db, transition
from desk.desk import Desk
from desk.engine_settings import engine
from desk.history import note
from desk.lifecycle import State
from desk.models import Part, Post
from desk.publishing import late_receipts, lookup_results, lookups, preparing
from desk.publishing.claiming import Claim
from desk.publishing.preparing import Work

NOT_SEEN = (
    "The desk looked and did not find it in the words that this database has. Look "
    "there too, then send or drop it."
)

log = structlog.get_logger(__name__)


def look_for_restored(desk: Desk, claim: Claim) -> None:
    """Ask the platform for a post that was put aside; what it shows is published."""
    with desk.db.reading() as session:
        query = select(Post).where(
            lookup_results.look_counts(claim), Post.state != State.UNCONFIRMED
        )
        post = session.scalar(query.options(*preparing.LOADED))
        work = preparing.work_on(desk, claim, post, db.now(session)) if post else None
    if work is None:
        return
    finding = _found_out(desk, work)
    with desk.db.writing() as session:
        _settle(session, work, finding, db.now(session))


def _found_out(desk: Desk, work: Work) -> Finding:
    """By the very bytes that would be sent: nothing goes out before its time."""
    try:
        speaking = replace(work, connector=channels.speaking(desk, work.post.channel))
        prepared = preparing.prepare(desk, speaking)
    except ConnectorError as error:
        return CantTell.by(error)
    since = work.post.due_at or work.post.created_at
    until = since + speaking.connector.deadline
    sought = Sought(prepared, since, until, of=str(work.part.id))
    return lookups.look_at_account(desk, speaking.connector, work.channel_id, [sought])[
        0
    ]


def _settle(session: Session, work: Work, finding: Finding, now: datetime) -> None:
    query = select(Post).where(lookup_results.look_counts(work.claim))
    post = session.scalar(query.with_for_update())
    if post is None:
        return  # someone decided meanwhile
    transition.raise_fence(post)  # a hint that came twice is one look
    lookup_results.keep_links(post, finding)
    part = session.get_one(Part, work.part.id)
    match finding:
        case Found(receipts=receipts):
            _found(
                session, post, part, lookups.own_receipts(session, part, receipts), now
            )
        case NotThere():
            _not_there(session, post, now)
        case CantTell():
            lookup_results.count_blind_look(session, post, work.connector, finding, now)
    found = type(finding).__name__
    log.info("looked for after a restore", post=post.id, found=found)


def _found(
    session: Session, post: Post, part: Part, ours: list[Receipt], now: datetime
) -> None:
    if not ours:
        _not_there(session, post, now)
    elif len(ours) > 1 or _twins(session, post):
        lookup_results.leave_to_person(session, post, lookup_results.SEVERAL, now)
    else:
        note(session, post, "Found on the platform: it went out before.", now)
        late_receipts.accept_receipt(session, post, part, ours[0], now, on_time=False)
        if post.state == State.SCHEDULED:
            post.look_at = now  # a thread: is its next part there too?


def _not_there(session: Session, post: Post, now: datetime) -> None:
    post.looks += 1
    if post.looks < engine.looks.clean:
        post.look_at = now + engine.looks.pause
    else:
        lookup_results.leave_to_person(session, post, NOT_SEEN, now)


def _twins(session: Session, post: Post) -> bool:
    """Whether another one says the same, and may be what was found."""
    query = select(Post.id).where(
        Post.channel_id == post.channel_id,
        Post.id != post.id,
        lookup_results.is_looked_for(),
        Post.text == post.text,
    )
    return session.scalar(query.limit(1)) is not None
