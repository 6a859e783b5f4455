"""Rights: what each role may do, and whether an actor may do it at this moment."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.models import User
from desk.models.people import Role
from desk.people.actors import Actor
from desk.refusal import Refusal, RefusalKind


class Permission(StrEnum):
    READ = "read"
    COMMENT = "comment"  # say something about a share, to colleagues
    WRITE = "write"  # articles and texts
    PUBLISH = "publish"  # what goes out, and when
    RUN = "run"  # the desk itself


ROLES: dict[str, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.EDITOR: frozenset(Permission) - {Permission.RUN},
    Role.AUTHOR: frozenset({Permission.READ, Permission.COMMENT, Permission.WRITE}),
    Role.ANALYST: frozenset({Permission.READ, Permission.COMMENT}),
}

NEEDS = {
    Permission.READ: "You can't see this page.",
    Permission.COMMENT: "You can't comment on this desk.",
    Permission.WRITE: "Analysts read and comment, and change nothing.",
    Permission.PUBLISH: "An editor decides what goes out, and when.",
    Permission.RUN: "Only an admin can do this.",
}


class NotYours(Refusal):
    """The person's role does not allow it; says in a sentence who may."""

    kind = RefusalKind.FORBIDDEN

    @classmethod
    def without(cls, permission: Permission) -> NotYours:
        return cls(NEEDS[permission])


def role_may(role: str, permission: str) -> bool:
    return permission in ROLES[role]


def needs_approval(role: str) -> bool:
    """Whoever may write what goes out, and not decide that it does."""
    writes = role_may(role, Permission.WRITE)
    return writes and not role_may(role, Permission.PUBLISH)


def allows(session: Session, by: Actor, permission: Permission) -> bool:
    """May they, as their role stands in this transaction?"""
    if by.person_id is None:
        return True
    role = session.scalar(
        select(User.role).where(User.id == by.person_id, User.disabled_at.is_(None))
    )
    return role is not None and role_may(role, permission)


def refuse(session: Session, by: Actor, permission: Permission) -> None:
    """Raises `NotYours` where they may not."""
    if not allows(session, by, permission):
        raise NotYours.without(permission)
