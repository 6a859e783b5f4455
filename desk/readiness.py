"""Readiness: whether this desk can publish now, and if not, why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from desk import db, heartbeats, keyring, migrating, overdue
from desk.desk import Desk
from desk.vault import Vault

NEEDED = {
    "clock": "No clock is alive: nothing is claimed.",
    "publish": "No worker is alive: the clock publishes by itself.",
}


def reasons(desk: Desk) -> list[str]:
    """What is wrong, in sentences that may be shown to anybody. None: it is ready."""
    try:
        with desk.db.reading() as session:
            if not migrating.is_current(session):
                return ["The database has the tables of another version."]
            return _reasons(session, db.now(session)) + _of_keys(session, desk.vault)
    except DBAPIError:
        return ["The database does not answer."]


def _reasons(session: Session, now: datetime) -> list[str]:
    found = [
        said
        for work, said in NEEDED.items()
        if not heartbeats.alive(session, work, now)
    ]
    late = overdue.oldest(session, now)
    if late is not None:
        found.append(
            f"A post is {late.total_seconds():.0f} s overdue, and nothing explains it."
        )
    return found


def _of_keys(session: Session, vault: Vault) -> list[str]:
    if keyring.is_foreign(session, vault):
        return ["This process does not have the keys that the secrets are sealed with."]
    if shut := len(keyring.list_shut_channels(session, vault)):
        return [f"No key opens the secrets of {shut} channels."]
    return []
