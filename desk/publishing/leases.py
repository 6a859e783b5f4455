"""Leases: kept while a post waits here, given back, and rescued when they ran out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, Select, case, select
from sqlalchemy.orm import Session

from desk import channels, transition
from desk.desk import Desk
from desk.engine_settings import engine
from desk.history import note
from desk.lifecycle import Outcome, State
from desk.models import Attempt, Part, Post
from desk.publishing import lookups
from desk.publishing.crash_counts import deaths_enough
from desk.publishing.fencing import fence_stands, lock_in_order

BATCH = 200

log = structlog.get_logger(__name__)


def held_claims(
    claims: Collection[tuple[int, int]], *also: ColumnElement[bool]
) -> Select[int]:
    """These, as long as their leases stand and nobody raised their fence."""
    query = select(Post.id).where(
        fence_stands(claims), Post.state == State.CLAIMED, *also
    )
    return lock_in_order(query)


def renew_leases(
    session: Session, claims: Collection[tuple[int, int]], worker: str, now: datetime
) -> set[tuple[int, int]]:
    """Keep the leases of what this worker holds; gives those that are still its own."""
    rows = session.execute(
        transition.renewing(
            held_claims(claims, Post.owner == worker), now + engine.claims.lease
        ).returning(Post.id, Post.fence)
    )
    return {(row.id, row.fence) for row in rows}


def give_back(session: Session, claims: Collection[tuple[int, int]]) -> int:
    """Claimed posts that we will not send: the clock may claim them again."""
    if not claims:
        return 0
    fewer = {"crash_count": case((Post.crash_count > 0, Post.crash_count - 1), else_=0)}
    back = transition.moving(
        held_claims(claims), State.CLAIMED, State.SCHEDULED, also=fewer
    ).returning(Post.id)
    return len(session.scalars(back).all())


def rescue(desk: Desk, session: Session, now: datetime) -> tuple[int, int]:
    """Free posts whose lease ran out; gives how many were (claimed, sending).

    A claimed one never touched the network. What may have been sent becomes
    unconfirmed and is never simply sent again.
    """
    late = select(Post).where(Post.lease_until < now).limit(BATCH)
    late = late.with_for_update(skip_locked=True, of=Post)
    claimed = session.scalars(late.where(Post.state == State.CLAIMED)).all()
    for post in claimed:
        _free(session, post, now)
    sending = session.scalars(late.where(Post.state == State.SENDING)).all()
    for post in sending:
        _doubt(session, post, now, channels.settle_time(desk, post.channel))
    if claimed or sending:
        going_on, in_doubt = ([post.id for post in them] for them in (claimed, sending))
        log.warning("rescued", claimed=going_on, sending=in_doubt)
    return len(claimed), len(sending)


def _free(session: Session, post: Post, now: datetime) -> None:
    """It goes on. Only what a worker held can have been the worker's death."""
    held = post.owner is not None
    transition.move(session, post, State.SCHEDULED, now)
    if held:
        post.crash_count = max(1, post.crash_count)
        _wait(session, post, now)
        note(session, post, "Its worker went silent before sending; it goes on.", now)


def _wait(session: Session, post: Post, now: datetime) -> None:
    """Who was in hand at a death goes on a little later, and the others before it.

    Workers may be dying of something else just now, and then it survives.
    """
    if not 1 < post.crash_count < deaths_enough(session, now):
        return
    wait = min(
        engine.crashes.longest_wait,
        engine.crashes.first_wait * 3.0 ** (post.crash_count - 2),
    )
    post.not_before = max(post.not_before or now, now + wait)
    post.next_at = max(post.next_at or now, post.not_before)


def _doubt(session: Session, post: Post, now: datetime, settle: timedelta) -> None:
    transition.move(session, post, State.UNCONFIRMED, now)
    post.reason = "The desk went silent while it was sending."
    post.look_at = now
    open_ = select(Attempt).join(Part).where(Part.post_id == post.id)
    for attempt in session.scalars(open_.where(Attempt.outcome.is_(None))):
        attempt.outcome = Outcome.UNKNOWN
        attempt.reason = post.reason
        soonest = max(now, attempt.deadline_at + settle)
        post.look_at = lookups.next_look_at(session, post.channel_id, soonest)
    note(session, post, post.reason, now)
