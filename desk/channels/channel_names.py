"""Channel names: what a channel may be called, and that nobody else is."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk import look_alikes
from desk.channels.fields import BadChannel
from desk.models import Channel

LONGEST_NAME = 60
NAMING = 8_420_2028  # PostgreSQL's advisory lock; SQLite has one writer anyway


def naming(session: Session) -> None:
    """One at a time gives a channel its name or its account, before any row is locked.

    Names are one in any letters, and accounts by what their platform says: no
    constraint knows that, so whoever looks who has which must be alone.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(NAMING)))


def refuse_taken_name(session: Session, name: str, but: int | None = None) -> None:
    if not name:
        raise BadChannel("Give the channel a name.", "name")
    if len(name) > LONGEST_NAME:
        raise BadChannel(f"A name has {LONGEST_NAME} characters at most.", "name")
    if wrong := look_alikes.flaw(name):
        raise BadChannel(wrong, "name")
    same = look_alikes.key(name)
    others = (one for one in session.scalars(select(Channel)) if one.id != but)
    taken = next((one for one in others if look_alikes.key(one.name) == same), None)
    if taken is None:
        return
    if taken.retired_at is not None:
        raise BadChannel(
            f"A retired channel is called “{taken.name}”: bring it back, or take "
            "another name.",
            "name",
        )
    raise BadChannel(f"There is a channel “{name}” already: take another name.", "name")
