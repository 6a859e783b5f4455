"""Dispatch: each alert goes out once by each transport, and never as a storm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from desk import db
from desk.alerts.mail import Mail
from desk.alerts.rules import MOST, Alert, current_alerts
from desk.alerts.transports import NotDelivered, Transport
from desk.alerts.webhook import Webhook
from desk.desk import Desk
from desk.models import Notice, TransportState

LEASE = timedelta(minutes=3)  # of the one clock that sends by this transport
PAUSE = {"mail": timedelta(minutes=1), "webhook": timedelta(seconds=5)}
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=15)
SENT_AT = {"mail": Notice.mailed_at, "webhook": Notice.hooked_at}
BROKEN = "The desk failed while it told; see its log."

log = structlog.get_logger(__name__)


def transports(desk: Desk) -> list[Transport]:
    """Those that are set up."""
    settings, found = desk.settings, list[Transport]()
    if settings.smtp_url and settings.mail_to and settings.mail_from:
        found.append(Mail(settings))
    if settings.webhook_url and settings.webhook_secret:
        found.append(Webhook(desk))
    return found


def send_alerts(desk: Desk) -> None:
    """One round: see what is so, and tell what was not told yet."""
    found = transports(desk)
    if not found:
        return
    with desk.db.reading() as session:
        alerts = current_alerts(desk, session, db.now(session))
        changed = {one.key for one in alerts} != set(
            session.scalars(select(Notice.key))
        )
    if changed:
        with desk.db.writing() as session:
            keep(session, alerts, db.now(session))
    for transport in found:
        _send_by(desk, transport, alerts)


def keep(session: Session, alerts: Sequence[Alert], now: datetime) -> None:
    """Put down what is new; forget what is over: it is new again if it comes back."""
    session.execute(
        select(TransportState).order_by(TransportState.name).with_for_update()
    )  # one at a time
    keys = {one.key for one in alerts}
    known = set(session.scalars(select(Notice.key)))
    over = sorted(known - keys) if len(keys) < MOST else []
    for begin in range(0, len(over), 500):
        gone = Notice.key.in_(over[begin : begin + 500])
        session.execute(delete(Notice).where(gone))
    fresh = {one.key: one for one in alerts if one.key not in known}
    rows = [
        {"key": one.key, "first_at": now, "tell_at": now + one.patience}
        for one in fresh.values()
    ]
    if rows:
        session.execute(insert(Notice), rows)


def failing(session: Session) -> list[str]:
    """Why a transport reaches nobody, in sentences."""
    query = (
        select(TransportState.error)
        .where(TransportState.tries > 0)
        .order_by(TransportState.name)
    )
    return list(session.scalars(query))


def _send_by(desk: Desk, transport: Transport, alerts: Sequence[Alert]) -> None:
    with desk.db.reading() as session:
        if not _unsent(session, transport.name, db.now(session)):
            return
    with desk.db.writing() as session:
        keys = _take(session, transport.name, db.now(session))
    # since when as first seen: sent again, it is the same event
    batch = [replace(one, since=keys[one.key]) for one in alerts if one.key in keys]
    error = _sent(desk, transport, batch) if batch else ""
    with desk.db.writing() as session:
        row = session.get_one(TransportState, transport.name, with_for_update=True)
        told = [one.key for one in batch]
        _settle(session, row, told, error, db.now(session))


def _sent(desk: Desk, transport: Transport, batch: Sequence[Alert]) -> str:
    with desk.db.reading() as session:
        now = db.now(session)
    try:
        transport.send(batch, now)
    except NotDelivered as error:
        return str(error)
    except Exception:
        log.exception("an alert failed in the desk", transport=transport.name)
        return BROKEN
    return ""


def _unsent(session: Session, name: str, now: datetime) -> dict[str, datetime]:
    """What this transport has to send now, where it is free and may be used."""
    free = select(TransportState.name).where(
        TransportState.name == name,
        or_(TransportState.leased_until.is_(None), TransportState.leased_until <= now),
        or_(TransportState.not_before.is_(None), TransportState.not_before <= now),
    )
    if session.scalar(free) is None:
        return {}
    query = select(Notice.key, Notice.first_at).where(
        SENT_AT[name].is_(None), Notice.tell_at <= now
    )
    return {row.key: row.first_at for row in session.execute(query)}


def _take(session: Session, name: str, now: datetime) -> dict[str, datetime]:
    """Lease the transport, so that of several clocks one sends."""
    row = session.get_one(TransportState, name, with_for_update=True)
    keys = _unsent(session, name, now)
    if keys:
        row.leased_until = now + LEASE
        session.flush()
    return keys


def _settle(
    session: Session,
    row: TransportState,
    told: Sequence[str],
    error: str,
    now: datetime,
) -> None:
    row.leased_until, row.error = None, error
    if error:
        row.tries += 1
        wait = min(FIRST_WAIT * float(2 ** min(row.tries - 1, 10)), LONGEST_WAIT)
        row.not_before = now + wait
        log.warning("nobody could be told", transport=row.name, why=error)
        return
    if not told:
        return
    row.tries, row.last_at, row.not_before = 0, now, now + PAUSE[row.name]
    for begin in range(0, len(told), 500):
        some = Notice.key.in_(told[begin : begin + 500])
        values = {SENT_AT[row.name]: now}
        session.execute(update(Notice).where(some).values(values))
    log.info("told", transport=row.name, alerts=len(told))
