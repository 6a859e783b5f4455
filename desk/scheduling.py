"""Scheduling: making posts, changing them, and giving them their time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from connectors.base import Message
from desk import channels, lifecycle, slots
from desk.desk import Desk
from desk.history import note
from desk.lifecycle import EDITABLE, IllegalMove, State
from desk.models import Channel, Part, Post
from desk.publishing.messages import message_of


class NoSuchPost(Exception):
    """There is no post of that number."""


class NoFreeSlot(Exception):
    """The channel has no weekly slots, or none is free."""


class TooLong(Exception):
    """The platform can't carry the post as it stands; says why in sentences."""


class Conflict(Exception):
    """Someone else changed the post meanwhile; holds it as it stands now."""

    def __init__(self, post: Post) -> None:
        super().__init__("Someone else changed this post while you were writing.")
        self.post = post
        self.post_id = post.id  # the row itself goes stale with its transaction


@dataclass(frozen=True)
class Change:
    """What an editor changed; a field that is left out stays as it is."""

    text: str | None = None
    link: str | None = None  # empty: no link
    alt: str | None = None
    credit: str | None = None
    picture_id: int | None = None  # 0: no picture


@dataclass(frozen=True)
class At:
    due_at: datetime


@dataclass(frozen=True)
class Now:
    pass


@dataclass(frozen=True)
class NextSlot:
    pass


When = At | Now | NextSlot

REFUSALS = {
    State.SENDING: "This post is already going out: it can't be changed any more.",
    State.UNCONFIRMED: (
        "This post may be live and the desk is finding out: decide that first."
    ),
    State.PUBLISHED: "This post is published: it can't be changed here any more.",
}


def create(
    session: Session,
    channel_id: int,
    *,
    text: str,
    link: str | None = None,
    picture_id: int | None = None,
    alt: str = "",
    alt_is_draft: bool = False,
    credit: str = "",
    language: str = "",
    article_id: int | None = None,
    candidates: Sequence[Mapping[str, Any]] = (),
    warnings: Sequence[str] = (),
    priority: str = "normal",
    once_key: str | None = None,
    created_by: int | None = None,
    now: datetime,
) -> Post:
    """A draft for one channel. The same once-key gives the post that it made before."""
    if once_key and (earlier := _made_with(session, once_key)):
        return earlier
    post = Post(
        channel_id=channel_id,
        state=State.DRAFT,
        text=text,
        link=link or None,
        picture_id=picture_id,
        alt=alt,
        alt_is_draft=alt_is_draft,
        credit=credit,
        language=language,
        article_id=article_id,
        candidates=[dict(candidate) for candidate in candidates],
        warnings=list(warnings),
        priority=priority,
        made_with=once_key,
        created_by=created_by,
        created_at=now,
        fence=0,
        parts=[Part(channel_id=channel_id, position=1, key=_new_key())],
    )
    try:
        with session.begin_nested():
            session.add(post)
    except IntegrityError:  # the same form, sent twice at the same moment
        if once_key and (earlier := _made_with(session, once_key)):
            return earlier
        raise
    note(session, post, "Drafted.", now)
    return post


def found(session: Session, post_id: int, *, lock: bool = False) -> Post:
    """The post; with `lock`, nobody else changes it until the transaction ends."""
    post = session.get(
        Post, post_id, with_for_update=lock or None, populate_existing=lock
    )
    if post is None:
        raise NoSuchPost(f"There is no post number {post_id}.")
    return post


def edit(
    session: Session,
    post_id: int,
    change: Change,
    revision: int,
    *,
    now: datetime,
    by: str = "",
) -> Post:
    """Save a change into what will be sent; raises `Conflict` on an old revision."""
    post = found(session, post_id, lock=True)
    _refuse(post, EDITABLE)
    _refuse_partly_live(post)
    if post.revision != revision:
        raise Conflict(post)
    values = _changed(post, change)
    if not values:
        post.working_copy = None
        return post
    for name, value in values.items():
        setattr(post, name, value)
    post.revision += 1
    post.working_copy = None
    _renew_parts(post)
    return _alter(session, post, "Changed.", now, by)


def autosave(
    session: Session, post_id: int, copy: Mapping[str, str], now: datetime
) -> Post:
    """Keep what is being typed. Never changes what will be sent."""
    post = found(session, post_id, lock=True)
    _refuse(post, EDITABLE)
    post.working_copy = {**copy, "saved_at": now.isoformat()}
    return post


