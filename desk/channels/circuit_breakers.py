"""Circuit breakers: a server that does not answer is left alone, but for one probe."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from connectors.base import (
    Connector,
    ConnectorError,
    OutcomeUnknown,
    Receipt,
    Unavailable,
)
from desk import db
from desk.catch_up import space_out
from desk.engine_settings import engine
from desk.lifecycle import REFUSED, Outcome, State
from desk.models import Attempt, Breaker, Channel, Post
from desk.models.base import Instant
from desk.sendable import FIRST, SCHEDULED, free, in_turn, waited_out

ANSWERED = (Outcome.PUBLISHED, *REFUSED)


class NotCalled(Unavailable):
    """The desk itself made no call, which says nothing of the platform."""


class Overslept(OutcomeUnknown):
    """The desk was frozen during the call, which says nothing of the platform."""


def overslept(outcome: Receipt | ConnectorError) -> Receipt | ConnectorError:
    """The same of a call during which this process was not awake all the time."""
    match outcome:
        case OutcomeUnknown(reason=reason):
            return Overslept(reason)
        case Unavailable(reason=reason):
            return NotCalled(reason)
        case _:
            return outcome


@dataclass(frozen=True)
class Call:
    """One call of a channel to its platform, and what came of it."""

    connector: Connector
    channel_id: int
    post_id: int
    outcome: Receipt | ConnectorError
    began: datetime | None = None  # None: just now
    probing: bool = False  # its channel waits for a limit, and this found out

    @property
    def circuit(self) -> str:
        return circuit_of(self.connector)

    @property
    def failed(self) -> bool:
        lost = isinstance(self.outcome, Unavailable | OutcomeUnknown)
        return lost and not self.void

    @property
    def void(self) -> bool:
        """It says nothing of the platform, for the fault is ours."""
        return isinstance(self.outcome, NotCalled | Overslept)


def circuit_of(connector: Connector) -> str:
    """What fails together: a platform, or one server of it."""
    host = connector.host
    return f"{connector.platform} at {host}" if host else connector.platform


def circuits(session: Session) -> list[str]:
    """Every server that a channel of ours is on."""
    query = select(Channel.circuit).where(Channel.retired_at.is_(None))
    return list(session.scalars(query.where(Channel.circuit != "").distinct()))


def count_calls(session: Session, calls: Sequence[Call], now: datetime) -> None:
    """Open the breaker of a server that loses most calls; any answer closes it.

    Where all is well this is one look at an empty table.
    """
    _begin(session, [call for call in calls if call.failed], now)
    circuits = {call.circuit for call in calls}
    # locked in one order, or two recorders wait for each other
    query = select(Breaker).where(Breaker.circuit.in_(circuits)).order_by(Breaker.id)
    for breaker in session.scalars(query.with_for_update()):
        mine = [call for call in calls if call.circuit == breaker.circuit]
        _replay(session, breaker, mine, now)


def send_probes(session: Session, now: datetime) -> None:
    """Let one post go to each server whose time is over, the most pressing first.

    Only one: of two clocks that look at once, the second finds the row taken, and
    whoever was let go may begin for as long as its lease runs.
    """
    in_the_air = exists().where(
        Post.id == Breaker.probe_id, Post.state == State.SENDING
    )
    over = or_(Breaker.probing_until.is_(None), Breaker.probing_until <= now)
    query = select(Breaker).where(Breaker.open_until <= now, over, ~in_the_air)
    for breaker in session.scalars(
        query.order_by(Breaker.id).with_for_update(skip_locked=True, of=Breaker)
    ).all():
        askers = _askers(now).where(Channel.circuit == breaker.circuit)
        breaker.probe_id = session.scalar(
            askers.order_by(FIRST, Post.next_at, Post.id).limit(1)
        )
        breaker.probing_until = (
            now + engine.circuit_breakers.probe_lease if breaker.probe_id else None
        )


def _askers(now: Instant) -> Select[int]:
    """Posts that would go out, did their server answer: one of them finds out."""
    query = select(Post.id).join(Channel, Channel.id == Post.channel_id)
    return query.where(SCHEDULED, free(now), waited_out(now), in_turn())


def standing_breakers(session: Session, now: datetime) -> dict[str, Breaker]:
    """Of the servers that are known to be silent, by circuit."""
    query = select(Breaker).where(known_silent(now)).order_by(Breaker.id)
    return db.ask_once(
        session,
        "standing breakers",
        lambda: {breaker.circuit: breaker for breaker in session.scalars(query)},
    )


def unasked(session: Session, now: datetime) -> list[str]:
    """Circuits that did not answer last, and may by now: the next post finds out."""
    open_ = Breaker.open_until.is_not(None)
    query = select(Breaker.circuit).where(open_, ~known_silent(now))
    return list(session.scalars(query.order_by(Breaker.id)))


def known_silent(now: Instant) -> ColumnElement[bool]:
    """The one rule for every face that calls a server silent.

    Its breaker is open, and not over with nobody to ask: that says nothing of it.
    """
    asked = _askers(now).where(Channel.circuit == Breaker.circuit).correlate(Breaker)
    probed = Breaker.probe_id.is_not(None)
    return and_(
        Breaker.open_until.is_not(None),
        or_(Breaker.open_until > now, probed, asked.exists()),
    )


def silent(now: datetime) -> ColumnElement[bool]:
    """Its channel's server is left alone for now: it is not even asked for a post."""
    left = select(Channel.id).join(Breaker, Breaker.circuit == Channel.circuit)
    return Post.channel_id.in_(left.where(Breaker.open_until > now))


