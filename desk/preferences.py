"""Preferences: what an admin chose on the settings screen, over the environment's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.config import Settings
from desk.conflicts import refuse_changed
from desk.desk import Desk
from desk.models import Preference
from desk.refusal import Refusal, RefusalKind

ZONE = "zone"
NAME = "name"
NAMES = (ZONE, NAME)
LONGEST_NAME = 60
REGIONS = (
    "Europe",
    "America",
    "Asia",
    "Africa",
    "Australia",
    "Pacific",
    "Atlantic",
    "Indian",
    "Antarctica",
    "Arctic",
)


class BadPreference(Refusal):
    """What was chosen can't be kept; says why, and what to choose."""

    kind = RefusalKind.INVALID


@dataclass(frozen=True)
class Place:
    """A zone to choose: its name, what people call it, and the time there."""

    zone: str
    name: str
    local: datetime


def zone(session: Session, settings: Settings) -> ZoneInfo:
    """The newsroom's zone: what every time on screen is shown in."""
    return ZoneInfo(_kept(session, ZONE) or settings.zone_name)


def zone_of(desk: Desk) -> ZoneInfo:
    """The same, where no session is open."""
    with desk.db.reading() as session:
        return zone(session, desk.settings)


def chosen_zone(session: Session) -> str:
    """The zone that an admin chose; empty where the environment's holds."""
    return _kept(session, ZONE)


def set_zone(session: Session, name: str, over: str | None = None) -> str:
    """The newsroom is there; an empty name gives back to the environment's.

    Weekly slots are local times and move with it. Posts keep their instant. Gives
    what was chosen before. `over`: the zone that was seen chosen. Raises `Overtaken`.
    """
    _lock(session, ZONE)
    refuse_changed(over, before := chosen_zone(session))
    name = name.strip()
    if name and name not in available_timezones():
        raise BadPreference(
            f"“{name}” is no time zone. Choose one of the list, such as Europe/Rome."
        )
    _keep(session, ZONE, name)
    return before


def desk_name(session: Session) -> str:
    """What the newsroom calls its desk; empty where nobody named it."""
    return _kept(session, NAME)


def set_desk_name(session: Session, name: str, over: str | None = None) -> None:
    """`over`: the name that was seen. Raises `Overtaken`."""
    _lock(session, NAME)
    refuse_changed(over, desk_name(session))
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME:
        raise BadPreference(
            f"The name of the desk has {LONGEST_NAME} characters at most; "
            f"this one has {len(name)}."
        )
    _keep(session, NAME, name)


def places(now: datetime) -> list[tuple[str, list[Place]]]:
    """Every zone to choose from, by region, with the time that it is there."""
    by_region: dict[str, list[Place]] = {region: [] for region in REGIONS}
    for name in sorted(available_timezones()):
        region, _, city = name.partition("/")
        if city and region in by_region:
            by_region[region].append(_place(name, city, now))
    elsewhere = [_place("UTC", "UTC", now)]
    return [*by_region.items(), ("Everywhere", elsewhere)]


def _place(zone_name: str, city: str, now: datetime) -> Place:
    called = city.replace("_", " ").replace("/", ", ")
    return Place(zone_name, called, now.astimezone(ZoneInfo(zone_name)))


def _kept(session: Session, name: str) -> str:
    """Asked for once a session, chosen or not: every time on a page needs the zone."""
    known = session.info.get(Preference)
    if known is None:
        rows = session.scalars(select(Preference).where(Preference.name.in_(NAMES)))
        known = session.info[Preference] = {row.name: row.value for row in rows}
    return str(known.get(name, ""))


def _lock(session: Session, name: str) -> None:
    """Whoever chooses it at the same moment comes after, and sees what was chosen.

    Of two who choose it first, the database refuses one.
    """
    row = session.get(Preference, name, with_for_update=True, populate_existing=True)
    if row is None:
        session.add(Preference(name=name, value=""))
        session.flush()
    session.info.pop(Preference, None)


def _keep(session: Session, name: str, value: str) -> None:
    session.merge(Preference(name=name, value=value))
    session.flush()
    session.info.pop(Preference, None)
