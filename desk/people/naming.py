"""Naming: what a person may be called, so that the history tells people apart."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import look_alikes
from desk.models import User
from desk.models.people import Role
from desk.refusal import Refusal, RefusalKind

LONGEST_NAME = 80
# What the history calls whatever is no person, and what says what people may do.
RESERVED = frozenset(
    map(
        look_alikes.letters_and_digits,
        ("desk", "the desk", "the command line", "the demo", *Role),
    )
)


class BadPerson(Refusal):
    """What was said of a person can't be kept; says why, and what to do."""

    kind = RefusalKind.INVALID


def plain_email(written: str) -> str:
    """As it is kept and compared: whoever writes the same is counted as one."""
    return written.strip().lower()


def rename(session: Session, user: User, name: str) -> None:
    if name != user.name:  # theirs from before may be another's, too: they keep it
        refuse_unfit(session, name, but=user.id)
        user.name = name


def tidy_name(written: str) -> str:
    name = " ".join(written.split())
    if len(name) > LONGEST_NAME:
        raise BadPerson(
            f"A name has {LONGEST_NAME} characters at most; this one has {len(name)}."
        )
    return name


def refuse_unfit(session: Session, name: str, but: int | None = None) -> None:
    """The history names people: each must be told from all others, and from roles."""
    if _taken(session, name, but):
        raise BadPerson(
            f"“{name}” is taken: the history must tell people apart. Add something "
            "to it, such as the first letter of the other name."
        )
    if wrong := look_alikes.flaw(name):
        raise BadPerson(wrong)


def _taken(session: Session, name: str, but: int | None = None) -> bool:
    """Whether this is somebody's, who is not `but`, or what the desk calls itself."""
    holder = name_holder(session, name)
    return holder != but if holder is not None else is_reserved(name)


def is_reserved(name: str) -> bool:
    """Whether the history calls the desk or a role so, whatever stands around it."""
    return look_alikes.letters_and_digits(name) in RESERVED


def name_holder(session: Session, name: str) -> int | None:
    """Whose name this is."""
    return session.scalar(select(User.id).where(User.name_key == look_alikes.key(name)))


def name_for(session: Session, email: str) -> str:
    """A name for whom nobody named: of the email as much as tells them apart."""
    for name in (email.split("@")[0], email):
        if not (_taken(session, name) or look_alikes.flaw(name)):
            return name
    raise BadPerson(f"Give a name: “{email}” can't stand for one.")
