"""Sign-in links: each lets one person in, once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from desk.models import SignInLink, User
from desk.people.naming import rename, tidy_name
from desk.people.sessions import digest_of, end_sessions
from desk.people.sign_in import Chosen, SignInRefused, lock

LINK_LASTS = timedelta(minutes=15)
NOT_OURS = (
    "This sign-in link is not one of ours. Ask for a new one: an admin can make it, "
    "and so can “desk user link”, typed where the desk runs."
)


def sign_in_link(session: Session, user_id: int, now: datetime) -> str:
    """The token of a link that signs this person in once, for 15 minutes.

    Links that they had before end with it.
    """
    lock(session, user_id)
    end_links(session, user_id, now)
    token = secrets.token_urlsafe(32)
    session.add(
        SignInLink(
            user_id=user_id, token_sha256=digest_of(token), expires_at=now + LINK_LASTS
        )
    )
    session.flush()
    return token


def end_links(session: Session, user_id: int, now: datetime) -> None:
    session.execute(
        update(SignInLink)
        .where(SignInLink.user_id == user_id, SignInLink.used_at.is_(None))
        .where(SignInLink.expires_at > now)
        .values(expires_at=now)
    )


def linked(session: Session, token: str, now: datetime) -> User:
    """Whom this link would sign in. Looking does not use it up."""
    return _open_link(session, token, now).user


def use_link(
    session: Session,
    token: str,
    now: datetime,
    name: str = "",
    chosen: Chosen | None = None,
) -> User:
    """Use up a one-time link; who comes in by it may say their name and a password.

    A new password signs every browser out that had the old one.
    """
    link = _open_link(session, token, now)
    lock(session, link.user_id)
    session.refresh(link)  # of several who press at once, one is first
    _refuse_closed(link, now)
    if chosen:
        link.user.password_hash = chosen.hash
        end_sessions(session, link.user_id, now)
    if name.strip():
        rename(session, link.user, tidy_name(name))
    link.used_at = now
    return link.user


def _open_link(session: Session, token: str, now: datetime) -> SignInLink:
    link = session.scalar(
        select(SignInLink).where(SignInLink.token_sha256 == digest_of(token))
    )
    if link is None:
        raise SignInRefused(NOT_OURS)
    _refuse_closed(link, now)
    return link


def _refuse_closed(link: SignInLink, now: datetime) -> None:
    if link.user.disabled_at:
        raise SignInRefused(NOT_OURS)
    if link.used_at:
        raise SignInRefused(
            "This sign-in link was already used. It works once; ask for a new one."
        )
    if link.expires_at <= now:
        raise SignInRefused(
            "This sign-in link has ended. It lasts 15 minutes; ask for a new one."
        )
