"""Approving: an author's post gets its time from an editor, or goes back with why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from desk import channels, posts, scheduling, transition
from desk.desk import Desk
from desk.history import note
from desk.lifecycle import IllegalMove, State
from desk.models import Event, Post, User
from desk.models.posts import EventKind, ReasonKind
from desk.people.actors import Actor
from desk.people.rights import Permission
from desk.posts import Seen, reasons, validation
from desk.posts.loading import load_for_page
from desk.scheduling import NextSlot, When, planning, queueing
from desk.scheduling.planning import NOTHING, Planned

SENT = Event.kind == EventKind.SUBMITTED
DECIDED = frozenset({State.SCHEDULED, State.CLAIMED, State.DRAFT})  # and not sent yet
NOT_WAITING = "This post is not waiting for approval any more: someone was faster."
CHANGED = (
    "The author changed this post while you were reading it, so nothing was approved. "
    "This is how it stands now."
)


class Passed(IllegalMove):
    """The wanted time has passed, and the channel has no free slot."""


def approve(
    desk: Desk,
    session: Session,
    post_id: int,
    revision: int,
    when: When | None = None,
    *,
    now: datetime,
    by: Actor,
    seen: Seen | None = None,
    planned: Planned = NOTHING,
) -> Post:
    """It may go out: at the time its author wanted, else at the one given here.

    A wanted time that has passed becomes the next free slot; without one, raises
    `Passed`. `revision`: what the editor saw; raises `IllegalMove` on another.
    `planned`: what was found for it before this transaction.
    """
    post = _awaiting(session, post_id, by, seen)
    if post.revision != revision:
        raise IllegalMove(CHANGED)
    if when is None and (post.due_at is None or post.due_at <= now):
        when = _next_slot(desk, session, post, now, planned)
    if when is None:
        _at_its_time(desk, session, post, now, by, planned)
    else:
        scheduling.schedule(
            desk, session, post_id, when, now=now, by=by, planned=planned
        )
        note(session, post, "Approved.", now, by)
    post.approved_by = by.person_id
    return post


def ask_for_changes(
    session: Session,
    post_id: int,
    what: str,
    *,
    now: datetime,
    by: Actor,
    seen: Seen | None = None,
) -> Post:
    """Back to its author as a draft, with a note of what is to be changed."""
    post = _awaiting(session, post_id, by, seen)
    if not what.strip():
        raise IllegalMove("Say what should change, so that the author knows.")
    post = scheduling.to_draft(session, post_id, now=now, by=by)
    post.reason = what.strip()
    post.reason_kind = ReasonKind.CHANGES
    note(session, post, reasons.reason_words(post), now, by)
    return post


def wait_again(
    session: Session,
    post_id: int,
    *,
    now: datetime,
    by: Actor,
    seen: Seen | None = None,
) -> Post:
    """Undo an approval, or a wish for changes: it waits for approval as before."""
    post = posts.lock_in_state(session, post_id, DECIDED, by, Permission.PUBLISH, seen)
    due_at = post.was_due_at if post.state == State.DRAFT else post.due_at
    if due_at is None:
        raise IllegalMove("Its author had not asked for a time: schedule it.")
    if post.state != State.DRAFT:
        transition.move(session, post, State.DRAFT, now)
    posts.give_time(post, channels.find_channel(session, post.channel_id), due_at)
    post.approved_by = None
    return scheduling.submit(session, post, now, by)


def own(session: Session, person: User, limit: int = 100) -> list[Post]:
    """What this author wrote that waits for approval, or came back with a note."""
    sent = exists().where(Event.post_id == Post.id, SENT, Event.person_id == person.id)
    back = and_(Post.state == State.DRAFT, Post.reason_kind == ReasonKind.CHANGES)
    query = (
        select(Post)
        .where(or_(Post.state == State.IN_REVIEW, back))
        .where(or_(Post.created_by == person.id, sent))
        .order_by(Post.id.desc())
        .limit(limit)
    )
    return list(session.scalars(load_for_page(query)))


def senders(session: Session, post_ids: Sequence[int]) -> dict[int, str]:
    """Who sent each of these for approval, last."""
    query = select(Event).where(Event.post_id.in_(post_ids), SENT).order_by(Event.id)
    return {event.post_id: event.who for event in session.scalars(query)}


def _awaiting(session: Session, post_id: int, by: Actor, seen: Seen | None) -> Post:
    post = posts.locked(session, post_id, by, Permission.PUBLISH)
    if post.state != State.IN_REVIEW:
        raise IllegalMove(NOT_WAITING)
    posts.refuse_actor(session, post, by, Permission.PUBLISH, seen)
    return post


def _next_slot(
    desk: Desk, session: Session, post: Post, now: datetime, planned: Planned
) -> When:
    if planned.slot_at is not None:
        return NextSlot()
    if queueing.next_slot(session, desk, post.channel_id, now) is None:
        raise Passed(
            "The time that its author wanted has passed, and the channel has no free "
            "slot: send it now, or pick a time."
        )
    return NextSlot()


def _at_its_time(
    desk: Desk,
    session: Session,
    post: Post,
    now: datetime,
    by: Actor,
    planned: Planned,
) -> None:
    channel = channels.find_channel(session, post.channel_id)
    planning.refuse_unfit(desk, post, channel, planned)
    if post.due_at is not None:
        posts.give_time(post, channel, post.due_at)
        validation.refuse_repeated(desk, session, post)
    posts.alter(session, post, "Approved.", now, by, to=State.SCHEDULED)
