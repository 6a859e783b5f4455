"""Claiming: due posts are leased, handed to workers and picked up by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Integer,
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.dml import ReturningUpdate

from desk import transition
from desk.channels import backoff, circuit_breakers
from desk.engine_settings import engine
from desk.lifecycle import Priority, State
from desk.models import Channel, Post
from desk.models.base import UtcDateTime
from desk.publishing import crash_counts, ordering, quotas
from desk.publishing.fencing import read_once
from desk.publishing.leases import held_claims
from desk.sendable import SCHEDULED, free, in_turn, reachable, waited_out
from desk.transition import Lease

CLAIMED = Post.state == State.CLAIMED


@dataclass(frozen=True)
class Claim:
    """A lease on a post: whoever has an older fence may not act on it."""

    post_id: int
    fence: int
    next_at: datetime | None = None  # None: now

    @property
    def pair(self) -> tuple[int, int]:
        return self.post_id, self.fence


def claim_due(
    session: Session, now: datetime, limit: int = engine.claims.batch
) -> list[Claim]:
    """Lease posts that are due within two seconds; several clocks may do so at once.

    They have no owner until a worker picks them up.
    """
    backoff.end_waits(session, now)
    quotas.end_counted_waits(session, now)
    circuit_breakers.send_probes(session, now + engine.claims.lead)
    rows: list[Row[int, int, datetime | None, int]] = []
    for priority in Priority:  # breaking before normal before evergreen
        if len(rows) < limit:
            rows += _claim(session, priority, now, limit - len(rows))
    claimed = [(row.id, row.channel_id) for row in rows]
    wait = ordering.let_first_go(session, claimed)
    wait |= quotas.spend_quotas(
        session, [one for one in claimed if one[0] not in wait], now
    )
    return [Claim(row.id, row.fence, row.next_at) for row in rows if row.id not in wait]


def _claim(
    session: Session, priority: Priority, now: datetime, limit: int
) -> Sequence[Row[int, int, datetime | None, int]]:
    """Ahead of the due time, but not of a limit's end."""
    soon = now + engine.claims.lead
    until = soon + engine.claims.lease
    asked = {"of_class": priority, "asked_at": now, "soon": soon, "until": until}
    claimed = session.execute(_claiming(), {**asked, "at_most": limit})
    return sorted(claimed, key=_place)  # a database gives them back as it likes


@cache
def _claiming() -> ReturningUpdate[int, int, datetime | None, int]:
    """Made once: a statement of its size takes longer to make than to run."""
    now, soon, until = (
        bindparam(name, type_=UtcDateTime()) for name in ("asked_at", "soon", "until")
    )
    may = and_(free(soon), reachable(soon), waited_out(now), in_turn())
    due = (
        select(Post.id)
        .where(SCHEDULED, Post.priority == bindparam("of_class"), may)
        .order_by(Post.next_at, Post.id)
        .limit(bindparam("at_most", type_=Integer()))
        .with_for_update(skip_locked=True, of=Post)
    )
    chosen = select(read_once(due).c.id)
    return transition.moving(
        chosen, State.SCHEDULED, State.CLAIMED, Lease(until)
    ).returning(Post.id, Post.fence, Post.next_at, Post.channel_id)


def _place(row: Any) -> tuple[datetime, int]:
    """Its place among those that fall due."""
    place: tuple[datetime, int] = (row.next_at, row.id)
    return place


def pick_up(
    session: Session, claims: Sequence[tuple[int, int]], worker: str, now: datetime
) -> list[Claim]:
    """A worker takes what the clock handed over; stale fences are dropped.

    So is a hint that came twice: a claim is picked up once, and counted once. A post
    with which workers died again and again, and that never reached its intent, failed.
    """
    picked_up = session.execute(
        transition.renewing(
            held_claims(claims, Post.owner.is_(None)),
            now + engine.claims.lease,
            owner=worker,
        ).returning(Post.id, Post.fence, Post.next_at, Post.crash_count)
    )
    rows = sorted(picked_up, key=_place)
    suspects = [row.id for row in rows if row.crash_count > 1]
    poisoned = _poisoned(session, suspects, now) if suspects else set[int]()
    return [
        Claim(row.id, row.fence, row.next_at) for row in rows if row.id not in poisoned
    ]


def _poisoned(session: Session, post_ids: Sequence[int], now: datetime) -> set[int]:
    """Those that have failed now, for whoever touched them died of it."""
    enough, found = crash_counts.deaths_enough(session, now), set[int]()
    for post in session.scalars(
        select(Post).where(Post.id.in_(post_ids)),
        execution_options={"populate_existing": True},
    ):
        crash_counts.absolve(session, post, now)
        if post.crash_count >= enough:
            crash_counts.poison(session, post, now)
            found.add(post.id)
    return found


def room_for_claims(session: Session) -> int:
    """How many more claims the workers may be handed; the rest stay scheduled.

    Else a burst is leased at once, and the leases run out before anyone gets to them.
    """
    waiting = select(func.count()).where(
        Post.lease_until.is_not(None), Post.owner.is_(None), CLAIMED
    )
    return max(0, engine.claims.backlog - (session.scalar(waiting) or 0))


def stranded(session: Session, now: datetime) -> list[Claim]:
    """Claims that were handed over a second ago, and that no worker has picked up."""
    old = now + engine.claims.lead + engine.claims.lease - engine.claims.hint_lost_after
    query = (
        select(Post.id, Post.fence, Post.next_at)
        .where(Post.state == State.CLAIMED, Post.owner.is_(None))
        .where(Post.lease_until <= old)
        .order_by(Post.lease_until)
        .limit(engine.claims.batch)
    )
    return [Claim(row.id, row.fence, row.next_at) for row in session.execute(query)]


def picking_up(session: Session, now: datetime) -> bool:
    """Whether some worker picked a claim up lately, or renewed one."""
    lately = now + engine.claims.lease - engine.claims.hint_lost_after
    query = select(Post.id).where(Post.lease_until >= lately, Post.owner.is_not(None))
    query = query.where(Post.state == State.CLAIMED).limit(1)
    return session.scalar(query) is not None


def next_moment(session: Session) -> datetime | None:
    """When a post or a look is due next, or a lease or a wait runs out."""
    due, *others = session.execute(_moments()).one()
    return min(
        (at for at in (due and due - engine.claims.lead, *others) if at is not None),
        default=None,
    )


@cache
def _moments() -> Select[
    datetime | None,
    datetime | None,
    datetime | None,
    datetime | None,
    datetime | None,
]:
    """Made once: the clock asks each second, and each part reads one index entry."""
    return select(
        select(func.min(Post.next_at)).where(SCHEDULED).scalar_subquery(),
        # "is not null" as the partial indexes have it: else SQLite reads every post
        _earliest(Post.lease_until),
        _earliest(Post.look_at),
        _earliest(Post.recheck_at),
        _earliest(Channel.not_before),
    )


def _earliest(
    column: InstrumentedAttribute[datetime | None],
) -> ScalarSelect[datetime | None]:
    return select(func.min(column)).where(column.is_not(None)).scalar_subquery()
