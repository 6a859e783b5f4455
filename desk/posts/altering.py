"""Altering: where each change of what will be sent, or when, ends."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from desk import lifecycle, transition
from desk.history import note
from desk.lifecycle import IllegalMove, State
from desk.models import Channel, Post, Share
from desk.models.posts import EventKind
from desk.people.actors import Actor


def alter(
    session: Session,
    post: Post,
    what: str,
    now: datetime,
    by: Actor,
    to: State | None = None,
    kind: EventKind = EventKind.NOTED,
) -> Post:
    """Whatever changes what will be sent, or when, ends here: it raises the fence.

    The post is locked, and its intent is not committed: whoever has claimed it
    finds an old fence and sends nothing.
    """
    if to is not None and to != post.state:
        transition.move(session, post, to, now)
    elif post.state == State.CLAIMED:
        transition.move(session, post, State.SCHEDULED, now)
    else:
        transition.raise_fence(post)
    post.look_at = None
    session.flush()
    note(session, post, what, now, by, kind)
    return post


def give_time(post: Post, channel: Channel, due_at: datetime) -> None:
    if channel.retired_at is not None:
        raise IllegalMove(
            f"{channel.name} is retired, so nothing goes out on it. An admin can bring "
            "it back under Channels."
        )
    post.was_due_at = post.due_at if post.due_at != due_at else post.was_due_at
    post.due_at = post.next_at = due_at
    post.not_before = post.triage = None
    post.looks = post.blind_looks = 0  # what was seen before says nothing of that time
    post.expires_at = due_at + lifecycle.deadline(post.priority, channel.deadlines_s)
    post.reason = ""
    post.own_time = due_at != (_picked(post) or post.slot_at)


def _picked(post: Post) -> datetime | None:
    """The time that was picked for its share; None: each channel's next slot."""
    session = object_session(post)
    if session is None:
        return None
    return session.scalar(select(Share.due_at).where(Share.id == post.share_id))
