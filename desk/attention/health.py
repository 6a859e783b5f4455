"""Health: how each channel is, what waits on it, and when its credential ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from desk import channels, holds, moments
from desk.attention import SOON_ENDS
from desk.channels import circuit_breakers
from desk.desk import Desk
from desk.models import Breaker, Channel, Hold, Post
from desk.posts.counting import count_by_channel
from desk.scheduling.queueing import next_slots
from desk.sendable import SCHEDULED


class Health(StrEnum):
    WELL = "well"
    HELD = "held"  # a person said so
    STOPPED = "stopped"  # the platform refused its credential
    AWAY = "away"  # its server does not answer
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
    away: str = ""  # which server does not answer, such as "Mastodon at example.social"
    away_until: datetime | None = None  # when it is tried again


def checkups(session: Session, desk: Desk, now: datetime) -> list[Checkup]:
    """Every channel in use, by name."""
    standing, silent = (
        holds.list_holds(session),
        circuit_breakers.standing_breakers(session, now),
    )
    in_use = channels.list_channels(session)
    return [
        _away(one, desk, silent.get(one.channel.circuit))
        for one in _checkups(session, desk, in_use, standing, now)
    ]


def checkup(session: Session, desk: Desk, channel_id: int, now: datetime) -> Checkup:
    channel = channels.find_channel(session, channel_id)
    (found,) = _checkups(session, desk, [channel], holds.list_holds(session), now)
    return _away(
        found,
        desk,
        circuit_breakers.standing_breakers(session, now).get(channel.circuit),
    )


def ends(at: datetime, now: datetime) -> str:
    """When a credential ends, such as "ends in 12 days"."""
    left = at - now
    if left <= timedelta(0):
        return f"ended {moments.span(-left)} ago"
    return f"ends in {moments.span(left)}"


def _checkups(
    session: Session,
    desk: Desk,
    given: Sequence[Channel],
    standing: Sequence[Hold],
    now: datetime,
) -> Iterator[Checkup]:
    ids = [channel.id for channel in given]
    waiting = count_by_channel(session, SCHEDULED, Post.due_at.is_not(None))
    weekly = channels.weekly_slots_of(session, ids)
    free = next_slots(session, desk, ids, now, weekly)
    for channel in given:
        ends_at = channel.credential_expires_at
        over = _over(channel, standing)
        yield Checkup(
            channel,
            _health(channel, bool(over), now),
            over,
            waiting.get(channel.id, 0),
            free[channel.id],
            bool(weekly[channel.id]),
            ends_at is not None and ends_at <= now + SOON_ENDS,
        )


def _over(channel: Channel, standing: Iterable[Hold]) -> tuple[Hold, ...]:
    """The holds that stop all of it."""
    return tuple(
        hold
        for hold in standing
        if hold.scope == "desk"
        or (hold.scope == "channel" and hold.target == str(channel.id))
    )


def _away(found: Checkup, desk: Desk, breaker: Breaker | None) -> Checkup:
    """The same, where its server does not answer and nothing worse is the matter."""
    if breaker is None or found.health not in (Health.WELL, Health.WAITING):
        return found
    kind = desk.connectors.get(found.channel.platform)
    title = kind.title if kind else found.channel.platform
    return replace(
        found,
        health=Health.AWAY,
        away=circuit_breakers.server_name(breaker, found.channel.platform, title),
        away_until=breaker.open_until,
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
