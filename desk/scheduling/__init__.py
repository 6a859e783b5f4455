"""Scheduling: giving a post its time, and taking it away again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from desk import channels, posts
from desk.channels import backoff
from desk.desk import Desk
from desk.lifecycle import EDITABLE, State
from desk.models import Post
from desk.models.posts import EventKind
from desk.people import rights
from desk.people.actors import DESK, Actor
from desk.people.rights import Permission
from desk.posts import Seen, validation
from desk.scheduling import planning, queueing
from desk.scheduling.planning import NOTHING, Planned

NOW_IN = timedelta(seconds=10)  # "now": so long can it be undone


@dataclass(frozen=True)
class At:
    due_at: datetime


@dataclass(frozen=True)
class Now:
    """In ten seconds: the time of its Undo."""


@dataclass(frozen=True)
class NextSlot:
    """The first free slot of its channel; `since`: none before that time."""

    since: datetime | None = None


When = At | Now | NextSlot


def at_or_now(due_at: datetime, now: datetime) -> At | Now:
    """At that time; one that has come is now, which can be undone."""
    return At(due_at) if due_at > now else Now()


def schedule(
    desk: Desk,
    session: Session,
    post_id: int,
    when: When,
    *,
    now: datetime,
    by: Actor = DESK,
    idempotency_key: str | None = None,
    priority: str | None = None,
    needs_approval: bool = False,
    seen: Seen | None = None,
    planned: Planned = NOTHING,
) -> Post:
    """Give a post its time. The same idempotency key again changes nothing.

    `planned`: what was found for it before this transaction.
    Whose role may not publish asks for approval by it. Raises `TooLong` with what the
    platform can't carry, `NoFreeSlot`, `IllegalMove`, `NotYours`, `Overtaken`.
    """
    post = posts.find_post(session, post_id, lock=True)
    if _is_done(post, idempotency_key):
        return post
    posts.refuse_actor(session, post, by, seen=seen)
    posts.refuse(post, EDITABLE)
    posts.refuse_partly_live(post)
    channel = channels.find_channel(session, post.channel_id)
    planning.refuse_unfit(desk, post, channel, planned)
    post.priority = priority or post.priority
    post.idempotency_key = idempotency_key or post.idempotency_key
    asks = needs_approval or not rights.allows(session, by, Permission.PUBLISH)
    _give_time(desk, session, post, when, now, asks, planned.slot_at)
    validation.refuse_repeated(desk, session, post)
    if asks:
        return submit(session, post, now, by)
    said = "Publish now." if isinstance(when, Now) else "Scheduled."
    return posts.alter(session, post, said, now, by, to=State.SCHEDULED)


def _is_done(post: Post, idempotency_key: str | None) -> bool:
    """Did this very form give it a time?"""
    same = idempotency_key is not None and post.idempotency_key == idempotency_key
    return same and post.state != State.DRAFT


def _give_time(
    desk: Desk,
    session: Session,
    post: Post,
    when: When,
    now: datetime,
    asks: bool,
    slot_at: datetime | None,
) -> None:
    """The time that was chosen; `asks`: for approval by it; `slot_at`: was free."""
    if isinstance(when, NextSlot):
        target = State.IN_REVIEW if asks else State.SCHEDULED
        queueing.into_slot(session, post, desk, now, target, slot_at, when.since)
        return
    post.slot_at = None
    due_at = when.due_at if isinstance(when, At) else now + NOW_IN
    channel = channels.find_channel(session, post.channel_id)
    posts.give_time(post, channel, due_at)


def submit(session: Session, post: Post, now: datetime, by: Actor) -> Post:
    """It waits for approval."""
    return posts.alter(
        session,
        post,
        "Sent for approval.",
        now,
        by,
        to=State.IN_REVIEW,
        kind=EventKind.SUBMITTED,
    )


def retry(
    desk: Desk,
    session: Session,
    post_id: int,
    *,
    now: datetime,
    by: Actor = DESK,
    wait: timedelta = timedelta(),
    seen: Seen | None = None,
) -> Post:
    """A person sends it now: failed, missed, put aside, or a thread that stopped.

    `wait`: for so long it can be undone. Where its channel waits for the platform's
    limit, it may find out whether it must.
    """
    post = posts.locked(session, post_id, by, Permission.PUBLISH, seen)
    channel = channels.find_channel(session, post.channel_id)
    kept = post.triage or post.not_before or backoff.is_waiting(channel, now)
    if post.state != State.SCHEDULED or not kept:
        posts.refuse(post, {State.FAILED, State.MISSED})
    validation.refuse_unfit(desk, post, channel)
    backoff.probe_soon(channel, now)
    post.slot_at = None
    post.tries = post.crash_count = post.resends = 0
    posts.give_time(post, channel, now + wait)
    validation.refuse_repeated(desk, session, post)
    said = "Sent again by hand."
    return posts.alter(session, post, said, now, by, to=State.SCHEDULED)


def cancel(
    session: Session,
    post_id: int,
    *,
    now: datetime,
    by: Actor = DESK,
    seen: Seen | None = None,
) -> Post:
    """It will not go out; it can be brought back."""
    post = posts.lock_editable(session, post_id, by, Permission.PUBLISH, seen)
    if post.state == State.CANCELLED:
        return post
    return posts.alter(session, post, "Cancelled.", now, by, to=State.CANCELLED)


def to_draft(
    session: Session,
    post_id: int,
    *,
    now: datetime,
    by: Actor = DESK,
    seen: Seen | None = None,
) -> Post:
    """Take it out of the schedule, keeping its text."""
    post = posts.lock_editable(session, post_id, by, seen=seen)
    if post.state == State.DRAFT:
        return post
    post.was_due_at = post.due_at
    post.due_at = post.next_at = post.not_before = post.slot_at = None
    post.expires_at = post.triage = None
    post.own_time = False
    return posts.alter(session, post, "Back to draft.", now, by, to=State.DRAFT)
