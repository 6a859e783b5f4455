"""The outbox: an intent is committed just before the one irreversible call."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import and_, func, insert, select
from sqlalchemy.orm import Session

from connectors.base import Connector, Prepared
from desk import transition
from desk.engine_settings import engine
from desk.history import note_all
from desk.lifecycle import State
from desk.models import Attempt, Channel, Part, Post
from desk.publishing.claiming import Claim
from desk.publishing.fencing import fence_stands, lock_in_order
from desk.publishing.limiter import Lane
from desk.publishing.timestamps import STEP, Date
from desk.sendable import intending, still_sendable
from desk.timekeeping import ClockReading
from desk.transition import Lease

BEGINNING = {  # what was seen before this call says nothing of it
    "crash_count": 0,
    "looks": 0,
    "blind_looks": 0,
    "unseen": None,
    "reason": "",
}


@dataclass(frozen=True)
class Ready:
    """One part of a claimed post, with the exact bytes that will be sent."""

    claim: Claim
    channel_id: int
    part_id: int
    credential_version: int  # of the channel, when it was made ready
    prepared: Prepared
    connector: Connector
    lane: Lane
    whole: bool = True  # the post has no other part
    date: Date | None = None  # the time that it says of itself, if it says one
    held_as: State = State.CLAIMED  # a look's own try is made while it is unconfirmed

    def timely(self, now: datetime) -> Ready:
        """With the time it goes out at, where it waited past the one it would say."""
        if (
            self.date is None
            or self.date.fixed
            or now <= self.date.at + engine.intents.late
        ):
            return self
        prepared = self.connector.redated(self.prepared, now)
        return replace(self, prepared=prepared, date=replace(self.date, at=now))


@dataclass(frozen=True)
class Intent:
    """A committed promise to make one call now, and what it will send."""

    post_id: int
    channel_id: int
    part_id: int
    number: int  # of the attempt, for this part
    fence: int
    credential_version: int  # of the channel
    whole: bool
    prepared: Prepared
    connector: Connector
    read: ClockReading  # when it was made, by a clock that can't be set
    probing: bool = False  # its channel waits for a limit, and it is to find out

    @property
    def pair(self) -> tuple[int, int]:
        return self.post_id, self.fence

    @property
    def named(self) -> tuple[int, int, int, int]:
        """As the log names its attempt: post, part, number, channel."""
        return self.post_id, self.part_id, self.number, self.channel_id


@dataclass(frozen=True)
class _Part:
    """How a part stands in the transaction of its intent."""

    live: bool
    tries: int
    credential_version: int
    probing: bool


def intend(
    session: Session,
    ready: Sequence[Ready],
    worker: str,
    read: ClockReading,
) -> list[Intent]:
    """Put attempts on record, of posts that are held alike.

    Who is missing in the answer may not go out.

    Someone edited, cancelled, held or claimed it again, so nothing is sent. Commits
    with the caller's transaction; only then may the calls be made.
    """
    intending(session)
    ready = _newest(ready)
    held_as = ready[0].held_as if ready else State.CLAIMED
    moved = _moved(session, ready, worker, read.at, held_as)
    mine = [one for one in ready if one.claim.post_id in moved]
    parts = _parts(session, [one.part_id for one in mine], read.at)
    going = [one for one in mine if _may(one, parts[one.part_id])]
    sent = {one.claim.post_id for one in going}
    _stay(session, moved - sent, held_as, Lease(read.at + engine.claims.lease, worker))
    return _on_record(session, going, parts, worker, read)


def _newest(ready: Sequence[Ready]) -> list[Ready]:
    """A post may be in hand twice, as it was claimed before an edit and after it."""
    fences: dict[int, int] = {}
    for one in ready:
        post_id, fence = one.claim.pair
        fences[post_id] = max(fence, fences.get(post_id, fence))
    return [one for one in ready if one.claim.fence == fences[one.claim.post_id]]


def _moved(
    session: Session,
    ready: Sequence[Ready],
    worker: str,
    now: datetime,
    held_as: State,
) -> set[int]:
    """Move to sending what is still ours and may go out: the fence's one check."""
    mine = fence_stands([one.claim.pair for one in ready])
    free = select(Post.id).where(mine, Post.state == held_as, still_sendable(now))
    deadline = max((one.connector.deadline for one in ready), default=timedelta(0))
    moved = session.scalars(
        transition.moving(
            lock_in_order(free),
            held_as,
            State.SENDING,
            Lease(now + deadline + engine.intents.margin, worker),
            BEGINNING,
        ).returning(Post.id)
    )
    return set(moved)