def still_silent(session: Session, circuit: str, why: str, now: datetime) -> bool:
    """A look got no answer: is its server one that is left alone? It stays so then.

    A probe that is on its way has its own answer.
    """
    query = select(Breaker).where(Breaker.circuit == circuit)
    breaker = session.scalar(query.with_for_update())
    if breaker is None or breaker.open_until is None:
        return False
    if breaker.open_until <= now and breaker.probe_id is None:
        breaker.why = why
        _open(breaker, now)
    return True


def close_answered(session: Session, circuit: str, now: datetime) -> None:
    """A look was answered: the server is there, whatever it said of the post."""
    query = select(Breaker).where(Breaker.circuit == circuit)
    breaker = session.scalar(query.with_for_update())
    if breaker is None:
        return
    if breaker.open_until is not None:
        _resume(session, circuit, set(), now)
    session.delete(breaker)
    session.flush()


def server_name(breaker: Breaker, platform: str, title: str) -> str:
    """Which server it is, for people to read: "Mastodon at example.social"."""
    return f"{title}{breaker.circuit.removeprefix(platform)}"


def open_for(openings: int, jitter: float) -> timedelta:
    """How long a breaker stays open: it doubles, with full jitter on top.

    `jitter`: from 0 to 1.
    """
    doubled = engine.circuit_breakers.first_wait * float(2 ** min(openings - 1, 10))
    return min(doubled, engine.circuit_breakers.longest_wait / 2) * (1 + jitter)


def _begin(session: Session, lost: Sequence[Call], now: datetime) -> None:
    if not lost:
        return
    circuits = {call.circuit for call in lost}
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    insert: Any = sqlite.insert if on_sqlite else postgresql.insert
    rows = [{"circuit": circuit, "began_at": now} for circuit in sorted(circuits)]
    session.execute(insert(Breaker).on_conflict_do_nothing(), rows)


def _replay(
    session: Session, breaker: Breaker, calls: Sequence[Call], now: datetime
) -> None:
    """What these calls make of it, in the order in which they came back."""
    was_open = breaker.open_until is not None
    for call in calls:
        if call.failed:
            _failed(breaker, call, now)
        elif not call.void:
            _close(breaker, now)
        elif call.post_id == breaker.probe_id:
            breaker.probe_id = breaker.probing_until = None
    if breaker.open_until is None and _most_are_lost(session, breaker, calls, now):
        _open(breaker, now)
    if breaker.open_until is not None:
        _gather(session, breaker.circuit, {call.channel_id for call in calls})
        return
    if was_open:
        _resume(session, breaker.circuit, {call.channel_id for call in calls}, now)
    if not breaker.failures:
        session.delete(breaker)
        session.flush()


def _failed(breaker: Breaker, call: Call, now: datetime) -> None:
    """While it is open only the probe counts: the others left before."""
    breaker.why = str(call.outcome)
    if breaker.open_until is not None:
        if call.post_id == breaker.probe_id:
            _open(breaker, now)
        return
    began = call.began or now
    if began - breaker.began_at > engine.circuit_breakers.within:
        _close(breaker, began)
    first = not breaker.failures
    breaker.began_at = began if first else min(began, breaker.began_at)
    breaker.failures += call.post_id != breaker.last_post_id
    breaker.last_post_id = call.post_id


def _most_are_lost(
    session: Session, breaker: Breaker, calls: Sequence[Call], now: datetime
) -> bool:
    """Of the calls that began since the first of a row of lost ones.

    Answers come at once, and lost ones are given up after the deadline: where a few
    of a burst are lost, they come in a row behind all that were answered.
    """
    if breaker.failures < engine.circuit_breakers.failures:
        return False
    said = sum(
        not (call.failed or call.void) and (call.began or now) >= breaker.began_at
        for call in calls
    )
    its = select(Channel.id).where(Channel.circuit == breaker.circuit)
    query = select(func.count()).where(
        Attempt.channel_id.in_(its),
        Attempt.intent_at >= breaker.began_at,
        Attempt.outcome.in_(ANSWERED),
    )
    said += session.scalar(query) or 0
    return breaker.failures >= engine.circuit_breakers.share * (breaker.failures + said)


def _open(breaker: Breaker, now: datetime) -> None:
    breaker.openings += 1
    breaker.open_until = now + open_for(breaker.openings, random.random())  # noqa: S311  # jitter
    breaker.probe_id = breaker.probing_until = None


def _close(breaker: Breaker, now: datetime) -> None:
    """It counts anew."""
    breaker.failures = breaker.openings = 0
    breaker.began_at = now
    breaker.open_until = breaker.probing_until = None
    breaker.last_post_id = breaker.probe_id = None


def _gather(session: Session, circuit: str, channel_ids: Collection[int]) -> None:
    """These channels are in this circuit: an account may have moved since its check."""
    session.execute(
        update(Channel)
        .where(Channel.id.in_(channel_ids), Channel.circuit != circuit)
        .values(circuit=circuit)
        .execution_options(synchronize_session=False)
    )


def _resume(
    session: Session, circuit: str, probed: Collection[int], now: datetime
) -> None:
    """It answers again: what is overdue goes out spaced, as after any outage.

    `probed`: channels of which a post has gone out this moment.
    """
    overdue = (
        select(Post.channel_id)
        .join(Channel, Channel.id == Post.channel_id)
        .where(
            SCHEDULED,
            Post.due_at <= now - engine.catch_up.overdue,
            Channel.circuit == circuit,
        )
    )
    for channel_id in sorted(set(session.scalars(overdue))):
        first = engine.catch_up.gap if channel_id in probed else timedelta(0)
        space_out(session, now, channel_id, first=first)
