"""Weekly times: the slots of a channel."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from desk import db
from desk.channels.channel_directory import find_channel
from desk.models import Slot
from desk.slots import WeeklySlot


def set_slots(session: Session, channel_id: int, wanted: set[WeeklySlot]) -> None:
    """The channel's weekly times are these; posts that hold another keep it."""
    find_channel(session, channel_id, lock=True)
    session.execute(delete(Slot).where(Slot.channel_id == channel_id))
    session.add_all(
        Slot(channel_id=channel_id, weekday=slot.weekday, local_time=slot.local_time)
        for slot in wanted
    )


def weekly_slots(session: Session, channel_id: int) -> list[WeeklySlot]:
    return weekly_slots_of(session, [channel_id])[channel_id]


def weekly_slots_of(
    session: Session, channel_ids: Collection[int]
) -> dict[int, list[WeeklySlot]]:
    """The same of several channels, in one question."""
    ids = sorted(channel_ids)
    return db.ask_once(session, f"slots of {ids}", lambda: _asked(session, ids))


def _asked(session: Session, ids: list[int]) -> dict[int, list[WeeklySlot]]:
    found: dict[int, list[WeeklySlot]] = {id_: [] for id_ in ids}
    columns = select(Slot.channel_id, Slot.local_time, Slot.weekday)
    rows = session.execute(columns.where(Slot.channel_id.in_(ids)))
    for channel_id, local_time, weekday in rows:
        found[channel_id].append(WeeklySlot(local_time, weekday))
    return found
