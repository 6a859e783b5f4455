"""Claiming: leasing due posts, keeping the lease, and freeing what was left behind."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    case,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session, aliased

from desk.channels import allowance
from desk.history import note
from desk.lifecycle import State
from desk.models import Attempt, Channel, Part, Post
from desk.publishing.sendable import FIRST, SCHEDULED, sendable

LEAD = timedelta(seconds=2)  # claimed ahead, so that only the call is left at due_at
LEASE = timedelta(seconds=5)  # past due; whoever holds the post renews it
PICKUPS = 3  # without an intent: the post itself must be what kills the workers
BATCH = 200


@dataclass(frozen=True)
class Claim:
    """A lease on a post: whoever has an older fence may not act on it."""

    post_id: int
    fence: int
    next_at: datetime | None = None  # None: now


def claim_due(session: Session, now: datetime, limit: int = BATCH) -> list[Claim]:
    """Lease posts that are due within two seconds; several clocks may do so at once.

    They have no owner until a worker picks them up.
    """
    soon = now + LEAD
    due = (
        select(Post.id)
        .where(SCHEDULED, sendable(soon))
        .order_by(FIRST, Post.next_at, Post.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Post)
    )
    ids = session.scalars(due).all()
    if not ids:
        return []
    rows = session.execute(
        update(Post)
        .where(Post.id.in_(ids), Post.state == State.SCHEDULED)
        .values(
            state=State.CLAIMED,
            fence=Post.fence + 1,
            owner=None,
            lease_until=soon + LEASE,
        )
        .returning(Post.id, Post.fence, Post.next_at, Post.channel_id)
        .execution_options(synchronize_session=False)
    ).all()
    refused = _spend(session, [(row.id, row.channel_id) for row in rows], now)
    return [
        Claim(row.id, row.fence, row.next_at) for row in rows if row.id not in refused
    ]


def pick_up(
    session: Session, claims: Sequence[tuple[int, int]], worker: str, now: datetime
) -> list[Claim]:
    """A worker takes what the clock handed over; stale fences are dropped.

    So is a hint that came twice: a claim is picked up once, and counted once. A post
    that was picked up three times without ever reaching its intent has failed.
    """
    rows = session.execute(
        update(Post)
        .where(_ours(claims), Post.state == State.CLAIMED, Post.owner.is_(None))
        .values(
            owner=worker,
            lease_until=_later(now + LEASE),
        )
        .returning(Post.id, Post.fence, Post.next_at, Post.pickups)
        .execution_options(synchronize_session=False)
    ).all()
    poisoned = [row.id for row in rows if row.pickups >= PICKUPS]
    for post in session.scalars(select(Post).where(Post.id.in_(poisoned))):
        poison(session, post, now)
    return [
        Claim(row.id, row.fence, row.next_at) for row in rows if row.id not in poisoned
    ]


def begin(session: Session, claim: Claim) -> None:
    """Count that a suspect is being made ready, before it is.

    A worker that dies takes dozens of posts with it, and one of them may be the
    cause. All are suspects from then on, and only who is in hand at the next death
    is counted again. The intent clears a post.
    """
    session.execute(
        update(Post)
        .where(Post.id == claim.post_id, Post.fence == claim.fence)
        .where(Post.state == State.CLAIMED, Post.pickups > 0)
        .values(pickups=Post.pickups + 1)
        .execution_options(synchronize_session=False)
    )


def poison(session: Session, post: Post, now: datetime) -> None:
    """Whoever touched this post died of it: the others go on without it."""
    live = live_words(post)
    post.state, post.owner, post.lease_until = State.FAILED, None, None
    post.reason = f"{live}. " if live else ""
    post.reason += (
        f"The desk crashed {PICKUPS} times while it made this post ready. Look at "
        "its text and image, then try again."
    )
    note(session, post, post.reason, now)


def renew(
    session: Session, claims: Collection[tuple[int, int]], worker: str, now: datetime
) -> set[tuple[int, int]]:
    """Keep the leases of what this worker holds; gives those that are still its own."""
    rows = session.execute(
        update(Post)
        .where(_ours(claims), Post.state == State.CLAIMED, Post.owner == worker)
        .values(lease_until=_later(now + LEASE))
        .returning(Post.id, Post.fence)
        .execution_options(synchronize_session=False)
    )
    return {(row.id, row.fence) for row in rows}


def give_back(session: Session, claims: Collection[tuple[int, int]]) -> int:
    """Claimed posts that we will not send: the clock may claim them again."""
    if not claims:
        return 0
    result = session.execute(
        update(Post)
        .where(_ours(claims), Post.state == State.CLAIMED)
        .values(
            state=State.SCHEDULED,
            owner=None,
            lease_until=None,
            pickups=case((Post.pickups > 0, Post.pickups - 1), else_=0),
        )
        .returning(Post.id)
        .execution_options(synchronize_session=False)
    )
    return len(result.all())


def rescue(session: Session, now: datetime, settle: timedelta) -> tuple[int, int]:
    """Free posts whose lease ran out; gives how many were (claimed, sending).

    A claimed one never touched the network. What may have been sent becomes
    unconfirmed and is never simply sent again.
    """
    late = select(Post).where(Post.lease_until < now).limit(BATCH)
    late = late.with_for_update(skip_locked=True, of=Post)
    claimed = session.scalars(late.where(Post.state == State.CLAIMED)).all()
    for post in claimed:
        post.state, post.owner, post.lease_until = State.SCHEDULED, None, None
        post.pickups = max(1, post.pickups)
        note(session, post, "Its worker went silent before sending; it goes on.", now)
    sending = session.scalars(late.where(Post.state == State.SENDING)).all()
    for post in sending:
        _doubt(session, post, now, settle)
    return len(claimed), len(sending)


def _doubt(session: Session, post: Post, now: datetime, settle: timedelta) -> None:
    post.state, post.owner, post.lease_until = State.UNCONFIRMED, None, None
    post.fence += 1
    post.reason = "The desk went silent while it was sending."
    post.look_at = now
    open_ = select(Attempt).join(Part).where(Part.post_id == post.id)
    for attempt in session.scalars(open_.where(Attempt.outcome.is_(None))):
        attempt.outcome = "unknown"
        attempt.reason = post.reason
        post.look_at = max(now, attempt.deadline_at + settle)
    note(session, post, post.reason, now)


def expire(session: Session, now: datetime) -> int:
    """Scheduled posts that are too late for their class are missed, and say so.

    So are due ones whose wait is longer than that: it is told now, not at the end.
    """
    channel = aliased(Channel)
    waits = exists().where(
        channel.id == Post.channel_id, channel.not_before >= Post.expires_at
    )
    late = or_(Post.expires_at <= now, Post.next_at >= Post.expires_at, waits)
    query = (
        select(Post)
        .where(SCHEDULED, Post.due_at <= now, late)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=Post)
    )
    posts = session.scalars(query).all()
    for post in posts:
        too_late(session, post, now)
    return len(posts)


def too_late(session: Session, post: Post, now: datetime) -> None:
    """A post that can't go out in time is missed; one partly live has failed."""
    post.lease_until = None
    if live := live_words(post):
        post.state = State.FAILED
        post.reason = f"{live}; too late to go on by itself."
    else:
        post.state = State.MISSED
        waited = f" It was waiting: {post.reason}" if post.reason else ""
        post.reason = (
            f"Too late for a {post.priority} post, so it was not sent.{waited}"
        )
    note(session, post, post.reason, now)


