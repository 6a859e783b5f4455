"""Channel sets: channels that are taken together with one press.

The newsroom names its own. A section's is whatever its last share went out on: only the
channels, never when.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from desk import look_alikes
from desk.channels.channel_directory import list_channels
from desk.conflicts import refuse_changed
from desk.models import ChannelSet
from desk.models.base import LARGEST_ID
from desk.refusal import Refusal, RefusalKind

LONGEST_NAME = 60
MOST = 30  # named ones: they are read in a menu


class NoSuchSet(Refusal):
    """There is no set of that number any more."""

    kind = RefusalKind.MISSING


class BadSet(Refusal):
    """It can't be kept so; says why."""

    kind = RefusalKind.INVALID


def sets_of(session: Session, section: str) -> list[ChannelSet]:
    """What is offered to a story of this section: its own first, then those by name."""
    query = select(ChannelSet).where(
        or_(ChannelSet.section.is_(None), ChannelSet.section == section)
    )
    found = session.scalars(query)
    return sorted(found, key=lambda one: (one.section is None, one.name.casefold()))


def named_sets(session: Session) -> list[ChannelSet]:
    return [one for one in sets_of(session, "") if one.section is None]


def find_set(session: Session, set_id: int, lock: bool = False) -> ChannelSet:
    """`lock`: it is to be changed. Raises `NoSuchSet`."""
    found = None
    if 0 < set_id <= LARGEST_ID:
        found = session.get(ChannelSet, set_id, with_for_update=lock)
    if found is None:
        raise NoSuchSet("There is no such set of channels any more.")
    return found


def keep_set(session: Session, name: str, channel_ids: Collection[int]) -> ChannelSet:
    """A new one. Raises `BadSet`."""
    others = named_sets(session)
    if len(others) >= MOST:
        raise BadSet(f"There are {MOST} sets already: remove one under Channels first.")
    made = ChannelSet(
        name=_free_name(name, others), channels=_known(session, channel_ids)
    )
    session.add(made)
    session.flush()
    return made


def change_set(
    session: Session,
    set_id: int,
    name: str,
    channel_ids: Collection[int],
    over: str | None = None,
) -> ChannelSet:
    """`over`: how it was seen, as its `mark`. Raises `BadSet` and `Overtaken`."""
    one = find_set(session, set_id, lock=True)
    refuse_changed(over, set_as_seen(one))
    others = [other for other in named_sets(session) if other is not one]
    one.name = _free_name(name, others)
    one.channels = _known(session, channel_ids)
    return one


def remove_set(session: Session, set_id: int, over: str | None = None) -> str:
    """Gives its name. Raises `Overtaken`."""
    one = find_set(session, set_id, lock=True)
    refuse_changed(over, set_as_seen(one))
    session.delete(one)
    return one.name


def set_as_seen(one: ChannelSet) -> list[object]:
    """What its page shows of it."""
    return [one.name, *one.channels]


def learn_section(session: Session, section: str, channel_ids: Collection[int]) -> None:
    """A share of this section goes out on these."""
    if not section or not channel_ids:
        return
    on = session.get_bind().dialect.name
    insert = sqlite.insert if on == "sqlite" else postgresql.insert
    taken = sorted(channel_ids)
    session.execute(
        insert(ChannelSet)
        .values(section=section, channels=taken)
        .on_conflict_do_update(index_elements=["section"], set_={"channels": taken})
    )


def _free_name(name: str, others: Collection[ChannelSet]) -> str:
    name = " ".join(name.split())
    if not name:
        raise BadSet("Give the set a name, such as Main desk.", "set-name")
    if len(name) > LONGEST_NAME:
        raise BadSet(f"A name has {LONGEST_NAME} characters at most.", "set-name")
    if wrong := look_alikes.flaw(name):
        raise BadSet(wrong, "set-name")
    if not (same := look_alikes.key(name)):
        raise BadSet("Nobody can read this name: it needs letters.", "set-name")
    if taken := next((one for one in others if one.name_key == same), None):
        raise BadSet(
            f"There is a set “{taken.name}” already: take another name, or change it "
            "under Channels.",
            "set-name",
        )
    return name


def _known(session: Session, channel_ids: Collection[int]) -> list[int]:
    there = {channel.id for channel in list_channels(session)}
    found = sorted(there.intersection(channel_ids))
    if not found:
        raise BadSet("A set has one channel at least: take one first.")
    return found
