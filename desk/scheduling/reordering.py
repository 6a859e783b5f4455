"""Reordering: who goes out when among the planned posts of one channel.

The rule: a queue is a set of times, each held by one post. Reordering hands the same
times round, slots and all, weekly or picked; it makes no time and leaves none empty,
and posts that nobody named keep their order. Only "send next" may do better: where a
free slot lies before the whole queue, the post takes that one and no other post moves.
Posts that are past, put aside or going out are not in the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from desk import posts
from desk.desk import Desk
from desk.lifecycle import IllegalMove
from desk.models import Post
from desk.people.actors import DESK, Actor
from desk.scheduling import moving, queueing, queues
from desk.scheduling.moving import PLANNED, Former, Moved, Place
from desk.scheduling.queueing import OutOfDate

CHANGED = (
    "The queue changed meanwhile, so nothing was moved. This is how it stands now."
)
SAME_TIME = "Both go out at the same time: move one of them to another."


class Step(StrEnum):
    NEXT = "next"  # before all others
    UP = "up"
    DOWN = "down"


def move(
    desk: Desk,
    session: Session,
    post_id: int,
    to: Step | int,
    seen: str,
    *,
    now: datetime,
    by: Actor = DESK,
    idempotency_key: str | None = None,
) -> Moved:
    """Move a post in its queue, by a step or to a position counted from 0.

    `seen`: the signature of the order that the page showed. Raises `OutOfDate` where
    it is another one now, and `IllegalMove` where there is no way to go.
    """
    post = posts.find_post(session, post_id)
    line = queues.lock(session, post.channel_id, now)
    if idempotency_key and post.idempotency_key == idempotency_key:
        return Moved(post, ())  # the second half of a double click
    _refuse_unplanned(post)
    if queues.signature(line) != seen or post not in line:
        raise OutOfDate(CHANGED)
    target = _target(line, post, to)
    places = _exchanged(line, post, target)
    if to == Step.NEXT and (free := _free_before(session, desk, line, now)):
        places = {post: Place(free, free)}
    if post not in places:
        raise IllegalMove(SAME_TIME if line[target] is not post else _stays(to))
    former = {one: Place(_due(one), one.slot_at) for one in places}
    post.idempotency_key = idempotency_key or post.idempotency_key
    moving.retime(session, places, "Moved in the queue.", now=now, by=by)
    undo = tuple(Former(one.id, one.fence, place) for one, place in former.items())
    return Moved(post, undo)


def _refuse_unplanned(post: Post) -> None:
    if why := moving.fixed(post):
        raise IllegalMove(why)
    if post.state not in PLANNED:
        raise IllegalMove(f"This post is {post.state}: it stands in no queue.")


def _target(line: Sequence[Post], post: Post, to: Step | int) -> int:
    here = line.index(post)
    asked = {Step.NEXT: 0, Step.UP: here - 1, Step.DOWN: here + 1}
    wanted = asked[to] if isinstance(to, Step) else to
    return max(0, min(len(line) - 1, wanted))


def _exchanged(line: Sequence[Post], post: Post, target: int) -> dict[Post, Place]:
    """The new place of every post whose time changes."""
    order = [one for one in line if one is not post]
    order.insert(target, post)
    places = [Place(_due(one), one.slot_at) for one in line]
    return {
        one: place
        for one, place in zip(order, places, strict=True)
        if (one.due_at, one.slot_at) != (place.due_at, place.slot_at)
    }


def _free_before(
    session: Session, desk: Desk, line: Sequence[Post], now: datetime
) -> datetime | None:
    channel_id, first = line[0].channel_id, line[0].due_at
    free = queueing.free_slots(session, desk, channel_id, now, until=first, most=1)
    return free[0] if free else None


def _due(post: Post) -> datetime:
    if post.due_at is None:
        raise OutOfDate(CHANGED)
    return post.due_at


def _stays(to: Step | int) -> str:
    match to:
        case Step.NEXT | Step.UP:
            return "This post is next already: nothing goes out before it."
        case Step.DOWN:
            return "This post is the last one already. Move it to a later time."
        case _:
            return "The post stays where it was."
