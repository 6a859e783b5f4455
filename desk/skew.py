"""Skew: how far this process's clock is from the database's, by which posts go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import DBAPIError

from desk import db
from desk.db import Database
from desk.timekeeping import boot_seconds

LARGEST = timedelta(seconds=2)
SAID_EVERY_S = 600.0  # while it lasts

log = structlog.get_logger(__name__)
_said_at: float | None = None  # by the boot clock


def measure_skew(theirs: datetime) -> timedelta:
    """How far ahead our clock is of a time that was just read from the database's.

    Beyond two seconds it is said in the log, and again every ten minutes.
    """
    found = datetime.now(UTC) - theirs
    _say(found)
    return found


def check_skew(database: Database) -> None:
    """The same at the start of a process; later looks follow where it is away."""
    try:
        with database.reading() as session:
            measure_skew(db.now(session))
    except DBAPIError:
        return


def in_words(skew: timedelta) -> str:
    """Such as "12 s ahead of the database's"."""
    side = "ahead of" if skew > timedelta() else "behind"
    return f"{abs(skew.total_seconds()):.0f} s {side} the database's"


def _say(skew: timedelta) -> None:
    global _said_at
    if abs(skew) <= LARGEST:
        if _said_at is not None:
            log.info("this machine's clock and the database's agree again")
        _said_at = None
        return
    if _said_at is None or boot_seconds() - _said_at > SAID_EVERY_S:
        _said_at = boot_seconds()
        log.warning(
            f"this machine's clock is {in_words(skew)}: set both by NTP",
            ahead_s=round(skew.total_seconds(), 1),
        )
