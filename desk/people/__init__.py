"""People: who may sign in, by password or one-time link, and their open sessions."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from desk import drawn
from desk.models import Session as SignedIn
from desk.models import SignInLink, User
from desk.models.people import Role
from desk.people import passwords
from desk.refusal import Refusal, RefusalKind

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=14)
LINK_LASTS = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=1)  # a session row is not written on every click
FRESH = timedelta(minutes=30)  # a sign-in: so long it counts as the old password
NOT_THE_OLD = "This is not your old password, so the new one was not saved. Try again."
TOO_LONG_AGO = (
    "You signed in too long ago to set a password now. Ask an admin for a new one-time "
    "link: on its page you can set one."
)
NOT_OURS = (
    "This sign-in link is not one of ours. Ask for a new one: an admin can make it, "
    "and so can “desk user link”, typed where the desk runs."
)
NO_PAIR = "This email and password do not go together. Try again, or ask for a link."
CHANGED_MEANWHILE = (
    "Your password was changed elsewhere in this moment, so this one was not saved. "
    "If that was not you, tell an admin."
)
LONGEST_NAME = 80
THEMES = ("auto", "light", "dark")
FIRST_ADMIN = "admin@localhost"
FIRST_NAME = "First admin"  # until they say another: no role's
# What the history calls whatever is no person, and what says what people may do.
RESERVED = frozenset(
    map(drawn.key, ("desk", "the desk", "the command line", "the demo", *Role))
)


class SignInRefused(Refusal):
    """Nobody was signed in; says in a sentence why, and what to do."""

    kind = RefusalKind.FORBIDDEN


class BadPerson(Refusal):
    """What was said of a person can't be kept; says why, and what to do."""

    kind = RefusalKind.INVALID


@dataclass(frozen=True)
class Chosen:
    """A new password, judged and hashed. `over`: what was kept in its place."""

    hash: str = field(repr=False)
    over: str | None = field(repr=False)


def ensure_admin(session: Session, now: datetime) -> User:
    """An admin who may sign in: the first there is, or a new one."""
    found = session.scalar(
        select(User)
        .where(User.role == Role.ADMIN, User.disabled_at.is_(None))
        .order_by(User.id)
    )
    if found:
        return found
    name = FIRST_NAME if _holder(session, FIRST_NAME) is None else FIRST_ADMIN
    return _add(session, FIRST_ADMIN, name, Role.ADMIN, now)


def plain_email(written: str) -> str:
    """As it is kept and compared: whoever writes the same is counted as one."""
    return written.strip().lower()


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
    if written := _name(name):
        _refuse_unfit(session, written)
    said = written or _unsaid(session, email)
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


def sign_in_link(session: Session, user_id: int, now: datetime) -> str:
    """The token of a link that signs this person in once, for 15 minutes.

    Links that they had before end with it.
    """
    lock(session, user_id)
    end_links(session, user_id, now)
    token = secrets.token_urlsafe(32)
    session.add(
        SignInLink(
            user_id=user_id, token_sha256=_digest(token), expires_at=now + LINK_LASTS
        )
    )
    session.flush()
    return token


def lock(session: Session, user_id: int) -> User:
    """Nobody else changes how this person signs in until the transaction ends.

    Their links, password and sessions are read with this row held, and then written.
    """
    return session.get_one(
        User, user_id, with_for_update={"key_share": True}, populate_existing=True
    )


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
        _rename(session, link.user, _name(name))
    link.used_at = now
    return link.user


def _rename(session: Session, user: User, name: str) -> None:
    if name != user.name:  # theirs from before may be another's, too: they keep it
        _refuse_unfit(session, name, but=user.id)
        user.name = name


def _name(written: str) -> str:
    name = " ".join(written.split())
    if len(name) > LONGEST_NAME:
        raise BadPerson(
            f"A name has {LONGEST_NAME} characters at most; this one has {len(name)}."
        )
    return name


def _refuse_unfit(session: Session, name: str, but: int | None = None) -> None:
    """The history names people: each must be told from all others, and from roles."""
    if _taken(session, name, but):
        raise BadPerson(
            f"“{name}” is taken: the history must tell people apart. Add something "
            "to it, such as the first letter of the other name."
        )
    if wrong := drawn.flaw(name):
        raise BadPerson(wrong)


def _taken(session: Session, name: str, but: int | None = None) -> bool:
    """Whether this is somebody's, who is not `but`, or what the desk calls itself."""
    holder = _holder(session, name)
    return holder != but if holder is not None else drawn.key(name) in RESERVED


def _holder(session: Session, name: str) -> int | None:
    """Whose name this is."""
    return session.scalar(select(User.id).where(User.name_key == drawn.key(name)))


def _unsaid(session: Session, email: str) -> str:
    """A name for whom nobody named: of the email as much as tells them apart."""
    for name in (email.split("@")[0], email):
        if not (_taken(session, name) or drawn.flaw(name)):
            return name
    raise BadPerson(f"Give a name: “{email}” can't stand for one.")


def _open_link(session: Session, token: str, now: datetime) -> SignInLink:
    link = session.scalar(
        select(SignInLink).where(SignInLink.token_sha256 == _digest(token))
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


def session_of(session: Session, session_id: int) -> SignedIn:
    return session.get_one(SignedIn, session_id)


def is_fresh(here: SignedIn, now: datetime) -> bool:
    """Did they sign in so lately that it is surely they?"""
    return here.created_at > now - FRESH


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


def set_theme(session: Session, user_id: int, theme: str) -> None:
    if theme not in THEMES:
        raise BadPerson(f"There is no theme “{theme}”. Choose auto, light or dark.")
    session.execute(update(User).where(User.id == user_id).values(theme=theme))


def begin_session(session: Session, user_id: int, agent: str, now: datetime) -> str:
    """Sign a browser in; the token goes into its cookie and nowhere else."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignedIn(
            user_id=user_id,
            token_sha256=_digest(token),
            agent=agent[:200],
            created_at=now,
            seen_at=now,
            expires_at=now + ABSOLUTE,
        )
    )
    session.flush()
    return token


def signed_in(session: Session, token: str, now: datetime) -> SignedIn | None:
    """The open session of this token, with its user."""
    if not token:
        return None
    found = session.scalar(
        select(SignedIn)
        .where(SignedIn.token_sha256 == _digest(token))
        .options(joinedload(SignedIn.user))
    )
    return found if found and _is_open(found, now) else None


def _is_open(found: SignedIn, now: datetime) -> bool:
    return (
        found.revoked_at is None
        and found.expires_at > now
        and found.seen_at + IDLE > now
        and found.user.disabled_at is None
    )


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


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
