"""Reconciliation: what became of a post whose answer was lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice

import structlog
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from connectors.base import (
    CantTell,
    Class,
    Connector,
    ConnectorError,
    Finding,
    Prepared,
)
from desk import channels, db, transition
from desk.channels import circuit_breakers
from desk.desk import Desk
from desk.engine_settings import engine
from desk.lifecycle import Outcome, State
from desk.models import Channel, Part, Post
from desk.publishing import (
    concurrency,
    inline_runner,
    lookup_results,
    lookups,
    rechecking,
    restored_backup,
)
from desk.publishing.claiming import Claim
from desk.publishing.fencing import fence_stands
from desk.publishing.limiter import Lane
from desk.publishing.lookup_results import Doubt
from desk.publishing.outbox import Ready
from desk.publishing.rechecking import Again
from desk.sendable import sendable

LOOKED_FOR = 200  # attempts that one listing serves
TOGETHER = {Class.EXACT: 1, Class.WINDOW: 10}  # where the same bytes go again

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
        return (
            Plan.RESEND
            if now < first_at + window - engine.looks.window_margin
            else Plan.LOOK
        )
    return Plan.LOOK


def due_looks(
    session: Session, now: datetime, limit: int = LOOKED_FOR
) -> list[list[Claim]]:
    """Take the posts in doubt whose time to look has come; a fence for each.

    Those of one account stand together: one listing serves them all. A server that is
    left alone is not asked either.
    """
    looked_for = and_(lookup_results.is_looked_for(), Post.needs_person.is_(False))
    in_doubt = _due(Post.look_at, now, looked_for, limit)
    published = _due(Post.recheck_at, now, rechecking.may_show_up(), limit)
    by_channel: dict[int, list[Claim]] = {}
    for column, query in ((Post.look_at, in_doubt), (Post.recheck_at, published)):
        ids = session.scalars(query).all()
        if not ids:
            continue
        rows = session.execute(
            transition.fencing(ids, {column.key: now + engine.looks.lease}).returning(
                Post.id, Post.fence, Post.channel_id
            )
        )
        for row in rows:
            claims = by_channel.setdefault(row.channel_id, [])
            claims.append(Claim(row.id, row.fence))
    return [
        list(group)
        for channel_id, size in _sizes(session, by_channel).items()
        for group in _in_groups(by_channel[channel_id], size)
    ]


def _sizes(session: Session, channel_ids: Iterable[int]) -> dict[int, int]:
    """How many of a channel go together: what is sent again goes side by side."""
    once = func.coalesce(Channel.exactly_once_override, Channel.exactly_once)
    query = select(Channel.id, once).where(Channel.id.in_(list(channel_ids)))
    return {
        channel_id: TOGETHER.get(Class(told), LOOKED_FOR)
        for channel_id, told in session.execute(query)
    }


def _in_groups(claims: Sequence[Claim], size: int) -> Iterator[Sequence[Claim]]:
    for start in range(0, len(claims), size):
        yield claims[start : start + size]


def _due(
    at: InstrumentedAttribute[datetime | None],
    now: datetime,
    whose: ColumnElement[bool],
    limit: int,
) -> Select[int]:
    query = select(Post.id).where(at.is_not(None), at <= now, whose)
    # with the probe, not after it: a lost answer would shut the server off again
    query = query.where(~circuit_breakers.silent(now + engine.claims.lead))
    return query.order_by(at).limit(limit).with_for_update(skip_locked=True, of=Post)


def reconcile(desk: Desk, claims: Sequence[Claim], worker: str) -> None:
    """Find out what became of these posts of one account.

    The same bytes again where that is harmless, else one look for all of them.
    Whatever goes wrong in the desk on the way counts as a look that couldn't tell.
    """
    try:
        _find_out(desk, claims, worker)
    except DBAPIError:
        raise
    except Exception:
        log.exception(
            "reconciling failed in the desk", posts=[one.post_id for one in claims]
        )
        with desk.db.writing() as session:
            for claim in claims:
                _in_vain(session, claim, db.now(session))


def _in_vain(session: Session, claim: Claim, now: datetime) -> None:
    query = select(Post).where(lookup_results.look_counts(claim)).with_for_update()
    if (post := session.scalar(query)) is not None:
        transition.raise_fence(post)
        lookup_results.cant_tell(session, post, CantTell(lookups.BROKEN), now)
    rechecking.recheck_later(session, claim.post_id, now)


def _find_out(desk: Desk, claims: Sequence[Claim], worker: str) -> None:
    with desk.db.reading() as session:
        now = db.now(session)
        posts = _held(session, claims)
        doubts = [
            _doubt(session, desk, claim, post, now)
            for claim, post in posts
            if post.state == State.UNCONFIRMED and not post.needs_person
        ]
        awaited = rechecking.which_may_show_up(session, [post.id for _, post in posts])
        again = [
            one
            for claim, post in posts
            if post.id in awaited
            for one in rechecking.rechecks_of(claim, post)
        ]
    for claim, post in posts:
        if post.state == State.SCHEDULED and post.id not in awaited:
            restored_backup.look_for_restored(desk, claim)
    if settled := awaited - {one.post.id for one in again}:
        with desk.db.writing() as session:
            rechecking.end_rechecks(session, settled)
    if doubts or again:
        _ask(desk, posts[0][1].channel, doubts, again, worker, now)


def _held(session: Session, claims: Sequence[Claim]) -> list[tuple[Claim, Post]]:
    """The posts of these claims that nobody decided on meanwhile."""
    wanted = or_(lookup_results.is_looked_for(), rechecking.may_show_up())
    query = (
        select(Post)
        .where(fence_stands([claim.pair for claim in claims]), wanted)
        .options(
            joinedload(Post.channel), joinedload(Post.parts).joinedload(Part.attempts)
        )
    )
    by_number = {claim.post_id: claim for claim in claims}
    posts = session.scalars(query.order_by(Post.id)).unique().all()
    return [(by_number[post.id], post) for post in posts]


def _ask(
    desk: Desk,
    channel: Channel,
    doubts: Sequence[Doubt],
    again: Sequence[Again],
    worker: str,
    now: datetime,
) -> None:
    try:
        connector = channels.speaking(desk, channel)
    except ConnectorError as error:
        _settle(desk, doubts, [CantTell.by(error)] * len(doubts))
        _settle_again(desk, again, [CantTell.by(error)] * len(again))
        return
    doubts = [replace(one, connector=connector) for one in doubts]
    with concurrency.place_for_call(connector, channel.id) as may:
        if not may:
            return  # their leases run out, and they are looked at then
        ready = [one for one in doubts if _plan(one, channel, now) is Plan.RESEND]
        for one in ready:
            _resend(desk, one, worker)
        _look(desk, connector, [one for one in doubts if one not in ready], again)


def _look(
    desk: Desk, connector: Connector, doubts: Sequence[Doubt], again: Sequence[Again]
) -> None:
    """One listing for all of them."""
    asked: list[Doubt | Again] = [*doubts, *again]
    if not asked:
        return
    wanted = [sought for one in asked for sought in one.sought]
    found = iter(
        lookups.look_at_account(desk, connector, asked[0].post.channel_id, wanted)
    )
    told = [
        lookups.sum_up_findings(list(islice(found, len(one.sought)))) for one in asked
    ]
    _settle(desk, doubts, told[: len(doubts)])
    _settle_again(desk, again, told[len(doubts) :])


def _settle(desk: Desk, doubts: Sequence[Doubt], found: Sequence[Finding]) -> None:
    with desk.db.writing() as session:
        now = db.now(session)
        for one, finding in zip(doubts, found, strict=True):
            lookup_results.settle_look(session, one, finding, now)


def _settle_again(desk: Desk, again: Sequence[Again], found: Sequence[Finding]) -> None:
    with desk.db.writing() as session:
        now = db.now(session)
        for one, finding in zip(again, found, strict=True):
            rechecking.settle_recheck(session, one, finding, now)


def _plan(doubt: Doubt, channel: Channel, now: datetime) -> Plan:
    window = timedelta(seconds=channel.window_s) if channel.window_s else None
    once = channels.exactly_once(channel)
    first_at = doubt.attempts[0].intent_at
    return plan(once, first_at, window, now, doubt.may_resend)


def _doubt(
    session: Session, desk: Desk, claim: Claim, post: Post, now: datetime
) -> Doubt:
    part = next(part for part in post.parts if part.remote_id is None)
    unknown = [
        attempt for attempt in part.attempts if attempt.outcome == Outcome.UNKNOWN
    ]
    allowed = select(Post.id).where(Post.id == post.id, sendable(now))
    named = any(attempt.remote_id for attempt in unknown)
    return Doubt(
        claim,
        post,
        part,
        unknown,
        channels.connect(desk, post.channel),
        post.resends == 0
        and not named
        and len(unknown) < engine.looks.unanswered
        and session.scalar(allowed) is not None,
    )


def _resend(desk: Desk, doubt: Doubt, worker: str) -> None:
    """The same key and bytes again; an attempt of its own, on record first."""
    state = inline_runner.send_again(desk, _ready(doubt), worker)
    if state is not None:
        log.info("sent the same bytes again", post=doubt.post.id, state=state)


def _ready(doubt: Doubt) -> Ready:
    return Ready(
        doubt.claim,
        doubt.post.channel_id,
        doubt.part.id,
        doubt.post.channel.credential_version,
        Prepared(doubt.attempt.key, doubt.attempt.body),
        doubt.connector,
        Lane.of(doubt.connector, doubt.post.channel_id),
        whole=len(doubt.post.parts) == 1,
        held_as=State.UNCONFIRMED,
    )
