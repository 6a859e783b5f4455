"""Waits: channels that a platform takes no more from, as it said itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from connectors.base import RateLimited, Receipt, Room
from desk.models import Channel
from desk.publishing.breakers import Call


def heed(session: Session, calls: Sequence[Call]) -> None:
    """Wait where a limit is used up, rather than be refused by it.

    A limit of an app is one of all channels that use the app.
    """
    full = [(call, room) for call in calls for room in _full(call)]
    if not full:
        return
    alone = {call.channel_id for call in calls}
    apps = {call.connector.app for call, room in full if room.shared} - {""}
    # all of this group's, locked in one order: two recorders must not cross
    query = select(Channel).where(or_(Channel.id.in_(alone), Channel.app.in_(apps)))
    for channel in session.scalars(query.order_by(Channel.id).with_for_update()):
        ends = [room.until for call, room in full if _concerns(call, room, channel)]
        if ends:
            channel.not_before = max([*ends, channel.not_before or ends[0]])


def _full(call: Call) -> Iterator[Room]:
    match call.outcome:
        case Receipt(rooms=rooms):
            yield from (room for room in rooms if room.left <= 0)
        case RateLimited(until=until, shared=True):  # else it is told as it is settled
            yield Room(0, until, shared=True)


def _concerns(call: Call, room: Room, channel: Channel) -> bool:
    if channel.id == call.channel_id:
        channel.app = call.connector.app  # as of now, whatever it was at its check
        return True
    return room.shared and channel.app == call.connector.app != ""
