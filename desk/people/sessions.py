"""Sessions: the browsers that a person is signed in with."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, joinedload

from desk.models import Session as SignedIn

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=1)  # a session row is not written on every click
OF_TOKEN = (  # asked on every page, and so made once
    select(SignedIn)
    .where(SignedIn.token_sha256 == bindparam("token"))
    .options(joinedload(SignedIn.user))
)
FRESH = timedelta(minutes=30)  # a sign-in: so long it counts as the old password


def begin_session(session: Session, user_id: int, agent: str, now: datetime) -> str:
    """Sign a browser in; the token goes into its cookie and nowhere else."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignedIn(
            user_id=user_id,
            token_sha256=digest_of(token),
            agent=agent[:200],
            created_at=now,
            seen_at=now,
            expires_at=now + ABSOLUTE,
        )
    )
    session.flush()
    return token


def session_of(session: Session, session_id: int) -> SignedIn:
    return session.get_one(SignedIn, session_id)


def signed_in(session: Session, token: str, now: datetime) -> SignedIn | None:
    """The open session of this token, with its user."""
    if not token:
        return None
    found = session.scalar(OF_TOKEN, {"token": digest_of(token)})
    return found if found and _is_open(found, now) else None


def _is_open(found: SignedIn, now: datetime) -> bool:
    return (
        found.revoked_at is None
        and found.expires_at > now
        and found.seen_at + IDLE > now
        and found.user.disabled_at is None
    )


def is_fresh(here: SignedIn, now: datetime) -> bool:
    """Did they sign in so lately that it is surely they?"""
    return here.created_at > now - FRESH


def stale(found: SignedIn, now: datetime) -> bool:
    """Should this session be marked as seen again?"""
    return found.seen_at + SEEN_EVERY <= now


def see(session: Session, session_id: int, now: datetime) -> None:
    session.execute(
        update(SignedIn).where(SignedIn.id == session_id).values(seen_at=now)
    )


def open_sessions(
    session: Session, session_ids: Collection[int], now: datetime
) -> set[int]:
    """Which of these are still signed in."""
    query = select(SignedIn).where(SignedIn.id.in_(session_ids))
    return {one.id for one in session.scalars(query) if _is_open(one, now)}


def sessions_of(session: Session, user_id: int, now: datetime) -> list[SignedIn]:
    """Where this person is signed in, the last seen first."""
    return sessions_of_each(session, [user_id], now)[user_id]


def sessions_of_each(
    session: Session, user_ids: Collection[int], now: datetime
) -> dict[int, list[SignedIn]]:
    """The same of several people, in one question."""
    query = select(SignedIn).where(
        SignedIn.user_id.in_(user_ids), SignedIn.revoked_at.is_(None)
    )
    query = query.options(joinedload(SignedIn.user))
    found: dict[int, list[SignedIn]] = {user_id: [] for user_id in user_ids}
    for one in session.scalars(query.order_by(SignedIn.seen_at.desc())):
        if _is_open(one, now):
            found[one.user_id].append(one)
    return found


def revoke(session: Session, user_id: int, session_id: int, now: datetime) -> None:
    """Sign out one of this person's own browsers."""
    session.execute(
        update(SignedIn)
        .where(SignedIn.id == session_id, SignedIn.user_id == user_id)
        .where(SignedIn.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def end_sessions(session: Session, user_id: int, now: datetime) -> None:
    """Sign this person out everywhere."""
    session.execute(
        update(SignedIn)
        .where(SignedIn.user_id == user_id, SignedIn.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def revoke_others(session: Session, user_id: int, keep: int, now: datetime) -> None:
    """Sign out every other browser of this person."""
    session.execute(
        update(SignedIn)
        .where(SignedIn.user_id == user_id, SignedIn.id != keep)
        .where(SignedIn.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
