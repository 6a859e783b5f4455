"""Backoff: channels that a limit keeps silent, whose it is, how long, and the way out.

A wait that the platform asked for may be wrong, or over sooner: a check that answers
well lifts it, and a long one lets one post through now and then, to find out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from connectors.base import RateLimit, RateLimited, Receipt, Rejected
from desk.catch_up import space_out
from desk.channels.circuit_breakers import Call
from desk.engine_settings import engine
from desk.lifecycle import State
from desk.models import Attempt, Channel, Post
from desk.models.channels import COUNTED, Wait
from desk.sendable import FIRST, SCHEDULED, free, in_turn, reachable


def is_waiting(channel: Channel, now: datetime) -> bool:
    return channel.not_before is not None and channel.not_before > now


def waits_as_asked(channel: Channel, now: datetime) -> bool:
    """Does it wait at the platform's word, which a good answer takes back?"""
    return is_waiting(channel, now) and channel.wait not in COUNTED


def waits_as_told(channel: Channel, now: datetime) -> bool:
    """The same, or for a number that it said: a good answer makes both old."""
    return is_waiting(channel, now) and channel.wait != Wait.OWN


def waits_long(channel: Channel, now: datetime) -> bool:
    """Is it one that people must know of? A shorter one passes by itself."""
    began, ends = channel.wait_from_at or now, channel.not_before
    return ends is not None and ends - began > engine.backoff.probed_every


def begin_wait(
    channel: Channel,
    kind: Wait,
    until: datetime,
    now: datetime,
    *,
    why: str = "",
    shared: bool = False,
    anew: bool = False,
) -> None:
    """Nothing goes out on it until then. A wait that lasts longer stays as it is.

    `anew`: said to a call that began under the wait, so it counts instead.
    """
    until = min(max(until, now + engine.backoff.shortest), now + engine.backoff.longest)
    counted, before = kind in COUNTED, channel.not_before
    if before is not None and before > now and not anew:
        if before >= until and (counted or channel.wait not in COUNTED):
            return
        until = max(until, before)
    else:
        channel.wait_from_at = (channel.wait_from_at if anew else None) or now
    channel.not_before, channel.wait = until, kind
    channel.wait_why, channel.wait_shared = why, shared
    short = until - now <= engine.backoff.probed_every
    _probe_again(
        channel, None if counted or short else now + engine.backoff.probed_every
    )


def lift_wait(
    session: Session, channel: Channel, now: datetime, first: timedelta = timedelta(0)
) -> None:
    """Its posts go out again; after a long wait 30 s apart, in case it was right.

    A limit of the app is lifted for every channel that waits for it.
    """
    for one in _together(session, channel):
        _end(session, one, now, first if one.id == channel.id else timedelta(0))


def forget_told(session: Session, channel_id: int, now: datetime) -> None:
    """What answers said to be left counts no more: the account was let in since."""
    told = update(Attempt).where(
        Attempt.channel_id == channel_id, Attempt.room_until > now
    )
    session.execute(told.values(room_left=None, room_until=None))


def heed_limits(session: Session, calls: Sequence[Call], now: datetime) -> None:
    """Wait where a limit is used up, rather than be refused by it.

    A limit of an app is one of all channels that use the app.
    """
    full = [(call, limit) for call in calls for limit in _full(call)]
    probes = [call for call in calls if call.probing]
    if not full and not probes:
        return
    alone = {call.channel_id for call in calls}
    apps = {call.connector.app for call, limit in full if limit.shared} - {""}
    # all of this group's, locked in one order: two recorders must not cross
    query = select(Channel).where(or_(Channel.id.in_(alone), Channel.app.in_(apps)))
    for channel in session.scalars(query.order_by(Channel.id).with_for_update()).all():
        told = [
            (call, limit) for call, limit in full if _concerns(call, limit, channel)
        ]
        for call, limit in told:
            _obey(channel, call, limit, now)
        if not told:
            mine = [call for call in probes if call.channel_id == channel.id]
            _learn(session, channel, mine, now)