def _parts(
    session: Session, part_ids: Collection[int], now: datetime
) -> dict[int, _Part]:
    """How these parts stand. Their posts are locked by now."""
    tries = select(func.max(Attempt.number)).where(Attempt.part_id == Part.id)
    query = (
        select(
            Part.id,
            Part.remote_id,
            tries.correlate(Part).scalar_subquery().label("tries"),
            Channel.credential_version,
            and_(Channel.not_before > now, Channel.probe_id == Part.post_id).label(
                "probing"
            ),
        )
        .join(Channel, Channel.id == Part.channel_id)
        .where(Part.id.in_(part_ids))
    )
    return {
        row.id: _Part(
            row.remote_id is not None,
            row.tries or 0,
            row.credential_version,
            bool(row.probing),
        )
        for row in session.execute(query)
    }


def _may(one: Ready, part: _Part) -> bool:
    """Not what someone sent under this fence, nor as whom the channel no longer is."""
    return not part.live and part.credential_version == one.credential_version


def _stay(session: Session, post_ids: set[int], held_as: State, lease: Lease) -> None:
    if post_ids:
        session.execute(transition.moving(post_ids, State.SENDING, held_as, lease))


def _on_record(
    session: Session,
    going: Sequence[Ready],
    parts: dict[int, _Part],
    worker: str,
    read: ClockReading,
) -> list[Intent]:
    if not going:
        return []
    going = [one.timely(read.at + n * STEP) for n, one in enumerate(going)]
    numbers = [parts[one.part_id].tries + 1 for one in going]
    rows = [
        _row(one, number, worker, read.at)
        for one, number in zip(going, numbers, strict=True)
    ]
    # past the ORM, whose bulk insert costs as much again
    session.connection().execute(insert(Attempt.__table__), rows)  # type: ignore[arg-type]  # a Table, declared as something wider
    note_all(session, _notes(going, numbers), State.SENDING, read.at)
    return [
        _intent(one, number, read, probing=parts[one.part_id].probing)
        for one, number in zip(going, numbers, strict=True)
    ]


def _intent(
    one: Ready, number: int, read: ClockReading, *, probing: bool = False
) -> Intent:
    return Intent(
        one.claim.post_id,
        one.channel_id,
        one.part_id,
        number,
        one.claim.fence,
        one.credential_version,
        one.whole,
        one.prepared,
        one.connector,
        read,
        probing,
    )


def _notes(
    going: Sequence[Ready], numbers: Sequence[int]
) -> Iterable[tuple[int, int, str]]:
    for one, number in zip(going, numbers, strict=True):
        yield one.claim.post_id, one.claim.fence, f"Sending, try {number}."


def _row(one: Ready, number: int, worker: str, now: datetime) -> dict[str, object]:
    body = one.prepared.body
    return {
        "part_id": one.part_id,
        "channel_id": one.channel_id,
        "number": number,
        "fence": one.claim.fence,
        "key": one.prepared.key,
        "body": body,
        "digest": hashlib.sha256(body.encode()).hexdigest(),
        "worker": worker,
        "intent_at": now,
        "deadline_at": now + one.connector.deadline,
        "public_at": one.date.at if one.date else None,
        "reason": "",
    }


def left_behind(
    session: Session, ready: Iterable[Ready], worker: str, read: ClockReading
) -> list[Intent]:
    """Intents of ours that are on record though their commit was never answered.

    Nothing was sent for them, and nobody but us knows it.
    """
    by_part = {(one.part_id, one.claim.fence): one for one in ready}
    found = select(Attempt).where(
        Attempt.part_id.in_([part_id for part_id, _ in by_part]),
        Attempt.worker == worker,
        Attempt.replied_at.is_(None),
    )
    return [
        _intent(one, attempt.number, read)
        for attempt in session.scalars(found)
        if (one := by_part.get((attempt.part_id, attempt.fence))) is not None
    ]
