"""Attention: what waits for a person; the counter, the board and the list ask here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    func,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Session

from desk import db, moments
from desk.channels import backoff, circuit_breakers, waiting
from desk.engine_settings import engine
from desk.lifecycle import State
from desk.models import Breaker, Channel, Post
from desk.models.base import Instant, UtcDateTime
from desk.models.posts import Triage
from desk.partial_indexes import PUT_ASIDE, TROUBLE
from desk.posts.counting import count_by_channel
from desk.posts.loading import load_for_list, with_tries
from desk.sendable import SCHEDULED, held

SOON_ENDS = timedelta(days=7)  # of a credential
LONG_WAIT = engine.backoff.probed_every  # a shorter one passes by itself
SHOWN = 200


# Asked on every page, and so made once.
NOW, SOON, LONG_AGO = (
    bindparam(name, type_=UtcDateTime()) for name in ("now", "soon", "long_ago")
)
LONG_SILENT = select(Breaker.circuit).where(
    circuit_breakers.known_silent(NOW), Breaker.began_at <= LONG_AGO
)
MAY_BE_TROUBLED = (
    select(Channel)
    .where(
        Channel.retired_at.is_(None),
        or_(
            Channel.stopped_at.is_not(None),
            Channel.credential_expires_at <= SOON,
            Channel.not_before > NOW,
            Channel.circuit.in_(LONG_SILENT),
        ),
    )
    .order_by(func.lower(Channel.name))
)


class Trouble(StrEnum):
    """What is wrong with a channel."""

    STOPPED = "stopped"  # its credential was refused
    ENDING = "ending"  # its credential ends soon
    LIMITED = "limited"  # a limit lets nothing through for long
    AWAY = "away"  # its server has not answered for long


@dataclass(frozen=True)
class TroubledChannel:
    channel: Channel
    trouble: Trouble
    waiting: int  # posts that are scheduled on it
    until: datetime | None = None

    def words(self, zone: ZoneInfo, now: datetime) -> str:
        """What is to be done, or waited for, in a sentence."""
        name, wait = self.channel.name, waiting_words(self.waiting)
        when = moments.local(self.until, zone) if self.until else ""
        match self.trouble:
            case Trouble.STOPPED:
                return f"Reconnect {name}: {wait}."
            case Trouble.LIMITED:
                return f"{waiting.wait_words(self.channel, zone)}: {wait}."
            case Trouble.AWAY:
                return f"The server of {name} does not answer: {wait}."
            case _ if self.until and self.until <= now:
                return f"Reconnect {name}: its credential ended on {when}."
            case _:
                return f"Reconnect {name} soon: its credential ends on {when}."


def needs_you(now: Instant) -> ColumnElement[bool]:
    """The one definition of a post for which nothing happens without a person.

    It failed, was missed, is in doubt, waits for approval, was put aside, fell due
    during a hold, or is live twice. Posts of a stopped channel wait for the channel.
    Each part of the union reads one index.
    """
    open_ = or_(Post.state != State.UNCONFIRMED, Post.needs_person.is_(True))
    left = and_(Post.state == State.FAILED, Post.triage == Triage.LEFT)
    looking = Post.look_at.is_not(None)  # the desk still asks whether it is live
    aside = and_(Post.due_at <= now, held(), ~looking)
    found = union(
        select(Post.id).where(TROUBLE, open_, ~func.coalesce(left, False)),
        select(Post.id).where(PUT_ASIDE, ~looking),
        select(Post.id).where(SCHEDULED, aside),
        select(Post.id).where(Post.twice_url.is_not(None)),
    )
    return Post.id.in_(found)


def posts(session: Session, now: datetime, limit: int = SHOWN) -> list[Post]:
    """The posts that need a person, the latest due first."""
    query = select(Post).where(needs_you(now))
    query = query.order_by(Post.due_at.desc(), Post.id.desc()).limit(limit)
    return list(session.scalars(load_for_list(query).options(with_tries())))


def channels(session: Session, now: datetime) -> list[TroubledChannel]:
    """The channels that need a person, or keep posts waiting for long."""
    return db.ask_once(session, "troubled channels", lambda: _channels(session, now))


def _channels(session: Session, now: datetime) -> list[TroubledChannel]:
    at = {"now": now, "long_ago": now - LONG_WAIT, "soon": now + SOON_ENDS}
    found = session.scalars(MAY_BE_TROUBLED, at).all()
    if not found:
        return []
    away = set(session.scalars(LONG_SILENT, at))
    waiting_ = count_by_channel(session, SCHEDULED, Post.due_at.is_not(None))
    told = (_troubled(one, waiting_.get(one.id, 0), away, now) for one in found)
    return [one for one in told if one is not None]


def waiting_words(count: int) -> str:
    if not count:
        return "no post waits"
    return f"{count} post{'s wait' if count > 1 else ' waits'}"


def _troubled(
    channel: Channel, waiting: int, away: set[str], now: datetime
) -> TroubledChannel | None:
    """The worst of its troubles; None: it only waits, and not for long."""
    ends = channel.credential_expires_at
    if channel.stopped_at is not None:
        return TroubledChannel(channel, Trouble.STOPPED, waiting)
    if ends is not None and ends <= now + SOON_ENDS:
        return TroubledChannel(channel, Trouble.ENDING, waiting, ends)
    if backoff.is_waiting(channel, now) and backoff.waits_long(channel, now):
        return TroubledChannel(channel, Trouble.LIMITED, waiting, channel.not_before)
    if channel.circuit in away:
        return TroubledChannel(channel, Trouble.AWAY, waiting)
    return None
