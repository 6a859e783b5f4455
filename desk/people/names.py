"""Names of before: those that two people share, or that no person may have."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import look_alikes
from desk.models import User
from desk.people.naming import is_reserved


def shared(session: Session) -> list[list[User]]:
    """People whom the history can't tell apart, those of each name together.

    Whoever takes a name today is refused one that is taken: these are older.
    """
    by_key: dict[str, list[User]] = defaultdict(list)
    for user in session.scalars(select(User).order_by(User.id)):
        by_key[look_alikes.key(user.name)].append(user)
    return [same for same in by_key.values() if len(same) > 1]


def reserved(session: Session) -> list[User]:
    """People who are called what the history calls the desk, or a role."""
    every = session.scalars(select(User).order_by(User.id))
    return [one for one in every if is_reserved(one.name)]
