"""Moving: another time for a post, and the former one back again.

Every planned post can be moved, by the queue and the calendar alike. A time that is one
of the channel's free weekly slots takes that slot; any other is simply its time. A post
in review keeps waiting for its approval: moving it approves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from desk import channels, posts, scheduling
from desk.desk import Desk
from desk.lifecycle import EDITABLE, IllegalMove, State
from desk.models import Post
from desk.people import rights
from desk.people.actors import DESK, Actor
from desk.people.rights import Permission
from desk.scheduling import At, queueing
from desk.scheduling.planning import NOTHING, Planned
from desk.scheduling.queueing import OutOfDate

PLANNED = frozenset({State.SCHEDULED, State.IN_REVIEW})
GIVEN_UP = frozenset({State.FAILED, State.MISSED})
GOING_OUT = "This post is going out this very moment: it can't be moved any more."
CHANGED = (
    "Someone else changed this post meanwhile, so it was not moved. This is how it "
    "stands now."
)
PASSED = "That time has passed meanwhile, so nothing was changed."
MOST_DIGITS = 9  # of a number in an Undo button
CHANGED_SINCE = "Someone changed this since, so nothing was undone."


@dataclass(frozen=True)
class Place:
    """A time, and the weekly slot that it holds, if it holds one."""

    due_at: datetime
    slot_at: datetime | None


@dataclass(frozen=True)
class Former:
    """Where a post stood before it was moved; `fence`: its own, after the move."""

    post_id: int
    fence: int
    place: Place | None  # None: it had no time

    @property
    def written(self) -> str:
        """For a form's hidden field."""
        place = self.place
        at = place.due_at.isoformat() if place else ""
        kind = "none" if place is None else "slot" if place.slot_at else "time"
        return f"{self.post_id}/{self.fence}/{kind}/{at}"

    @classmethod
    def read(cls, text: str) -> Former:
        """Raises `ValueError` where this is nothing that `written` gave."""
        number, fence, kind, at = text.split("/")
        place = None
        if kind != "none":
            due_at = datetime.fromisoformat(at)
            if due_at.tzinfo is None or due_at.year not in range(1970, 9999):
                raise ValueError(text)
            place = Place(due_at, due_at if kind == "slot" else None)
        if max(len(number), len(fence)) > MOST_DIGITS:
            raise ValueError(text)
        return cls(int(number), int(fence), place)


@dataclass(frozen=True)
class Moved:
    """A post that has another time now, and what Undo would put back."""

    post: Post
    former: tuple[Former, ...]


def move(
    desk: Desk,
    session: Session,
    post_id: int,
    due_at: datetime,
    seen: int,
    *,
    now: datetime,
    by: Actor = DESK,
    idempotency_key: str | None = None,
    planned: Planned = NOTHING,
) -> Moved:
    """Give this post another time. `seen`: the fence that the page showed.

    `planned`: what was found for it before this transaction.

    Raises `OutOfDate` where someone changed it since, `IllegalMove`, `TooLong`.
    """
    post = posts.locked(session, post_id, by, Permission.PUBLISH)
    if idempotency_key and post.idempotency_key == idempotency_key and post.due_at:
        return Moved(post, ())
    _refuse_moving(post, seen)
    state, place = State(post.state), _place(post)
    if state in GIVEN_UP:
        post.tries = post.crash_count = post.resends = 0
    scheduling.schedule(
        desk,
        session,
        post_id,
        At(due_at),
        now=now,
        by=by,
        idempotency_key=idempotency_key,
        needs_approval=state == State.IN_REVIEW,
        planned=planned,
    )
    queueing.keep_slot(session, post, desk)
    former = Former(post.id, post.fence, place)
    return Moved(post, () if state in GIVEN_UP else (former,))


def fixed(post: Post) -> str:
    """Why this post can't be moved; empty where it can."""
    if post.state == State.CLAIMED:
        return GOING_OUT
    if post.state in EDITABLE:
        return ""
    return posts.REFUSALS[State(post.state)]


def _refuse_moving(post: Post, seen: int) -> None:
    """The post is locked. `seen`: the fence that the page showed."""
    if why := fixed(post):
        raise IllegalMove(why)
    if post.fence != seen:
        raise OutOfDate(CHANGED)


def to_draft(
    session: Session, post_id: int, seen: int, *, now: datetime, by: Actor = DESK
) -> Moved:
    """Take it out of the plan, keeping its text; Undo knows its former time."""
    post = posts.locked(session, post_id, by, Permission.PUBLISH)
    _refuse_moving(post, seen)
    place = _place(post) if post.state == State.SCHEDULED else None
    scheduling.to_draft(session, post_id, now=now, by=by)
    return Moved(post, (Former(post.id, post.fence, place),) if place else ())


def put_back(
    desk: Desk,
    session: Session,
    former: Sequence[Former],
    *,
    now: datetime,
    by: Actor = DESK,
) -> list[Post]:
    """Undo a move: every post that it moved stands where it stood before.

    All of them or none: raises `OutOfDate` where one was changed since, its former
    time has passed, or another post has taken it.
    """
    rights.refuse(session, by, Permission.PUBLISH)
    by_id = {one.post_id: one for one in former}
    query = select(Post).where(Post.id.in_(by_id)).order_by(Post.id).with_for_update()
    found = session.scalars(query, execution_options={"populate_existing": True}).all()
    if not found or {p.id: p.fence for p in found} != {
        one.post_id: one.fence for one in former
    }:
        raise OutOfDate(CHANGED_SINCE)
    timed = {}
    for post in found:
        place = by_id[post.id].place
        if place is None:
            scheduling.to_draft(session, post.id, now=now, by=by)
        elif post.state == State.DRAFT:
            _plan_again(desk, session, post, place, now, by)
        else:
            timed[post] = place
    retime(session, timed, "Moved back.", now=now, by=by)
    return list(found)


def retime(
    session: Session,
    places: dict[Post, Place],
    what: str,
    *,
    now: datetime,
    by: Actor = DESK,
) -> None:
    """Give several posts their places in one step; they may exchange slots.

    The posts are locked. Raises `OutOfDate`, `IllegalMove`, `NotYours`.
    """
    rights.refuse(session, by, Permission.PUBLISH)
    for post, place in places.items():
        if why := fixed(post) or ("" if post.state in PLANNED else CHANGED_SINCE):
            raise IllegalMove(why)
        if place.due_at <= now:
            raise OutOfDate(PASSED)
        posts.refuse_partly_live(post)
        post.slot_at = None
    session.flush()  # slots are free before they are taken: each is for one post only
    try:
        for post, place in places.items():
            channel = channels.find_channel(session, post.channel_id)
            post.slot_at = place.slot_at
            posts.give_time(post, channel, place.due_at)
            posts.alter(session, post, what, now, by)
    except IntegrityError:
        raise OutOfDate(
            "Another post has taken that slot meanwhile, so nothing was changed."
        ) from None


def _plan_again(
    desk: Desk, session: Session, post: Post, place: Place, now: datetime, by: Actor
) -> None:
    if place.due_at <= now:
        raise OutOfDate(PASSED)
    scheduling.schedule(desk, session, post.id, At(place.due_at), now=now, by=by)
    queueing.keep_slot(session, post, desk)


def _place(post: Post) -> Place | None:
    """Where it stands; a time that has passed is none to go back to."""
    if post.state not in PLANNED or post.due_at is None:
        return None
    return Place(post.due_at, post.slot_at)
