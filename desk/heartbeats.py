"""Heartbeats: which processes are alive, by what they wrote last."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from desk.engine_settings import engine
from desk.models import Heartbeat


def name() -> str:
    """This process, as records name it."""
    return f"{socket.gethostname()}:{os.getpid()}"


def beat(
    session: Session,
    kind: str,
    now: datetime,
    figures: Mapping[str, int] | None = None,
    ahead: timedelta = timedelta(),  # a value that nobody can change
) -> None:
    """`kind`: what this process does, several things with a comma between.

    `figures`: what it counted since it started, and how busy it is now; `ahead`: its
    clock, of the database's.
    """
    told, skew_ms = dict(figures or {}), ahead // timedelta(milliseconds=1)
    session.merge(
        Heartbeat(name=name(), kind=kind, at=now, figures=told, skew_ms=skew_ms)
    )
    session.execute(
        delete(Heartbeat).where(Heartbeat.at < now - engine.heartbeats.forgotten)
    )


def stop(session: Session) -> None:
    """This process ends as it should: nobody waits for it."""
    session.execute(delete(Heartbeat).where(Heartbeat.name == name()))


def alive(session: Session, work: str, now: datetime) -> int:
    """How many processes that do this (clock, or a Celery queue) wrote lately."""
    recent = select(Heartbeat.kind).where(Heartbeat.at > now - engine.heartbeats.alive)
    return sum(work in kind.split(",") for kind in session.scalars(recent))


def beats(session: Session, work: str, now: datetime) -> dict[str, datetime]:
    """When each process that does this wrote last, of those that wrote lately."""
    recent = select(Heartbeat).where(Heartbeat.at > now - engine.heartbeats.alive)
    found = session.scalars(recent.execution_options(populate_existing=True))
    return {one.name: one.at for one in found if work in one.kind.split(",")}


def others(session: Session, now: datetime) -> int:
    """How many other processes wrote lately."""
    recent = select(func.count()).where(Heartbeat.at > now - engine.heartbeats.alive)
    return session.scalar(recent.where(Heartbeat.name != name())) or 0


def fell_silent(session: Session, now: datetime) -> int:
    """How many processes died lately: who ends as it should leaves no row."""
    died = Heartbeat.at.between(
        now - engine.heartbeats.lately, now - engine.heartbeats.silent
    )
    return session.scalar(select(func.count()).where(died)) or 0


def fell_silent_since(session: Session, who: str, at: datetime, now: datetime) -> bool:
    """Did this process die soon after that time? One that lives beats every 5 s."""
    row = session.get(Heartbeat, who, populate_existing=True)
    return (
        row is not None
        and row.at <= at + engine.heartbeats.before_death
        and now - at > engine.heartbeats.every + engine.heartbeats.before_death
    )


def latest(session: Session, now: datetime) -> Sequence[Heartbeat]:
    """The processes that wrote lately, with their figures."""
    recent = select(Heartbeat).where(Heartbeat.at > now - engine.heartbeats.alive)
    return session.scalars(recent.order_by(Heartbeat.name)).all()
