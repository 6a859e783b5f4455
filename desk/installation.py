"""Installation: notices a restored or copied database before anything is sent."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk import holds
from desk.holds import COPY
from desk.lifecycle import State
from desk.models import Attempt, Hold, Installation, Post
from desk.publishing.sendable import holding

FILE = "installation.json"


@dataclass(frozen=True)
class Mark:
    """What the desk remembers outside its database."""

    uid: str
    place: str  # the folder it runs in
    attempts: int  # the highest attempt number it has made


def recognise(session: Session, home: Path, now: datetime) -> bool:
    """Is this database the one that this home knows? Holds everything if not.

    Called once by every clock at its start, before it claims anything.
    """
    holding(session)  # of several clocks that start at once, one after the other
    known = recognised(session, home)
    if not known:
        _hold_all(session, now)
    row = _row(session) or _begin(session, now)
    _write(home, Mark(row.uid, _place(home), _attempts(session)))
    return known


def recognised(session: Session, home: Path) -> bool:
    """The same question, where nothing is changed by asking."""
    row, kept, made = _row(session), _read(home), _attempts(session)
    if row is None or kept is None:
        return made == 0  # what sent nothing can't send it twice
    return _same(kept, Mark(row.uid, _place(home), made))


def _row(session: Session) -> Installation | None:
    return session.scalar(select(Installation).order_by(Installation.id))


def _begin(session: Session, now: datetime) -> Installation:
    row = Installation(uid=uuid4().hex, created_at=now)
    session.add(row)
    session.flush()
    return row


def _same(kept: Mark, current: Mark) -> bool:
    """The same database in the same folder, and no younger than we know it."""
    if (kept.uid, kept.place) != (current.uid, current.place):
        return False
    return kept.attempts <= current.attempts


def remember(session: Session, home: Path) -> None:
    """Raise the mark outside the database to what has been tried."""
    kept = _read(home)
    made = _attempts(session)
    if kept is not None and made > kept.attempts:
        _write(home, Mark(kept.uid, kept.place, made))


def _hold_all(session: Session, now: datetime) -> None:
    holds.hold(session, why=COPY, by="the desk", now=now)
    overdue = select(Post).where(
        Post.state.in_([State.SCHEDULED, State.CLAIMED]), Post.next_at <= now
    )
    for post in session.scalars(overdue.with_for_update(of=Post)):
        post.state = State.SCHEDULED
        post.owner = post.lease_until = None
        post.fence += 1
        holds.look_for(session, post, now)


def copy_hold(session: Session) -> Hold | None:
    """The hold that this module set, while it stands."""
    return next((hold for hold in holds.active(session) if hold.why == COPY), None)


def _attempts(session: Session) -> int:
    return session.scalar(select(func.max(Attempt.id))) or 0


def _place(home: Path) -> str:
    """Which folder this is: a copy has another path or another inode."""
    return f"{home.resolve()}:{home.stat().st_ino}"


def _read(home: Path) -> Mark | None:
    try:
        return Mark(**json.loads((home / FILE).read_text()))
    except (FileNotFoundError, ValueError, TypeError):  # gone, or not ours to read
        return None


def _write(home: Path, mark: Mark) -> None:
    beside = home / f"{FILE}.{os.getpid()}"
    with beside.open("w") as file:
        json.dump(asdict(mark), file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(home / FILE)
