"""Gauges: how the desk stands now, counted where an index makes it cheap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk import heartbeats, holds, overdue
from desk.channels import circuit_breakers
from desk.lifecycle import State
from desk.models import Channel, Heartbeat, Post
from desk.partial_indexes import TROUBLE
from desk.sendable import SCHEDULED

# Drafts, published and cancelled posts stand in no index by state: they would cost
# a look at every row. What is published counts as it happens (`tally`).
COUNTED = (
    State.IN_REVIEW,
    State.SCHEDULED,
    State.CLAIMED,
    State.SENDING,
    State.FAILED,
    State.MISSED,
    State.UNCONFIRMED,
)
MOST = 100_000  # that are counted of one state: a million would take a while


@dataclass(frozen=True)
class Standing:
    """How the desk stands at one moment."""

    posts: dict[str, int]  # by state
    overdue_s: float  # the oldest that nothing explains; 0: none
    held: int  # holds that stand
    stopped: int  # channels
    open_circuits: list[str]
    alive: dict[str, int]  # processes, by what they do
    processes: Sequence[Heartbeat]


def standing(session: Session, now: datetime) -> Standing:
    late = overdue.oldest(session, now)
    processes = heartbeats.latest(session, now)
    stopped = select(func.count()).where(Channel.stopped_at.is_not(None))
    works = Counter(work for one in processes for work in one.kind.split(","))
    return Standing(
        posts=_posts(session),
        overdue_s=late.total_seconds() if late else 0.0,
        held=len(holds.list_holds(session)),
        stopped=session.scalar(stopped) or 0,
        open_circuits=sorted(circuit_breakers.standing_breakers(session, now)),
        alive={work: works[work] for work in {"clock", "publish", *works}},
        processes=processes,
    )


def _posts(session: Session) -> dict[str, int]:
    """Each of these three reads one partial index."""
    counted = dict.fromkeys(COUNTED, 0)
    waiting = select(Post.id).where(SCHEDULED).limit(MOST).subquery()
    found = session.scalar(select(func.count()).select_from(waiting))
    counted[State.SCHEDULED] = found or 0
    for where in (TROUBLE, Post.lease_until.is_not(None)):
        some = select(Post.state).where(where).limit(MOST).subquery()
        query = select(some.c.state, func.count().label("posts"))
        for row in session.execute(query.group_by(some.c.state)):
            counted[State(row.state)] = row.posts
    return {str(state): posts for state, posts in counted.items()}
