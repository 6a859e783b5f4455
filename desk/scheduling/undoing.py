"""Undoing: the way back from what a person did to a post, as far as there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import dropwhile, takewhile

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import channels, posts, scheduling
from desk.desk import Desk
from desk.lifecycle import IllegalMove, State
from desk.models import Event, Post
from desk.people.actors import Actor
from desk.people.rights import Permission
from desk.posts import UNSEEN, Seen
from desk.scheduling import At, queueing

GIVEN_UP = frozenset({State.FAILED, State.MISSED})
DONE = frozenset({State.CANCELLED, State.DRAFT, State.SCHEDULED, State.IN_REVIEW})
NOTHING = "There is nothing to undo here: pick a time for it."


def put_back(
    desk: Desk,
    session: Session,
    post_ids: Sequence[int],
    *,
    now: datetime,
    by: Actor,
    seen: Mapping[int, Seen] = UNSEEN,
) -> list[Post]:
    """Undo cancelling, taking back or moving: each post as it stood before.

    All of them or none. A time that has passed meanwhile is not given again: what was
    cancelled is a draft then.
    """
    posts.lock_all(session, post_ids)
    found = [posts.find_post(session, post_id) for post_id in post_ids]
    return [
        _put_back(desk, session, post.id, now, by, seen.get(post.id))
        for post in sorted(found, key=queueing.by_channel)
    ]


def take_back(
    session: Session, post_ids: Sequence[int], *, now: datetime, by: Actor
) -> list[Post]:
    """Undo a scheduling: all that was scheduled together is drafts again."""
    return [scheduling.to_draft(session, one, now=now, by=by) for one in post_ids]


def former_time(post: Post, now: datetime) -> datetime | None:
    """The time ahead that Undo would give back; None where there is none."""
    at = post.due_at if post.state == State.CANCELLED else post.was_due_at
    return at if at is not None and at > now and post.state in DONE else None


def _put_back(
    desk: Desk,
    session: Session,
    post_id: int,
    now: datetime,
    by: Actor,
    seen: Seen | None,
) -> Post:
    post = posts.lock_in_state(session, post_id, DONE, by, Permission.PUBLISH, seen)
    before = _before(session, post)
    if at := former_time(post, now):
        return _timed(desk, session, post, at, before, now, by)
    if before is not None and before.state in GIVEN_UP:
        return _given_up_again(session, post, before, now, by)
    if post.state == State.CANCELLED:
        return scheduling.to_draft(session, post_id, now=now, by=by)
    raise IllegalMove(NOTHING)


def _timed(
    desk: Desk,
    session: Session,
    post: Post,
    at: datetime,
    before: Event | None,
    now: datetime,
    by: Actor,
) -> Post:
    waited = State.IN_REVIEW in (post.state, before.state if before else "")
    post = scheduling.schedule(
        desk, session, post.id, At(at), now=now, by=by, needs_approval=waited
    )
    queueing.keep_slot(session, post, desk)
    return post


def _given_up_again(
    session: Session, post: Post, before: Event, now: datetime, by: Actor
) -> Post:
    """It had failed or was missed: it waits for a person again, with its reason."""
    at = post.due_at if post.state == State.CANCELLED else post.was_due_at
    reason, kind = post.reason or before.what, post.reason_kind
    posts.give_time(
        post, channels.find_channel(session, post.channel_id), at or before.at
    )
    post.slot_at, post.reason = None, reason
    post.reason_kind = kind
    return posts.alter(session, post, "Put back.", now, by, to=State(before.state))


def _before(session: Session, post: Post) -> Event | None:
    """How the post came into the state that it was in before this one."""
    query = select(Event).where(Event.post_id == post.id).order_by(Event.id.desc())
    told = list(session.scalars(query))
    earlier = list(dropwhile(lambda event: event.state == post.state, told))
    if not earlier:
        return None
    state = earlier[0].state
    return list(takewhile(lambda event: event.state == state, earlier))[-1]
