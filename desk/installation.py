"""Installation: notices a restored or copied database before anything is sent."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from uuid import uuid4

import structlog
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from desk import holds, transition
from desk.lifecycle import State
from desk.models import Attempt, Hold, Installation, Post
from desk.models.channels import HoldKind
from desk.people.actors import Actor
from desk.sendable import holding

FILE = "installation.json"
JUST_NOW = timedelta(minutes=5)  # a new release takes less, and a restore takes more
# the cluster and its timeline, the database in it, the table in that
STANDS_AT = """
    SELECT concat_ws(':', system_identifier, timeline_id,
        (SELECT oid FROM pg_database WHERE datname = current_database()),
        'installation'::regclass::oid)
    FROM pg_control_system(), pg_control_checkpoint()
"""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Mark:
    """What the desk remembers outside its database."""

    uid: str
    place: str  # the folder it runs in
    attempts: int  # the highest attempt number it has made


class Seen(StrEnum):
    """What a clock makes of its database at its start, for the log."""

    NEW = "a new desk: nothing was sent from this database yet"
    SAME = "the desk that this home folder knows"
    MOVED = "the same database as a moment ago, with another home folder"
    FURTHER = "a further clock of this desk: another one is at work in its database"
    OLDER = "a restore: this database is older than the home folder knows"
    UNKNOWN = "a copy or a restore: this home folder does not know the database"


COPIES = frozenset({Seen.OLDER, Seen.UNKNOWN})


def recognise(
    session: Session, home: Path, now: datetime, *, in_company: bool = False
) -> bool:
    """Is this database the one that it seems to be? Holds everything if not.

    Called once by every clock at its start, before it claims anything. `in_company`:
    another clock's heartbeat moves in it, which none does in a copy.
    """
    holding(session)  # of several clocks that start at once, one after the other
    seen = _seen(session, home, now)
    if seen is Seen.UNKNOWN and in_company:
        seen = Seen.FURTHER
    if seen in COPIES:
        log.warning(f"everything is held: this is {seen}", home=str(home))
        _hold_all(session, now)
    else:
        log.info(f"this is {seen}", home=str(home))
    row = _row(session) or _begin(session, now)
    row.stands_at = _stands_at(session)
    _write(home, Mark(row.uid, _place(home), _attempts(session)))
    return seen not in COPIES


def recognised(session: Session, home: Path, now: datetime) -> bool:
    """The same question, where nothing is changed by asking."""
    return _seen(session, home, now) not in COPIES


def at_work(session: Session, now: datetime) -> None:
    """A clock of this desk is at work, or was until this moment."""
    session.execute(update(Installation).values(ran_at=now))


def _seen(session: Session, home: Path, now: datetime) -> Seen:
    row, kept, made = _row(session), _read(home), _attempts(session)
    if made == 0 and (row is None or kept is None):
        return Seen.NEW  # what sent nothing can't send it twice
    if row is None:
        return Seen.UNKNOWN
    if kept is not None and kept.uid == row.uid:
        if kept.attempts > made:
            return Seen.OLDER
        if kept.place == _place(home):
            return Seen.SAME
    return Seen.MOVED if _stayed(session, row, now) else Seen.UNKNOWN


def _stayed(session: Session, row: Installation, now: datetime) -> bool:
    """Its tables are where they were, and a clock was at work there just now.

    A dump that was loaded stands elsewhere, and a disk of yesterday was at rest since.
    """
    if row.stands_at is None or row.ran_at is None or now - row.ran_at > JUST_NOW:
        return False
    return row.stands_at == _stands_at(session)


def _stands_at(session: Session) -> str | None:
    """Where the tables stand, as only PostgreSQL can tell.

    A file of SQLite is the same wherever it is copied to.
    """
    if session.get_bind().dialect.name != "postgresql":
        return None
    try:
        with session.begin_nested():
            return str(session.scalar(text(STANDS_AT)))
    except DBAPIError:  # a server that keeps it to itself
        return None


def _row(session: Session) -> Installation | None:
    return session.scalar(select(Installation).order_by(Installation.id))


def _begin(session: Session, now: datetime) -> Installation:
    row = Installation(uid=uuid4().hex, created_at=now)
    session.add(row)
    session.flush()
    return row


def remember(session: Session, home: Path) -> None:
    """Raise the mark outside the database to what has been tried."""
    kept = _read(home)
    made = _attempts(session)
    if kept is not None and made > kept.attempts:
        _write(home, Mark(kept.uid, kept.place, made))


def _hold_all(session: Session, now: datetime) -> None:
    holds.hold(session, kind=HoldKind.COPY, by=Actor("the desk"), now=now)
    overdue = select(Post).where(
        Post.state.in_([State.SCHEDULED, State.CLAIMED]), Post.next_at <= now
    )
    overdue = overdue.order_by(Post.id).with_for_update(of=Post)
    for post in session.scalars(overdue):
        transition.move(session, post, State.SCHEDULED, now)
        holds.begin_look(session, post, now)


def copy_hold(session: Session) -> Hold | None:
    """The hold that this module set, while it stands."""
    held = holds.list_holds(session)
    return next((hold for hold in held if hold.kind == HoldKind.COPY), None)


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
