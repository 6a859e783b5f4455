"""Health: how each channel is, what waits on it, and when its credential ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk import channels, holds, moments, queueing
from desk.desk import Desk
from desk.models import Channel, Hold, Post
from desk.needs import SOON_ENDS
from desk.publishing.sendable import SCHEDULED


class Health(StrEnum):
    WELL = "well"
    HELD = "held"  # a person said so
    STOPPED = "stopped"  # the platform refused its credential
    WAITING = "waiting"  # the platform wants us to wait
    RETIRED = "retired"


@dataclass(frozen=True)
class Checkup:
    """One channel, as it is now."""

    channel: Channel
    health: Health
    holds: tuple[Hold, ...]  # that stop all of it
    waiting: int  # posts scheduled on it
    next_slot: datetime | None
    has_slots: bool
    ends_soon: bool  # its credential


def checkups(session: Session, desk: Desk, now: datetime) -> list[Checkup]:
    """Every channel in use, by name."""
    standing = holds.active(session)
    waiting = _waiting(session)
    return [
        _checkup(session, desk, channel, standing, waiting.get(channel.id, 0), now)
        for channel in channels.listed(session)
    ]


def checkup(session: Session, desk: Desk, channel_id: int, now: datetime) -> Checkup:
    channel = channels.found(session, channel_id)
    waiting = _waiting(session).get(channel_id, 0)
    return _checkup(session, desk, channel, holds.active(session), waiting, now)


def ends(at: datetime, now: datetime) -> str:
    """When a credential ends, such as "ends in 12 days"."""
    left = at - now
    if left <= timedelta(0):
        return f"ended {moments.span(-left)} ago"
    return f"ends in {moments.span(left)}"


def _checkup(
    session: Session,
    desk: Desk,
    channel: Channel,
    standing: Iterable[Hold],
    waiting: int,
    now: datetime,
) -> Checkup:
    over = tuple(
        hold
        for hold in standing
        if hold.scope == "desk"
        or (hold.scope == "channel" and hold.target == str(channel.id))
    )
    ends_at = channel.credential_expires_at
    return Checkup(
        channel,
        _health(channel, bool(over), now),
        over,
        waiting,
        queueing.next_slot(session, desk, channel.id, now),
        bool(channels.weekly_slots(session, channel.id)),
        ends_at is not None and ends_at <= now + SOON_ENDS,
    )


def _health(channel: Channel, held: bool, now: datetime) -> Health:
    if channel.retired_at is not None:
        return Health.RETIRED
    if channel.stopped_at is not None:
        return Health.STOPPED
    if held:
        return Health.HELD
    if channel.not_before is not None and channel.not_before > now:
        return Health.WAITING
    return Health.WELL


def _waiting(session: Session) -> dict[int, int]:
    query = select(Post.channel_id, func.count().label("posts")).where(SCHEDULED)
    rows = session.execute(query.group_by(Post.channel_id))
    return {row.channel_id: row.posts for row in rows}
