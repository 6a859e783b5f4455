"""Holds: nothing goes out, for the desk, a channel, a section, a keyword or a post."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk import transition
from desk.conflicts import refuse_changed
from desk.history import note
from desk.lifecycle import State
from desk.models import Channel, Hold, Post
from desk.models.base import LARGEST_ID
from desk.models.channels import HoldKind
from desk.models.posts import Triage
from desk.people.actors import DESK, Actor
from desk.refusal import Refusal, RefusalKind
from desk.sendable import held, holding
from desk.shapes import Json, moment

COPY = (
    "This is a copy or a restore: posts may have gone out that this database does not "
    "know of. Check what is overdue, then lift the hold."
)
LONGEST_ID = len(str(LARGEST_ID))
SCOPES = ("desk", "channel", "section", "keyword", "post")


class BadHold(Refusal):
    """What should be held is not clear; says what to name."""

    kind = RefusalKind.INVALID


@dataclass(frozen=True)
class Held:
    given_back: int  # were about to go out, and will not
    already_going_out: int  # the platform may have them
    hold_id: int | None = field(default=None, compare=False)  # None: held before


@dataclass(frozen=True)
class Lifted:
    triage: int  # fell due meanwhile: a person decides on each


def hold(
    session: Session,
    *,
    scope: str = "desk",
    target: str = "",
    kind: HoldKind = HoldKind.PERSON,
    why: str = "",
    by: Actor = DESK,
    now: datetime,
) -> Held:
    """Nothing that this covers goes out from now on, until it is lifted.

    `why`: in a person's own words.
    """
    if scope not in SCOPES or (scope != "desk" and not target.strip()):
        raise BadHold(f"Say what to hold: {', '.join(SCOPES)}, and which one.")
    _refuse_unknown(session, scope, target.strip())
    holding(session)
    begun = None
    if not any(one.kind == kind for one in _standing(session, scope, target)):
        begun = hold_ = Hold(scope=scope, target=target.strip(), kind=kind, why=why)
        hold_.by, hold_.person_id, hold_.began_at = by.name, by.person_id, now
        session.add(hold_)
        session.flush()
    claimed = select(Post).where(Post.state == State.CLAIMED, held())
    claimed = claimed.order_by(Post.id).with_for_update(of=Post)
    back = session.scalars(claimed).all()
    for post in back:
        because = _reason(kind, why) or "nothing goes out"
        said = f"Held: {because.removesuffix('.')}."
        transition.move(session, post, State.SCHEDULED, now, said, by=by)
    session.flush()
    going = select(func.count()).select_from(Post)
    count = session.scalar(going.where(Post.state == State.SENDING, held()))
    return Held(len(back), count or 0, begun.id if begun else None)


def lift(
    session: Session,
    *,
    scope: str = "desk",
    target: str = "",
    by: Actor = DESK,
    now: datetime,
    over: str | None = None,
) -> Lifted:
    """End a hold. What fell due under it stands in the triage list.

    `over`: the mark of `lifted_with`, as it was seen. Raises `Overtaken`.
    """
    holding(session)
    standing = _standing(session, scope, target)
    refuse_changed(over, [one.id for one in standing])
    if not standing:
        return Lifted(0)
    overdue = select(Post).where(Post.state == State.SCHEDULED, Post.due_at <= now)
    under = overdue.where(held()).order_by(Post.id).with_for_update(of=Post)
    before = session.scalars(under).all()
    copied = any(hold_.kind == HoldKind.COPY for hold_ in standing)
    for hold_ in standing:
        hold_.ended_at = now
    session.flush()
    still = {post.id for post in session.scalars(overdue.where(held()))}
    freed = [post for post in before if post.id not in still]
    for post in freed:
        if post.triage is not None:  # there is a better reason why it waits
            continue
        if copied:
            begin_look(session, post, now)
        else:
            to_triage(session, post, Triage.HELD, "It fell due during a hold.", now)
    return Lifted(len(freed))


def to_triage(
    session: Session, post: Post, label: Triage, why: str, now: datetime
) -> None:
    """It does not go out by itself any more: a person sends, moves or drops it."""
    post.triage, post.reason = label, why
    note(session, post, why, now)


def begin_look(session: Session, post: Post, now: datetime) -> None:
    """It may have gone out before: the platform is asked, then a person decides."""
    to_triage(session, post, Triage.RESTORED, COPY, now)
    post.look_at, post.looks, post.blind_looks = now, 0, 0
    post.unseen = None


def lifted_with(hold_: Hold, standing: Iterable[Hold]) -> list[int]:
    """The numbers of all that one press lifts with this one: of the same part."""
    part = hold_.scope, hold_.target
    return sorted(one.id for one in standing if (one.scope, one.target) == part)


def list_holds(session: Session) -> list[Hold]:
    query = select(Hold).where(Hold.ended_at.is_(None)).order_by(Hold.began_at)
    return list(session.scalars(query))


def hold_coverage(session: Session, standing: Sequence[Hold]) -> dict[int, str]:
    """What each of these holds stops, by its number, in words."""
    named = any(hold_.scope == "channel" for hold_ in standing)
    names = _names(session) if named else {}
    return {hold_.id: _covers(hold_.scope, hold_.target, names) for hold_ in standing}


def hold_reason(hold_: Hold) -> str:
    """Why nothing goes out; empty where the person who holds it did not say."""
    return _reason(hold_.kind, hold_.why)


def hold_json(hold_: Hold) -> Json:
    return {
        "scope": hold_.scope,
        "target": hold_.target,
        "why": hold_reason(hold_),
        "by": hold_.who,
        "began_at": moment(hold_.began_at),
    }


def scope_words(session: Session, scope: str, target: str) -> str:
    """What a hold of this scope stops, in words."""
    return _covers(scope, target.strip(), _names(session))


def _reason(kind: str, why: str) -> str:
    return COPY if kind == HoldKind.COPY else why


def _names(session: Session) -> dict[str, str]:
    rows = session.execute(select(Channel.id, Channel.name))
    return {str(row.id): row.name for row in rows}


def _refuse_unknown(session: Session, scope: str, target: str) -> None:
    """A hold on nothing would let everything through and say that it does not."""
    kinds: dict[str, type[Channel | Post]] = {"channel": Channel, "post": Post}
    if (kind := kinds.get(scope)) is None:
        return
    number = int(target) if target.isdecimal() and len(target) < LONGEST_ID else 0
    if str(number) != target or session.get(kind, number) is None:
        raise BadHold(f"There is no {scope} number {target}.")


def _covers(scope: str, target: str, names: Mapping[str, str]) -> str:
    match scope:
        case "channel":
            return names.get(target, "a channel")
        case "section":
            return f"everything in {target}"
        case "keyword":
            return f"everything about “{target}”"
        case "post":
            return f"post {target}"
        case _:
            return "everything"


def _standing(session: Session, scope: str, target: str) -> Sequence[Hold]:
    query = select(Hold).where(
        Hold.scope == scope, Hold.target == target.strip(), Hold.ended_at.is_(None)
    )
    return session.scalars(query.order_by(Hold.id)).all()
