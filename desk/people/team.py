"""Team: everyone on the desk, and what an admin may change about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk import people
from desk.conflicts import refuse_changed
from desk.lifecycle import State
from desk.models import Post, SignInLink, User
from desk.models import Session as SignedIn
from desk.models.people import Role
from desk.people import BadPerson
from desk.refusal import Refusal, RefusalKind


class UnknownPerson(Refusal):
    """There is nobody of that name or number."""

    kind = RefusalKind.MISSING


@dataclass(frozen=True)
class Member:
    """Someone on the desk, and whether they are at it."""

    user: User
    seen_at: datetime | None  # None: never signed in
    sessions: int  # browsers that are signed in now
    link_until: datetime | None  # of a one-time link that nobody has used yet


def members(session: Session, now: datetime) -> list[Member]:
    """Everyone, by name; who is disabled comes last."""
    query = select(User).order_by(User.disabled_at.is_not(None), func.lower(User.name))
    everyone = session.scalars(query).all()
    seen, links = _seen(session), _links(session, now)
    at = people.sessions_of_each(session, [user.id for user in everyone], now)
    return [
        Member(user, seen.get(user.id), len(at[user.id]), links.get(user.id))
        for user in everyone
    ]


def find_person(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise UnknownPerson(f"There is no person number {user_id} on this desk.")
    return user


def find_person_by_email(session: Session, email: str) -> User:
    user = session.scalar(
        select(User).where(func.lower(User.email) == people.plain_email(email))
    )
    if user is None:
        raise UnknownPerson(f"Nobody on this desk has the email {email}.")
    return user


def new_link(session: Session, user_id: int, now: datetime) -> tuple[User, str]:
    """Another one-time link, for whoever lost the first or forgot a password."""
    user = find_person(session, user_id)
    people.lock(session, user_id)
    if user.disabled_at is not None:
        raise BadPerson(f"{user.name} is disabled. Enable them first.")
    return user, people.sign_in_link(session, user_id, now)


def change_role(
    session: Session,
    user_id: int,
    role: str,
    by: int | None = None,
    over: str | None = None,
) -> Role:
    """What this person may do from their next click on; gives the role before.

    `over`: the role that they were seen in. Raises `Overtaken`.
    """
    if role not in set(Role):
        raise BadPerson(f"There is no role “{role}”. Choose one of: {', '.join(Role)}.")
    admins = _admins(session)
    user = find_person(session, user_id)
    people.lock(session, user_id)
    refuse_changed(over, user.role)
    before = Role(user.role)
    if user.id == by and role != before:
        raise BadPerson("Your own role is another admin's to change.")
    if role != Role.ADMIN:
        _refuse_last(admins, user, "gives that away")
    user.role = Role(role)
    return before


def disable(
    session: Session,
    user_id: int,
    now: datetime,
    by: int | None = None,
    over: str | None = None,
) -> int:
    """Signed out at once, and not let in again; gives how many of their posts wait.

    Those go out all the same: they are the newsroom's. `over`: the mark of since when
    they were seen to be disabled. Raises `Overtaken`.
    """
    admins = _admins(session)
    user = find_person(session, user_id)
    people.lock(session, user_id)
    refuse_changed(over, user.disabled_at)
    if user.id == by:
        raise BadPerson("You can't disable yourself. Ask another admin.")
    _refuse_last(admins, user, "is disabled")
    user.disabled_at = user.disabled_at or now
    people.end_sessions(session, user_id, now)
    people.end_links(session, user_id, now)
    return _still_planned(session, user_id)


def enable(session: Session, user_id: int, over: str | None = None) -> User:
    """May sign in again. `over`: as for `disable`. Raises `Overtaken`."""
    user = find_person(session, user_id)
    people.lock(session, user_id)
    refuse_changed(over, user.disabled_at)
    user.disabled_at = None
    return user


def _admins(session: Session) -> Sequence[User]:
    """Who runs the desk; locked in one order, so that two can't leave at once."""
    query = select(User).where(User.role == Role.ADMIN, User.disabled_at.is_(None))
    query = query.order_by(User.id).with_for_update(key_share=True)
    return session.scalars(query).all()


def _refuse_last(admins: Sequence[User], user: User, what: str) -> None:
    if [admin.id for admin in admins] == [user.id]:
        raise BadPerson(
            f"{user.name} is the last admin: nobody could run the desk when "
            f"{user.name} {what}. Make someone else an admin first."
        )


def _still_planned(session: Session, user_id: int) -> int:
    query = select(func.count()).select_from(Post)
    query = query.where(Post.created_by == user_id, Post.state == State.SCHEDULED)
    return session.scalar(query) or 0


def _seen(session: Session) -> dict[int, datetime]:
    latest = func.max(SignedIn.seen_at).label("seen_at")
    query = select(SignedIn.user_id, latest).group_by(SignedIn.user_id)
    return {row.user_id: row.seen_at for row in session.execute(query)}


def _links(session: Session, now: datetime) -> dict[int, datetime]:
    query = select(SignInLink.user_id, SignInLink.expires_at)
    query = query.where(SignInLink.used_at.is_(None), SignInLink.expires_at > now)
    return {row.user_id: row.expires_at for row in session.execute(query)}
