"""Editing: what several posts say together, and which of them say it from then on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from desk import links, posts, shares
from desk.desk import Desk
from desk.lifecycle import EDITABLE, GONE, Priority, State
from desk.models import Post, Share, SharePicture
from desk.people.actors import Actor
from desk.posts import Seen, following, undo
from desk.posts.editing import put
from desk.posts.validation import TooLong
from desk.refusal import Refusal, RefusalKind
from desk.shares import rendering
from desk.shares.fitting import NOTHING, Fitted
from desk.shares.rendering import Field

WITH_IT = "Changed with its share."
AGAIN = "It follows its share again."


@dataclass(frozen=True)
class Shown:
    """A picture as a share shows it."""

    picture_id: int
    alt: str = ""
    credit: str = ""
    alt_is_draft: bool = False

    @classmethod
    def of(cls, seen: SharePicture) -> Shown:
        return cls(seen.picture_id, seen.alt, seen.credit, seen.alt_is_draft)


@dataclass(frozen=True)
class Change:
    """What an editor changed; a field that is left out stays as it is."""

    text: str | None = None
    link: str | None = None  # empty: no link
    pictures: tuple[Shown, ...] | None = None
    language: str | None = None
    priority: Priority | None = None
    note: str | None = None
    labels: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Typed:
    """A change, and the revision of its share that it was written on.

    `began`: that of fields whose words were begun from another.
    """

    change: Change
    revision: int
    began: Mapping[Field, int] = field(default_factory=dict)

    def begun(self, fields: Collection[Field]) -> dict[Field, int]:
        """The revision that each of these was begun from."""
        return {one: self.began.get(one, self.revision) for one in fields}


@dataclass(frozen=True)
class About:
    """What somebody wrote about a picture; None: nothing."""

    alt: str | None = None
    credit: str | None = None
    looked_at: bool = False  # a drafted alt text, and found right

    def on(self, shown: Shown) -> Shown:
        said = shown if self.alt is None else replace(shown, alt=self.alt)
        if said.alt != shown.alt or self.looked_at:
            said = replace(said, alt_is_draft=False)
        return said if self.credit is None else replace(said, credit=self.credit)


class Conflict(Refusal):
    """Someone else changed the same fields meanwhile; holds both, and kept neither."""

    kind = RefusalKind.CONFLICT

    def __init__(self, share: Share, fields: Collection[Field], mine: object) -> None:
        super().__init__("Someone else changed this share while you were writing.")
        self.share_id = share.id
        self.revision = share.revision
        self.fields = frozenset(fields)
        self.theirs = {one: share_fields(share)[one] for one in fields}
        self.mine = mine


class Kept(StrEnum):
    """Why a post goes on saying what it said."""

    GOING_OUT = "going out"
    LIVE = "live"
    PARTLY_LIVE = "partly live"
    UNCONFIRMED = "unconfirmed"
    UNFIT = "unfit"  # its channel can't carry it, and the post has its time


FROZEN = {
    State.SENDING: Kept.GOING_OUT,
    State.PUBLISHED: Kept.LIVE,
    State.UNCONFIRMED: Kept.UNCONFIRMED,
}


@dataclass(frozen=True)
class Saved:
    """What became of a share's posts. What was kept is a post's own from then on."""

    share: Share
    changed: list[Post] = field(default_factory=list)
    kept: dict[int, Kept] = field(default_factory=dict)  # by the post's number


def share_fields(share: Share) -> dict[Field, Any]:
    """What the share says now, as a `Change` says it."""
    return {
        Field.TEXT: share.text,
        Field.LINK: share.link or "",
        Field.PICTURES: tuple(map(Shown.of, share.pictures)),
        Field.LANGUAGE: share.language,
        Field.PRIORITY: share.priority,
        Field.NOTE: share.note,
        Field.LABELS: tuple(label.name for label in share.labels),
        Field.DUE_AT: share.due_at,
    }


def save_share(
    desk: Desk,
    session: Session,
    share_id: int,
    typed: Typed,
    *,
    now: datetime,
    by: Actor,
    fitted: Fitted = NOTHING,
) -> Saved:
    """Every post that follows says it, too: all of it in this transaction.

    Fields that nobody else changed since they were begun are merged. `fitted`: another
    picture, as each channel takes it. Raises `Conflict`, `NotYours`, `NoLink`,
    `BadLabel`.
    """
    share = shares.locked(session, share_id, by)
    values = differing(share, typed.change)
    refuse_overwriting(share, typed.begun(values), typed.change)
    saved = Saved(share)
    if not values:
        return saved
    its = following.posts_of(session, share)
    before = _pictures(share)
    put_in(session, share, values, now, by)
    other = fitted if _pictures(share) != before else None
    for post in its:
        _follow(desk, session, post, saved, values.keys(), other, now, by)
    return saved


def follow_share(
    desk: Desk,
    session: Session,
    post_id: int,
    fields: Collection[Field],
    *,
    now: datetime,
    by: Actor,
    seen: Seen | None = None,
    fitted: Fitted = NOTHING,
) -> Post:
    """What the post says of its own in these gives way to its share; Undo knows it.

    Raises `NotYours`, `Overtaken`, `IllegalMove`; `TooLong` where the post has its time
    and its channel can't carry that.
    """
    post = posts.lock_editable(session, post_id, by, seen=seen)
    share = following.share_of(session, post)
    former = undo.former_words(session, post)
    for one in fields:
        setattr(post, f"own_{one}", False)
    values = rendering.rendered_columns(desk, session, post, share, fields, fitted, now)
    if why := rendering.can_not_show(post, share, fields, fitted):
        raise TooLong(why)
    if values:
        put(desk, session, post, values, AGAIN, now, by)
        post.former = former
    return post


def refuse_overwriting(share: Share, begun: Mapping[Field, int], mine: object) -> None:
    """The share is locked. Raises `Conflict` where one of these was changed since."""
    last = share.changed_at
    since = {one for one, revision in begun.items() if last.get(one, 0) > revision}
    if since:
        raise Conflict(share, since, mine)


@dataclass(frozen=True)
class Doing:
    """Who changed something, and when."""

    who: str  # their name by then; empty: the desk
    person_id: int | None
    at: datetime


def last_doings(share: Share, fields: Collection[Field]) -> dict[Field, Doing]:
    """Who changed these last; without those that nobody did, or long ago."""
    noted = share.changed_at.get("by", {})
    return {
        one: Doing(who, person_id, datetime.fromisoformat(at))
        for one in fields
        if one in noted
        for who, person_id, at in [noted[one]]
    }


def put_in(
    session: Session, share: Share, values: dict[Field, Any], now: datetime, by: Actor
) -> None:
    """The locked share says this from now on."""
    columns = {str(one): value for one, value in values.items()}
    if Field.LINK in columns:
        columns[Field.LINK] = columns[Field.LINK] or None
    if Field.LABELS in columns:
        columns[Field.LABELS] = shares.labels(session, columns[Field.LABELS])
    if Field.PICTURES in columns:
        share.pictures.clear()
        session.flush()  # places are free before they are taken
        columns[Field.PICTURES] = picture_rows(columns[Field.PICTURES])
    following.write_share(share, columns, now, by)
    session.flush()


def described(share: Share, about: Mapping[int, About]) -> tuple[Shown, ...]:
    """Its pictures, with what was written about them by their numbers.

    Raises `Conflict` where it shows one of these no more.
    """
    shown = [Shown.of(one) for one in share.pictures]
    if about.keys() - {one.picture_id for one in shown}:
        raise Conflict(share, [Field.PICTURES], about)
    nothing = About()
    return tuple(about.get(one.picture_id, nothing).on(one) for one in shown)


def picture_rows(seen: Collection[Shown]) -> list[SharePicture]:
    return [
        SharePicture(position=place, **vars(one)) for place, one in enumerate(seen, 1)
    ]


def differing(share: Share, change: Change) -> dict[Field, Any]:
    """What it would say otherwise than it does. Raises `NoLink`."""
    given = {Field(name): value for name, value in vars(change).items()}
    values = {one: value for one, value in given.items() if value is not None}
    if Field.LINK in values and values[Field.LINK] != share.link:
        values[Field.LINK] = links.typed(values[Field.LINK])
    if Field.LABELS in values:
        values[Field.LABELS] = tuple(sorted(set(values[Field.LABELS])))
    now = share_fields(share)
    return {one: value for one, value in values.items() if value != now[one]}


def _follow(
    desk: Desk,
    session: Session,
    post: Post,
    saved: Saved,
    fields: Collection[Field],
    fitted: Fitted | None,
    now: datetime,
    by: Actor,
) -> None:
    """The locked post says it as well, or keeps what it says as its own."""
    if rendering.can_not_show(post, saved.share, fields, fitted):
        saved.kept[post.id] = Kept.UNFIT
        rendering.keep_as_own(post, ["picture_id"])
    values = rendering.rendered_columns(
        desk, session, post, saved.share, fields, fitted, now
    )
    if not values:
        return
    if why := _frozen(post):
        saved.kept[post.id] = why
        rendering.keep_as_own(post, values)
        return
    if post.state not in GONE:  # nothing of those goes out by itself
        posts.refuse_actor(session, post, by)
    try:
        with session.begin_nested():
            put(desk, session, post, values, WITH_IT, now, by)
    except TooLong:
        saved.kept[post.id] = Kept.UNFIT
        rendering.keep_as_own(post, values)
    else:
        saved.changed.append(post)


def _pictures(share: Share) -> list[int]:
    return [seen.picture_id for seen in share.pictures]


def _frozen(post: Post) -> Kept | None:
    if any(part.remote_id for part in post.parts) and post.state in EDITABLE:
        return Kept.PARTLY_LIVE
    return FROZEN.get(State(post.state))