def end_waits(session: Session, now: datetime) -> None:
    """End the waits that are over, and let one post find out about each long one.

    Of channels that wait for a limit of their app, one finds out for all.
    """
    query = select(Channel).where(
        or_(Channel.not_before <= now, Channel.probe_at <= now)
    )  # no others: whoever writes down answers locks them as well
    query = query.order_by(Channel.id).with_for_update(skip_locked=True)
    found = session.scalars(query).all()
    apps = {one.app for one in found if one.wait_shared and _is_probed(one, now)}
    for channel in found:
        if not is_waiting(channel, now):
            _end(session, channel, now, timedelta(0))
        elif channel.probe_at is None or channel.probe_at > now:
            continue
        elif not (channel.wait_shared and channel.app in apps):
            _probe(session, channel, now)
            if channel.wait_shared and channel.probe_id is not None:
                apps.add(channel.app)


def probe_soon(channel: Channel, now: datetime) -> None:
    """A person wants to know it now: the next post finds out."""
    if waits_as_asked(channel, now):
        channel.probe_at = now


def _full(call: Call) -> Iterator[RateLimit]:
    match call.outcome:
        case Receipt(rate_limits=limits):
            yield from (limit for limit in limits if limit.left <= 0)
        case RateLimited(until=until, shared=shared):
            yield RateLimit(0, until, shared=shared)


def _concerns(call: Call, limit: RateLimit, channel: Channel) -> bool:
    if channel.id == call.channel_id:
        channel.app = call.connector.app  # as of now, whatever it was at its check
        return True
    return limit.shared and channel.app == call.connector.app != ""


def _obey(channel: Channel, call: Call, limit: RateLimit, now: datetime) -> None:
    refused = isinstance(call.outcome, RateLimited)
    begin_wait(
        channel,
        Wait.ASKED if refused else Wait.USED_UP,
        limit.until,
        now,
        why=str(call.outcome) if refused else "",
        shared=limit.shared,
        anew=call.probing,
    )


def _learn(
    session: Session, channel: Channel, probes: Sequence[Call], now: datetime
) -> None:
    """What probes say that met no limit: the wait is over, or nothing is known."""
    if any(isinstance(call.outcome, Receipt | Rejected) for call in probes):
        lift_wait(session, channel, now, first=engine.catch_up.gap)
    elif probes:
        _probe_again(channel, now + engine.backoff.probed_every)


def _probe(session: Session, channel: Channel, now: datetime) -> None:
    """The most pressing of its posts, unless another one is on its way."""
    if _is_probed(channel, now):
        return
    in_the_air = select(
        exists().where(Post.id == channel.probe_id, Post.state == State.SENDING)
    )
    if channel.probe_id is not None and session.scalar(in_the_air):
        return
    channel.probe_id = session.scalar(
        select(Post.id)
        .where(SCHEDULED, Post.channel_id == channel.id)
        .where(free(now), reachable(now), in_turn())
        .order_by(FIRST, Post.next_at, Post.id)
        .limit(1)
    )
    channel.probing_until = (
        now + engine.backoff.probe_lease if channel.probe_id else None
    )


def _is_probed(channel: Channel, now: datetime) -> bool:
    return channel.probing_until is not None and channel.probing_until > now


def _probe_again(channel: Channel, at: datetime | None) -> None:
    channel.probe_at, channel.probe_id, channel.probing_until = at, None, None


def _together(session: Session, channel: Channel) -> Sequence[Channel]:
    if not (channel.wait_shared and channel.app):
        return [channel]
    same = select(Channel).where(Channel.app == channel.app, Channel.wait_shared)
    return session.scalars(same.order_by(Channel.id).with_for_update()).all()


def _kept_long(channel: Channel, now: datetime) -> bool:
    """Was it, or is it, one after which its posts don't go out all at once?

    One by our own count is over as soon as there is room: only the time that passed.
    """
    if channel.wait in COUNTED:
        return now - (channel.wait_from_at or now) > engine.backoff.probed_every
    return waits_long(channel, now)


def _end(session: Session, channel: Channel, now: datetime, first: timedelta) -> None:
    long = _kept_long(channel, now)
    channel.not_before = channel.wait = channel.wait_from_at = None
    channel.wait_why, channel.wait_shared = "", False
    _probe_again(channel, None)
    if long:
        space_out(session, now, channel.id, overdue=timedelta(0), first=first)
