"""Crash counts: posts with which workers die, again and again, fail as poison."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from desk import heartbeats, transition
from desk.engine_settings import engine
from desk.lifecycle import State
from desk.models import Post
from desk.publishing.lateness import live_words

_RUN = uuid4().hex[:8]


def holder() -> str:
    """This process, and no earlier one of the same number."""
    return f"{heartbeats.name()}#{_RUN}"


def count_suspect(session: Session, post_id: int, fence: int, now: datetime) -> None:
    """Count that a suspect is being made ready, before it is.

    A worker that dies takes dozens of posts with it, and one of them may be the
    cause. All are suspects from then on, and only who is in hand at the next death
    is counted again. The intent clears a post.
    """
    session.execute(
        update(Post)
        .where(Post.id == post_id, Post.fence == fence)
        .where(Post.state == State.CLAIMED, Post.crash_count > 0)
        .values(crash_count=Post.crash_count + 1, in_hand_of=holder(), in_hand_at=now)
        .execution_options(synchronize_session=False)
    )


def absolve(session: Session, post: Post, now: datetime) -> None:
    """Take back the last count where nobody died of it: an error is no death.

    Whoever had it in hand is asked about by its heartbeats, since what went wrong may
    have kept it from saying so.
    """
    if post.in_hand_of is not None and not _died(session, post, now):
        post.crash_count = max(1, post.crash_count - 1)
    post.in_hand_of = post.in_hand_at = None


def _died(session: Session, post: Post, now: datetime) -> bool:
    who, _, run = (post.in_hand_of or "").partition("#")
    if who == heartbeats.name():
        return run != _RUN  # in a container each run may have the same number
    at = post.in_hand_at or now
    return heartbeats.fell_silent_since(session, who, at, now)


def clear_survivor(session: Session, post_id: int, fence: int) -> None:
    """It was made ready, and nobody died of it: so nobody did before."""
    session.execute(
        update(Post)
        .where(Post.id == post_id, Post.fence == fence)
        .where(Post.state == State.CLAIMED, Post.crash_count > 1)
        .values(crash_count=1, in_hand_of=None, in_hand_at=None)
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
        f"The desk crashed {post.crash_count} times while it made this post ready. "
        "Look at its text and image, then try again."
    )
    transition.move(session, post, State.FAILED, now, post.reason)