def schedule(
    desk: Desk,
    session: Session,
    post_id: int,
    when: When,
    *,
    now: datetime,
    by: str = "",
    once_key: str | None = None,
    priority: str | None = None,
    needs_approval: bool = False,
) -> Post:
    """Give a post its time. The same once-key again changes nothing.

    Raises `TooLong` with what the platform can't carry, `NoFreeSlot`, `IllegalMove`.
    """
    post = found(session, post_id, lock=True)
    if once_key and post.once_key == once_key and post.state != State.DRAFT:
        return post
    _refuse(post, EDITABLE)
    _refuse_partly_live(post)
    channel = channels.found(session, post.channel_id)
    refuse_unfit(desk, post, channel)
    post.priority = priority or post.priority
    post.once_key = once_key or post.once_key
    target = State.IN_REVIEW if needs_approval else State.SCHEDULED
    if isinstance(when, NextSlot):
        _into_slot(session, post, desk, now, target)
    else:
        post.slot_at = None
        _time(post, channel, when.due_at if isinstance(when, At) else now)
    return _alter(session, post, _said(when, target), now, by, to=target)


def retry(
    desk: Desk, session: Session, post_id: int, *, now: datetime, by: str = ""
) -> Post:
    """A person sends it now: failed, missed, put aside, or a thread that stopped."""
    post = found(session, post_id, lock=True)
    waits = post.state == State.SCHEDULED and (post.triage or post.not_before)
    if not waits:
        _refuse(post, {State.FAILED, State.MISSED})
    channel = channels.found(session, post.channel_id)
    refuse_unfit(desk, post, channel)
    post.slot_at = None
    post.tries = post.pickups = post.resends = post.looks = 0
    _time(post, channel, now)
    return _alter(session, post, "Sent again by hand.", now, by, to=State.SCHEDULED)


def cancel(session: Session, post_id: int, *, now: datetime, by: str = "") -> Post:
    """It will not go out; it can be brought back."""
    post = found(session, post_id, lock=True)
    _refuse(post, EDITABLE)
    _refuse_partly_live(post)
    if post.state == State.CANCELLED:
        return post
    return _alter(session, post, "Cancelled.", now, by, to=State.CANCELLED)


def to_draft(session: Session, post_id: int, *, now: datetime, by: str = "") -> Post:
    """Take it out of the schedule, keeping its text."""
    post = found(session, post_id, lock=True)
    _refuse(post, EDITABLE)
    _refuse_partly_live(post)
    if post.state == State.DRAFT:
        return post
    post.due_at = post.next_at = post.not_before = post.slot_at = None
    post.expires_at = post.triage = None
    return _alter(session, post, "Back to draft.", now, by, to=State.DRAFT)


def confirm_live(
    session: Session, post_id: int, url: str, *, now: datetime, by: str = ""
) -> Post:
    """A person says an unconfirmed post is live, and where."""
    post = found(session, post_id, lock=True)
    _refuse(post, {State.UNCONFIRMED})
    if not url.strip():
        raise IllegalMove("Paste the link of the post, so that readers can find it.")
    part = next(part for part in post.parts if part.remote_id is None)
    _refuse_known(session, part, url)
    part.remote_id, part.url, part.published_at = url, url, now
    if all(other.remote_id for other in post.parts):
        post.published_at, post.needs_person, post.look_at = now, False, None
        post.reason = ""
        return _alter(session, post, f"Confirmed: {url}", now, by, to=State.PUBLISHED)
    post.needs_person, post.look_at = False, None
    return _alter(session, post, f"Confirmed: {url}", now, by, to=State.SCHEDULED)


def confirm_absent(
    desk: Desk, session: Session, post_id: int, *, now: datetime, by: str = ""
) -> Post:
    """A person says an unconfirmed post is not there: send it again."""
    post = found(session, post_id, lock=True)
    _refuse(post, {State.UNCONFIRMED})
    for part in post.parts:
        if part.remote_id is None:
            part.key, part.staged = _new_key(), None
            for attempt in part.attempts:
                if attempt.outcome == "unknown":
                    attempt.outcome = "not there"
    post.needs_person, post.look_at = False, None
    post.tries = post.looks = post.blind_looks = post.resends = 0
    _time(post, channels.found(session, post.channel_id), now)
    said = "Not there, says a person: sent again."
    return _alter(session, post, said, now, by, to=State.SCHEDULED)


def problems(desk: Desk, post: Post, channel: Channel) -> list[str]:
    """What stands against scheduling this post, in sentences for its editor."""
    message = message_of(desk, post)
    found_ = channels.connect(desk, channel).problems(message)
    if channel.require_alt and message.images and not post.alt.strip():
        found_.append("The image has no alt text, and this channel requires it.")
    return found_


def length(desk: Desk, channel: Channel, text: str, link: str | None) -> int:
    """How long the platform will say this is: the server's count is the truth."""
    return channels.connect(desk, channel).length(Message(text, link or None))


