"""People: who is on the desk. How they sign in, and are named, is a file each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from desk.models import User
from desk.models.people import Role
from desk.people.naming import (
    LONGEST_NAME,
    BadPerson,
    name_for,
    name_holder,
    plain_email,
    refuse_unfit,
    tidy_name,
)
from desk.people.sessions import (
    ABSOLUTE,
    FRESH,
    IDLE,
    SEEN_EVERY,
    begin_session,
    end_sessions,
    is_fresh,
    open_sessions,
    revoke,
    revoke_others,
    see,
    session_of,
    sessions_of,
    sessions_of_each,
    signed_in,
    stale,
)
from desk.people.sign_in import (
    Chosen,
    SignInRefused,
    change_password,
    choose,
    lock,
    prove,
    refuse_changed,
    with_password,
)
from desk.people.sign_in_links import (
    LINK_LASTS,
    end_links,
    linked,
    sign_in_link,
    use_link,
)

__all__ = [
    "ABSOLUTE",
    "FIRST_ADMIN",
    "FIRST_NAME",
    "FRESH",
    "IDLE",
    "LINK_LASTS",
    "LONGEST_NAME",
    "SEEN_EVERY",
    "THEMES",
    "BadPerson",
    "Chosen",
    "SignInRefused",
    "admin_can_sign_in",
    "begin_session",
    "change_password",
    "choose",
    "end_links",
    "end_sessions",
    "ensure_admin",
    "invite",
    "is_fresh",
    "linked",
    "lock",
    "open_sessions",
    "plain_email",
    "prove",
    "refuse_changed",
    "revoke",
    "revoke_others",
    "see",
    "session_of",
    "sessions_of",
    "sessions_of_each",
    "set_theme",
    "sign_in_link",
    "signed_in",
    "stale",
    "use_link",
    "with_password",
]

THEMES = ("auto", "light", "dark")
FIRST_ADMIN = "admin@localhost"
FIRST_NAME = "First admin"  # until they say another: no role's


def ensure_admin(session: Session, now: datetime) -> User:
    """An admin who may sign in: the first there is, or a new one."""
    found = session.scalar(
        select(User)
        .where(User.role == Role.ADMIN, User.disabled_at.is_(None))
        .order_by(User.id)
    )
    if found:
        return found
    name = FIRST_NAME if name_holder(session, FIRST_NAME) is None else FIRST_ADMIN
    return _add(session, FIRST_ADMIN, name, Role.ADMIN, now)


def invite(
    session: Session, email: str, name: str, role: str, now: datetime
) -> tuple[User, str]:
    """A new person, and the token of the link that lets them in once."""
    email = plain_email(email)
    if "@" not in email.strip("@"):
        raise BadPerson(f"“{email}” is no email address. Write one like ann@paper.org.")
    if role not in set(Role):
        raise BadPerson(f"There is no role “{role}”. Choose one of: {', '.join(Role)}.")
    if session.scalar(select(User).where(User.email == email)):
        raise BadPerson(f"{email} is already on this desk.")
    if written := tidy_name(name):
        refuse_unfit(session, written)
    said = written or name_for(session, email)
    user = _add(session, email, said, Role(role), now)
    return user, sign_in_link(session, user.id, now)


def _add(session: Session, email: str, name: str, role: Role, now: datetime) -> User:
    user = User(email=email, name=name, role=role, created_at=now, theme="auto")
    session.add(user)
    session.flush()
    return user


def admin_can_sign_in(session: Session) -> bool:
    """Has whoever runs the desk a password?"""
    query = select(User.id).where(User.role == Role.ADMIN, User.disabled_at.is_(None))
    return session.scalar(query.where(User.password_hash.is_not(None))) is not None


def set_theme(session: Session, user_id: int, theme: str) -> None:
    if theme not in THEMES:
        raise BadPerson(f"There is no theme “{theme}”. Choose auto, light or dark.")
    session.execute(update(User).where(User.id == user_id).values(theme=theme))


def set_staying(session: Session, user_id: int, after: str) -> None:
    """Does scheduling a share lead them on to the next story, or do they stay?"""
    if after not in ("next", "stay"):
        raise BadPerson(f"“{after}” is no place to go: choose next or stay.")
    stays = after == "stay"
    session.execute(update(User).where(User.id == user_id).values(stays_on_share=stays))
