"""Taking: a post gets the slot of another, which moves to the next free one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from desk import posts
from desk.desk import Desk
from desk.models import Post
from desk.people.actors import Actor
from desk.people.rights import Permission
from desk.posts import Seen
from desk.scheduling import moving
from desk.scheduling.moving import Former, Moved
from desk.scheduling.planning import NOTHING, Planned
from desk.scheduling.queueing import OutOfDate

CHANGED = (
    "Someone changed what goes out on this channel meanwhile, so nothing was moved. "
    "This is how it stands now."
)


@dataclass(frozen=True)
class Offer:
    """What a page said that a press does: whose slot is taken, and where that goes."""

    other_id: int
    fence: int  # of the other
    at: datetime
    to: datetime

    @property
    def written(self) -> str:
        """For a form's hidden field."""
        times = f"{self.at.isoformat()}/{self.to.isoformat()}"
        return f"{self.other_id}/{self.fence}/{times}"

    @classmethod
    def read(cls, text: str) -> Offer:
        """Raises `ValueError` where this is nothing that `written` gave."""
        number, fence, at, to = text.split("/")
        if max(len(number), len(fence)) > moving.MOST_DIGITS:
            raise ValueError(text)
        times = datetime.fromisoformat(at), datetime.fromisoformat(to)
        if any(one.tzinfo is None for one in times):
            raise ValueError(text)
        return cls(int(number), int(fence), *times)


@dataclass(frozen=True)
class Taken:
    """Both posts at their new times, and what Undo would put back."""

    post: Post
    other: Post
    former: tuple[Former, ...]


def take_slot(
    desk: Desk,
    session: Session,
    post_id: int,
    offer: Offer,
    *,
    now: datetime,
    by: Actor,
    seen: Seen,
    planned: Planned = NOTHING,
    planned_other: Planned = NOTHING,
) -> Taken:
    """Exactly as it was offered, or not at all.

    Raises `OutOfDate` where either is no longer so, `Overtaken`, `IllegalMove`,
    `TooLong`, `NotYours`.
    """
    posts.lock_all(session, [post_id, offer.other_id])
    other = posts.locked(session, offer.other_id, by, Permission.PUBLISH)
    post = posts.locked(session, post_id, by, Permission.PUBLISH, seen)
    if not _stands(other, offer) or other.channel_id != post.channel_id:
        raise OutOfDate(CHANGED)
    moved = moving.move(
        desk,
        session,
        other.id,
        offer.to,
        offer.fence,
        now=now,
        by=by,
        planned=planned_other,
    )
    taken = moving.move(
        desk, session, post.id, offer.at, post.fence, now=now, by=by, planned=planned
    )
    _refuse_bare(moved, offer.to)
    _refuse_bare(taken, offer.at)
    return Taken(taken.post, moved.post, (*taken.former, *moved.former))


def _stands(other: Post, offer: Offer) -> bool:
    return (other.fence, other.due_at) == (offer.fence, offer.at)


def _refuse_bare(moved: Moved, slot: datetime) -> None:
    """A third post has that slot by now."""
    if moved.post.slot_at != slot:
        raise OutOfDate(CHANGED)
