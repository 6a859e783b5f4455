"""Heartbeats: which processes are alive, by what they wrote last."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from desk.models import Heartbeat

EVERY = timedelta(seconds=5)
ALIVE = timedelta(seconds=15)
FORGET = timedelta(hours=1)


def name() -> str:
    """This process, as records name it."""
    return f"{socket.gethostname()}:{os.getpid()}"


def beat(session: Session, kind: str, now: datetime) -> None:
    session.merge(Heartbeat(name=name(), kind=kind, at=now))
    session.execute(delete(Heartbeat).where(Heartbeat.at < now - FORGET))


def stop(session: Session) -> None:
    """This process ends as it should: nobody waits for it."""
    session.execute(delete(Heartbeat).where(Heartbeat.name == name()))


def alive(session: Session, kind: str, now: datetime) -> int:
    """How many processes of this kind wrote lately."""
    recent = select(func.count()).select_from(Heartbeat)
    recent = recent.where(Heartbeat.kind == kind, Heartbeat.at > now - ALIVE)
    return session.scalar(recent) or 0
