"""Rescuing: posts whose worker went silent, and posts that kill their workers."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from desk import channels, heartbeats, transition
from desk.desk import Desk
from desk.engine import engine
from desk.history import note
from desk.lifecycle import Outcome, State
from desk.models import Attempt, Part, Post
from desk.publishing import looks
from desk.publishing.lateness import live_words

BATCH = 200
_RUN = uuid4().hex[:8]

log = structlog.get_logger(__name__)


def rescue(desk: Desk, session: Session, now: datetime) -> tuple[int, int]:
    """Free posts whose lease ran out; gives how many were (claimed, sending).

    A claimed one never touched the network. What may have been sent becomes
    unconfirmed and is never simply sent again.
    """
    late = select(Post).where(Post.lease_until < now).limit(BATCH)
    late = late.with_for_update(skip_locked=True, of=Post)
    claimed = session.scalars(late.where(Post.state == State.CLAIMED)).all()
    for post in claimed:
        _free(session, post, now)
    sending = session.scalars(late.where(Post.state == State.SENDING)).all()
    for post in sending:
        _doubt(session, post, now, channels.settle(desk, post.channel))
    if claimed or sending:
        going_on, in_doubt = ([post.id for post in them] for them in (claimed, sending))
        log.warning("rescued", claimed=going_on, sending=in_doubt)
    return len(claimed), len(sending)


def _free(session: Session, post: Post, now: datetime) -> None:
    """It goes on. Only what a worker held can have been the worker's death."""
    held = post.owner is not None
    transition.move(session, post, State.SCHEDULED, now)
    if held:
        post.pickups = max(1, post.pickups)
        _wait(session, post, now)
        note(session, post, "Its worker went silent before sending; it goes on.", now)


def _wait(session: Session, post: Post, now: datetime) -> None:
    """Who was in hand at a death goes on a little later, and the others before it.

    Workers may be dying of something else just now, and then it survives.
    """
    if not 1 < post.pickups < deaths_enough(session, now):
        return
    wait = min(
        engine.crashes.longest_wait,
        engine.crashes.first_wait * 3.0 ** (post.pickups - 2),
    )
    post.not_before = max(post.not_before or now, now + wait)
    post.next_at = max(post.next_at or now, post.not_before)


def _doubt(session: Session, post: Post, now: datetime, settle: timedelta) -> None:
    transition.move(session, post, State.UNCONFIRMED, now)
    post.reason = "The desk went silent while it was sending."
    post.look_at = now
    open_ = select(Attempt).join(Part).where(Part.post_id == post.id)
    for attempt in session.scalars(open_.where(Attempt.outcome.is_(None))):
        attempt.outcome = Outcome.UNKNOWN
        attempt.reason = post.reason
        soonest = max(now, attempt.deadline_at + settle)
        post.look_at = looks.next_look_at(session, post.channel_id, soonest)
    note(session, post, post.reason, now)


def holder() -> str:
    """This process, and no earlier one of the same number."""
    return f"{heartbeats.name()}#{_RUN}"


def begin(session: Session, post_id: int, fence: int, now: datetime) -> None:
    """Count that a suspect is being made ready, before it is.

    A worker that dies takes dozens of posts with it, and one of them may be the
    cause. All are suspects from then on, and only who is in hand at the next death
    is counted again. The intent clears a post.
    """
    session.execute(
        update(Post)
        .where(Post.id == post_id, Post.fence == fence)
        .where(Post.state == State.CLAIMED, Post.pickups > 0)
        .values(pickups=Post.pickups + 1, in_hand_of=holder(), in_hand_at=now)
        .execution_options(synchronize_session=False)
    )


def absolve(session: Session, post: Post, now: datetime) -> None:
    """Take back the last count where nobody died of it: an error is no death.

    Whoever had it in hand is asked about by its heartbeats, since what went wrong may
    have kept it from saying so.
    """
    if post.in_hand_of is not None and not _died(session, post, now):
        post.pickups = max(1, post.pickups - 1)
    post.in_hand_of = post.in_hand_at = None


def _died(session: Session, post: Post, now: datetime) -> bool:
    who, _, run = (post.in_hand_of or "").partition("#")
    if who == heartbeats.name():
        return run != _RUN  # in a container each run may have the same number
    at = post.in_hand_at or now
    return heartbeats.fell_silent_since(session, who, at, now)


def survived(session: Session, post_id: int, fence: int) -> None:
    """It was made ready, and nobody died of it: so nobody did before."""
    session.execute(
        update(Post)
        .where(Post.id == post_id, Post.fence == fence)
        .where(Post.state == State.CLAIMED, Post.pickups > 1)
        .values(pickups=1, in_hand_of=None, in_hand_at=None)
        .execution_options(synchronize_session=False)
    )


def deaths_enough(session: Session, now: datetime) -> int:
    """How many deaths condemn a post that was in hand at each of them.

    Where more processes died lately than one post needs (the memory is full, someone
    kills them), the posts are hardly to blame: then it takes twice as many.
    """
    return (
        2 * engine.crashes.enough
        if heartbeats.fell_silent(session, now) > engine.crashes.enough
        else engine.crashes.enough
    )


def poison(session: Session, post: Post, now: datetime) -> None:
    """Whoever touched this post died of it: the others go on without it."""
    live = live_words(post)
    post.reason = f"{live}. " if live else ""
    post.reason += (
        f"The desk crashed {post.pickups} times while it made this post ready. Look at "
        "its text and image, then try again."
    )
    transition.move(session, post, State.FAILED, now, post.reason)
