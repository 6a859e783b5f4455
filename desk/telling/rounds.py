"""Rounds: each piece of news is told once by each way, and never as a storm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from desk import db
from desk.desk import Desk
from desk.models import Notice, Way
from desk.telling.mail import Mail
from desk.telling.news import MOST, News, now_true
from desk.telling.ways import NotTold, Ways
from desk.telling.webhook import Webhook

LEASE = timedelta(minutes=3)  # of the one clock that tells by this way
PAUSE = {"mail": timedelta(minutes=1), "webhook": timedelta(seconds=5)}
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=15)
TOLD_AT = {"mail": Notice.mailed_at, "webhook": Notice.hooked_at}
BROKEN = "The desk failed while it told; see its log."

log = structlog.get_logger(__name__)


def ways(desk: Desk) -> list[Ways]:
    """Those that are set up."""
    settings, found = desk.settings, list[Ways]()
    if settings.smtp_url and settings.mail_to and settings.mail_from:
        found.append(Mail(settings))
    if settings.webhook_url and settings.webhook_secret:
        found.append(Webhook(desk))
    return found


def tell(desk: Desk) -> None:
    """One round: see what is so, and tell what was not told yet."""
    found = ways(desk)
    if not found:
        return
    with desk.db.reading() as session:
        news = now_true(desk, session, db.now(session))
        changed = {one.key for one in news} != set(session.scalars(select(Notice.key)))
    if changed:
        with desk.db.writing() as session:
            keep(session, news, db.now(session))
    for way in found:
        _tell_by(desk, way, news)


def keep(session: Session, news: Sequence[News], now: datetime) -> None:
    """Put down what is new; forget what is over: it is news again if it comes back."""
    session.execute(select(Way).order_by(Way.name).with_for_update())  # one at a time
    keys = {one.key for one in news}
    known = set(session.scalars(select(Notice.key)))
    over = sorted(known - keys) if len(keys) < MOST else []
    for begin in range(0, len(over), 500):
        gone = Notice.key.in_(over[begin : begin + 500])
        session.execute(delete(Notice).where(gone))
    fresh = {one.key: one for one in news if one.key not in known}
    rows = [
        {"key": one.key, "first_at": now, "tell_at": now + one.patience}
        for one in fresh.values()
    ]
    if rows:
        session.execute(insert(Notice), rows)


def failing(session: Session) -> list[str]:
    """Why nobody is told by a way, in sentences."""
    query = select(Way.error).where(Way.tries > 0).order_by(Way.name)
    return list(session.scalars(query))


def _tell_by(desk: Desk, way: Ways, news: Sequence[News]) -> None:
    with desk.db.reading() as session:
        if not _untold(session, way.name, db.now(session)):
            return
    with desk.db.writing() as session:
        keys = _take(session, way.name, db.now(session))
    # since when as first seen: sent again, it is the same event
    batch = [replace(one, since=keys[one.key]) for one in news if one.key in keys]
    error = _sent(desk, way, batch) if batch else ""
    with desk.db.writing() as session:
        row = session.get_one(Way, way.name, with_for_update=True)
        told = [one.key for one in batch]
        _settle(session, row, told, error, db.now(session))


def _sent(desk: Desk, way: Ways, batch: Sequence[News]) -> str:
    with desk.db.reading() as session:
        now = db.now(session)
    try:
        way.send(batch, now)
    except NotTold as error:
        return str(error)
    except Exception:
        log.exception("telling failed in the desk", way=way.name)
        return BROKEN
    return ""


def _untold(session: Session, name: str, now: datetime) -> dict[str, datetime]:
    """What is to be told by this way now, where it is free and may be used."""
    free = select(Way.name).where(
        Way.name == name,
        or_(Way.leased_until.is_(None), Way.leased_until <= now),
        or_(Way.not_before.is_(None), Way.not_before <= now),
    )
    if session.scalar(free) is None:
        return {}
    query = select(Notice.key, Notice.first_at).where(
        TOLD_AT[name].is_(None), Notice.tell_at <= now
    )
    return {row.key: row.first_at for row in session.execute(query)}


def _take(session: Session, name: str, now: datetime) -> dict[str, datetime]:
    """Lease the way, so that of several clocks one tells."""
    row = session.get_one(Way, name, with_for_update=True)
    keys = _untold(session, name, now)
    if keys:
        row.leased_until = now + LEASE
        session.flush()
    return keys


def _settle(
    session: Session, row: Way, told: Sequence[str], error: str, now: datetime
) -> None:
    row.leased_until, row.error = None, error
    if error:
        row.tries += 1
        wait = min(FIRST_WAIT * float(2 ** min(row.tries - 1, 10)), LONGEST_WAIT)
        row.not_before = now + wait
        log.warning("nobody could be told", way=row.name, why=error)
        return
    if not told:
        return
    row.tries, row.last_at, row.not_before = 0, now, now + PAUSE[row.name]
    for begin in range(0, len(told), 500):
        some = Notice.key.in_(told[begin : begin + 500])
        values = {TOLD_AT[row.name]: now}
        session.execute(update(Notice).where(some).values(values))
    log.info("told", way=row.name, news=len(told))
