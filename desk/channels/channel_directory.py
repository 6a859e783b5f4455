"""The channel directory: one by its number or its name, or all that are in use."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.models import Channel
from desk.refusal import Refusal, RefusalKind


class UnknownChannel(Refusal):
    """There is no channel of that name or number."""

    kind = RefusalKind.MISSING


def list_channels(session: Session) -> list[Channel]:
    """The channels in use, by name."""
    query = select(Channel).where(Channel.retired_at.is_(None))
    return list(session.scalars(query.order_by(func.lower(Channel.name))))


def find_channel_named(session: Session, name: str) -> Channel:
    """The channel of that name, however it is capitalised."""
    channels = list_channels(session)
    for channel in channels:
        if channel.name.lower() == name.strip().lower():
            return channel
    known = ", ".join(channel.name for channel in channels) or "none yet"
    raise UnknownChannel(f"There is no channel “{name}”. There are: {known}.")


def find_channel(session: Session, channel_id: int, lock: bool = False) -> Channel:
    channel = session.get(
        Channel, channel_id, with_for_update=lock or None, populate_existing=lock
    )
    if channel is None:
        raise UnknownChannel(f"There is no channel number {channel_id}.")
    return channel
