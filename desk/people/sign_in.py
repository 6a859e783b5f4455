"""Signing in by a password, and giving oneself another one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.models import Session as SignedIn
from desk.models import User
from desk.people import passwords
from desk.people.naming import plain_email
from desk.people.sessions import is_fresh, revoke_others
from desk.refusal import Refusal, RefusalKind

NOT_THE_OLD = "This is not your old password, so the new one was not saved. Try again."
TOO_LONG_AGO = (
    "You signed in too long ago to set a password now. Ask an admin for a new one-time "
    "link: on its page you can set one."
)
NO_PAIR = "This email and password do not go together. Try again, or ask for a link."
CHANGED_MEANWHILE = (
    "Your password was changed elsewhere in this moment, so this one was not saved. "
    "If that was not you, tell an admin."
)


class SignInRefused(Refusal):
    """Nobody was signed in; says in a sentence why, and what to do."""

    kind = RefusalKind.FORBIDDEN


@dataclass(frozen=True)
class Chosen:
    """A new password, judged and hashed. `over`: what was kept in its place."""

    hash: str = field(repr=False)
    over: str | None = field(repr=False)


def lock(session: Session, user_id: int) -> User:
    """Nobody else changes how this person signs in until the transaction ends.

    Their links, password and sessions are read with this row held, and then written.
    """
    return session.get_one(
        User, user_id, with_for_update={"key_share": True}, populate_existing=True
    )


def with_password(session: Session, email: str, password: str) -> User:
    """The person whose email and password these are. Takes as long for nobody."""
    user = session.scalar(
        select(User).where(
            func.lower(User.email) == plain_email(email), User.disabled_at.is_(None)
        )
    )
    kept = user.password_hash if user else None
    right = passwords.matches(kept, password)
    if user and right:
        return user
    raise SignInRefused(NO_PAIR)


def refuse_changed(session: Session, judged: User) -> None:
    """Their password was judged a while ago: it counts while they may still use it.

    Raises `SignInRefused`.
    """
    user = lock(session, judged.id)
    if user.disabled_at or user.password_hash != judged.password_hash:
        raise SignInRefused(NO_PAIR)


def choose(user: User, password: str, desk_name: str = "") -> Chosen:
    """A new password for this person. Raises `WeakPassword`.

    Judging and hashing take long on purpose: call it in no transaction.
    """
    names = user.name, desk_name, *user.email.split("@")
    parts = [part for name in names for part in re.split(r"[\s._-]+", name) if part]
    about = [user.email, *names, *("".join(name.split()) for name in names), *parts]
    passwords.refuse_weak(password, [*about, "standfirst"])
    return Chosen(passwords.hashed(password), over=user.password_hash)


def prove(user: User, here: SignedIn, old: str, now: datetime) -> None:
    """Who is at an open browser may be anyone: the old password, or a fresh sign-in.

    Takes long, as `choose` does. Raises `SignInRefused`.
    """
    if not is_fresh(here, now) and not passwords.matches(user.password_hash, old):
        raise SignInRefused(NOT_THE_OLD if user.password_hash else TOO_LONG_AGO)


def change_password(
    session: Session, here: SignedIn, chosen: Chosen, now: datetime
) -> None:
    """Put it in the place of the one that it was chosen over, once that is proved.

    Signs this person's other browsers out. Raises `SignInRefused`.
    """
    user = lock(session, here.user_id)
    if user.password_hash != chosen.over:
        raise SignInRefused(CHANGED_MEANWHILE)
    user.password_hash = chosen.hash
    revoke_others(session, user.id, here.id, now)
