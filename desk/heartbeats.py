"""Heartbeats: which processes are alive, by what they wrote last."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from desk.models import Heartbeat

EVERY = timedelta(seconds=5)
ALIVE = timedelta(seconds=15)
FORGET = timedelta(hours=1)


def name() -> str:
    """This process, as records name it."""
    return f"{socket.gethostname()}:{os.getpid()}"


def beat(session: Session, kind: str, now: datetime) -> None:
    """`kind`: what this process does, several things with a comma between."""
    session.merge(Heartbeat(name=name(), kind=kind, at=now))
    session.execute(delete(Heartbeat).where(Heartbeat.at < now - FORGET))


def stop(session: Session) -> None:
    """This process ends as it should: nobody waits for it."""
    session.execute(delete(Heartbeat).where(Heartbeat.name == name()))


def alive(session: Session, work: str, now: datetime) -> int:
    """How many processes that do this (clock, or a Celery queue) wrote lately."""
    recent = select(Heartbeat.kind).where(Heartbeat.at > now - ALIVE)
    return sum(work in kind.split(",") for kind in session.scalars(recent))