def refuse_unfit(desk: Desk, post: Post, channel: Channel) -> None:
    if found_ := problems(desk, post, channel):
        raise TooLong(f"{channel.name}: {' '.join(found_)}")


def _alter(
    session: Session,
    post: Post,
    what: str,
    now: datetime,
    by: str,
    to: State | None = None,
) -> Post:
    """The one place that changes what will be sent or when: it raises the fence.

    The post is locked, and its intent is not committed: whoever has claimed it
    finds an old fence and sends nothing.
    """
    if to is not None and to != post.state:
        post.state = lifecycle.move(post.state, to)
    elif post.state == State.CLAIMED:
        post.state = State.SCHEDULED
    post.owner = post.lease_until = None
    post.fence += 1
    session.flush()
    note(session, post, what, now, by)
    return post


def _refuse(post: Post, allowed: Collection[State]) -> None:
    if post.state not in allowed:
        state = State(post.state)
        raise IllegalMove(REFUSALS.get(state, f"A post that is {state} can't do that."))


def _refuse_partly_live(post: Post) -> None:
    """Live parts never change, and their post is never cancelled or taken back."""
    if any(part.remote_id for part in post.parts):
        raise IllegalMove(
            "Part of this thread is live and can't be changed any more: send the rest, "
            "or leave it as it is."
        )


def _refuse_known(session: Session, part: Part, url: str) -> None:
    other = select(Part.post_id).where(
        Part.channel_id == part.channel_id,
        or_(Part.remote_id == url, Part.url == url),
        Part.id != part.id,
    )
    if (post_id := session.scalar(other)) is not None:
        raise IllegalMove(f"That link is post {post_id} already: paste another one.")


def _time(post: Post, channel: Channel, due_at: datetime) -> None:
    post.due_at = post.next_at = due_at
    post.not_before = post.triage = None
    post.expires_at = due_at + lifecycle.deadline(post.priority, channel.deadlines_s)
    post.reason = ""


def _into_slot(
    session: Session, post: Post, desk: Desk, now: datetime, target: State
) -> None:
    """The next free slot; where another post took it this moment, the one after.

    The state moves with it: only a post that is not gone holds its slot.
    """
    channel = channels.found(session, post.channel_id)
    weekly = channels.weekly_slots(session, channel.id)
    taken = set(_taken(session, channel.id))
    while at := slots.next_free(weekly, taken, now, desk.settings.zone):
        try:
            with session.begin_nested():
                post.slot_at = at
                if post.state != target:
                    post.state = lifecycle.move(post.state, target)
                _time(post, channel, at)
                session.flush()
            return
        except IntegrityError:
            taken.add(at)
    raise NoFreeSlot(
        f"{channel.name} has no free slot: add weekly slots to it, or pick a time."
    )


def next_slot(
    session: Session, desk: Desk, channel_id: int, now: datetime
) -> datetime | None:
    """When a post put into the queue of this channel would go out."""
    weekly = channels.weekly_slots(session, channel_id)
    taken = set(_taken(session, channel_id))
    return slots.next_free(weekly, taken, now, desk.settings.zone)


def _taken(session: Session, channel_id: int) -> Sequence[datetime]:
    gone = (State.CANCELLED, State.MISSED, State.FAILED)
    query = select(Post.slot_at).where(
        Post.channel_id == channel_id,
        Post.slot_at.is_not(None),
        Post.state.not_in(gone),
    )
    return [at for at in session.scalars(query) if at is not None]


def _changed(post: Post, change: Change) -> dict[str, Any]:
    """The columns that really differ; new words for the alt text are no draft."""
    values: dict[str, Any] = {
        name: value
        for name, value in vars(replace(change)).items()
        if value is not None
    }
    if "link" in values:
        values["link"] = values["link"].strip() or None
    if "picture_id" in values:
        values["picture_id"] = values["picture_id"] or None
    differing = {k: v for k, v in values.items() if getattr(post, k) != v}
    if "alt" in differing:
        differing["alt_is_draft"] = False
    return differing


def _renew_parts(post: Post) -> None:
    """A new revision has new keys, and nothing staged is good for it."""
    for part in post.parts:
        if part.remote_id is None:
            part.key, part.staged, part.staged_for = _new_key(), None, None


def _new_key() -> str:
    return uuid4().hex


def _made_with(session: Session, once_key: str) -> Post | None:
    return session.scalar(select(Post).where(Post.made_with == once_key))


def _said(when: When, state: State) -> str:
    if state is State.IN_REVIEW:
        return "Sent for approval."
    return "Publish now." if isinstance(when, Now) else "Scheduled."
