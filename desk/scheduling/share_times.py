"""Share times: the time that was picked for a share, and the posts that follow it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from desk import posts, scheduling, shares
from desk.desk import Desk
from desk.lifecycle import GOING_OUT, State
from desk.models import Post, Share
from desk.people.actors import Actor
from desk.people.rights import Permission
from desk.posts import Seen, following
from desk.posts.validation import TooLong
from desk.scheduling import At, NextSlot, When, queueing
from desk.scheduling.moving import PLANNED
from desk.scheduling.queueing import NoFreeSlot
from desk.shares.editing import FROZEN, Kept, Saved, put_in, refuse_overwriting
from desk.shares.rendering import Field


def time_of(share: Share) -> When:
    """When a post goes out that follows it: at the picked time, or the next slot."""
    return At(share.due_at) if share.due_at else NextSlot()


def pick_time(
    desk: Desk,
    session: Session,
    share_id: int,
    due_at: datetime | None,
    revision: int,
    *,
    now: datetime,
    by: Actor,
) -> Saved:
    """Every post that has its time, and follows, has this one; None: its next slot.

    `revision`: of the share that was seen. Raises `Conflict`, `NotYours`.
    """
    share = shares.locked(session, share_id, by)
    saved = Saved(share)
    if share.due_at == due_at:
        return saved
    refuse_overwriting(share, {Field.DUE_AT: revision}, due_at)
    its = following.posts_of(session, share)
    put_in(session, share, {Field.DUE_AT: due_at}, now, by)
    for post in sorted(its, key=queueing.by_channel):
        if not post.own_time and post.due_at is not None:
            _retime(desk, session, post, saved, now, by)
    return saved


def follow_time(
    desk: Desk,
    session: Session,
    post_id: int,
    *,
    now: datetime,
    by: Actor,
    seen: Seen | None = None,
) -> Post:
    """A time of its own gives way to its share's.

    Raises `NoFreeSlot`, `TooLong`, `IllegalMove`, `NotYours`, `Overtaken`.
    """
    post = posts.locked(session, post_id, by, Permission.PUBLISH, seen)
    posts.refuse(post, PLANNED)
    return _at(desk, session, post, following.share_of(session, post), now, by)


def _retime(
    desk: Desk, session: Session, post: Post, saved: Saved, now: datetime, by: Actor
) -> None:
    """What has no free slot then, or would say the same again there, stays."""
    if post.state not in PLANNED:
        post.own_time = True
        if why := _why(post):
            saved.kept[post.id] = why
        return
    posts.refuse_actor(session, post, by, Permission.PUBLISH)
    try:
        with session.begin_nested():
            _at(desk, session, post, saved.share, now, by)
    except (NoFreeSlot, TooLong):
        post.own_time = True
        saved.kept[post.id] = Kept.UNFIT
    else:
        saved.changed.append(post)


def _at(
    desk: Desk, session: Session, post: Post, share: Share, now: datetime, by: Actor
) -> Post:
    waits = post.state == State.IN_REVIEW
    return scheduling.schedule(
        desk, session, post.id, time_of(share), now=now, by=by, needs_approval=waits
    )


def _why(post: Post) -> Kept | None:
    state = State(post.state)
    return Kept.GOING_OUT if state in GOING_OUT else FROZEN.get(state)