def live_words(post: Post) -> str:
    """How much of a thread is out, such as "2 of 5 live"; empty: nothing is."""
    live = sum(part.remote_id is not None for part in post.parts)
    return f"{live} of {len(post.parts)} live" if live else ""


def next_moment(session: Session) -> datetime | None:
    """When the next scheduled post is due, or the next lease runs out."""
    due = session.scalar(select(func.min(Post.next_at)).where(SCHEDULED))
    lease = session.scalar(select(func.min(Post.lease_until)))
    return min(
        (at for at in (due and due - LEAD, lease) if at is not None), default=None
    )


def _ours(claims: Collection[tuple[int, int]]) -> ColumnElement[bool]:
    return tuple_(Post.id, Post.fence).in_(list(claims))


def _later(lease: datetime) -> ColumnElement[datetime]:
    """This lease, or one that runs longer (a post waits for its due time)."""
    return case(
        (Post.lease_until > lease, Post.lease_until),
        else_=lease,
    )


def _spend(
    session: Session, claimed: Sequence[tuple[int, int]], now: datetime
) -> set[int]:
    """Take the claims off their channels' allowances; gives those that must wait."""
    by_channel: dict[int, list[int]] = {}
    for post_id, channel_id in claimed:
        by_channel.setdefault(channel_id, []).append(post_id)
    refused: set[int] = set()
    query = select(Channel).where(Channel.id.in_(by_channel)).order_by(Channel.id)
    query = query.with_for_update()  # in one order, or two clocks wait for each other
    for channel in session.scalars(query):
        over = _over(channel, by_channel[channel.id], now)
        if over and channel.spent_from_at and (allowed := allowance(channel)):
            _wait(session, over, channel.spent_from_at + allowed[1], now)
            refused.update(over)
    return refused


def _over(channel: Channel, post_ids: list[int], now: datetime) -> list[int]:
    allowed = allowance(channel)
    if allowed is None:
        return []
    count, period = allowed
    if channel.spent_from_at is None or channel.spent_from_at + period <= now:
        channel.spent, channel.spent_from_at = 0, now
    room = max(0, count - channel.spent)
    channel.spent += min(room, len(post_ids))
    return post_ids[room:]


def _wait(
    session: Session, post_ids: list[int], until: datetime, now: datetime
) -> None:
    """The next period's turn; missed now where that is too late for the class."""
    posts = session.scalars(
        select(Post).where(Post.id.in_(post_ids)),
        execution_options={"populate_existing": True},
    )
    for post in posts:
        post.state, post.lease_until = State.SCHEDULED, None
        post.not_before = post.next_at = max(post.next_at or until, until)
        post.reason = "The platform allows no more posts for now."
        if post.expires_at is not None and post.next_at >= post.expires_at:
            too_late(session, post, now)
        else:
            note(session, post, post.reason, now)
