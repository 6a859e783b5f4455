"""Moments: reading and writing times as a newsroom does, zone always named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from desk.written_times import BadMoment as BadMoment  # raised here as well
from desk.written_times import read_written_time

GRACE = timedelta(minutes=1)  # a form filled in for this very minute is not the past
EVENING = time(18)
FARTHEST = timedelta(days=366 * 2)


@dataclass(frozen=True)
class Read:
    """What became of something written: a time, or why it is none."""

    at: datetime | None
    refused: str = ""


def parse(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """A UTC time from what an editor wrote, in newsroom time unless it has an offset.

    Raises `BadMoment` for nonsense, the past, an hour that the clocks skip and,
    without an offset, one that they pass twice.
    """
    text = text.strip()
    if text.lower() == "now":
        return now
    written = read_written_time(text, now.astimezone(zone))
    try:
        at = _in_utc(written, zone)
    except OverflowError:  # the year 1 or 9999, an hour from the edge
        raise BadMoment(f"“{text}” is no time to publish at: check its year.") from None
    if at < now - GRACE:
        raise BadMoment(
            f"{local(at, zone)} is past (it is {local(now, zone)}). "
            "Pick a later time, or publish now."
        )
    if at > now + FARTHEST:
        raise BadMoment(f"{local(at, zone)} is more than two years ahead: check it.")
    return max(at, now)


def read_moment(text: str, zone: ZoneInfo, now: datetime) -> Read:
    """The same where nothing is done with it yet: what it means, or why it is none."""
    try:
        return Read(parse(text, zone, now))
    except BadMoment as refused:
        return Read(None, str(refused))


def as_written(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """A time to come, as it stands in a field: such as "Sun 29 Nov 18:00"."""
    local_at = at.astimezone(zone)
    if local_at.utcoffset() != local_at.replace(fold=not local_at.fold).utcoffset():
        return f"{local_at:%Y-%m-%d %H:%M}{_offset(at, zone)}"
    year = "" if local_at.year == now.astimezone(zone).year else f" {local_at:%Y}"
    return f"{local_at:%a %-d %b}{year} {local_at:%H:%M}"


def _in_utc(written: datetime, zone: ZoneInfo) -> datetime:
    return (
        _existing(written, zone) if written.tzinfo is None else written.astimezone(UTC)
    )


def _existing(written: datetime, zone: ZoneInfo) -> datetime:
    first = written.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = written.replace(tzinfo=zone, fold=1).astimezone(UTC)
    clock = f"{written:%Y-%m-%d %H:%M}"
    if first.astimezone(zone).replace(tzinfo=None) != written:
        raise BadMoment(
            f"{clock} does not exist in {zone.key}: the clocks go forward over it. "
            "Pick an hour later."
        )
    if first != second:
        raise BadMoment(
            f"{clock} happens twice in {zone.key}: the clocks go back. Write "
            f"{clock}{_offset(first, zone)} for the first or "
            f"{clock}{_offset(second, zone)} for the second."
        )
    return first


def _offset(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat()[-6:]


def local(at: datetime, zone: ZoneInfo) -> str:
    """Newsroom time with its zone's name, such as "Sun 22 Nov 2026, 18:30 CET"."""
    return f"{at.astimezone(zone):%a %d %b %Y, %H:%M %Z}"


def whole_day(at: datetime) -> str:
    """A day that has no hour, such as "Fri 20 Nov 2026": the same in every zone."""
    return f"{at:%a %d %b %Y}"


def clock(at: datetime, zone: ZoneInfo) -> str:
    """The time of day alone, for tables that name the zone once."""
    return f"{at.astimezone(zone):%H:%M}"


def day(at: datetime, zone: ZoneInfo) -> str:
    """The newsroom's day, such as "Sun 22 Nov", for lists of a few weeks."""
    return f"{at.astimezone(zone):%a %-d %b}"


def next_half_hour(now: datetime) -> datetime:
    """The next full or half hour that is ten minutes away at the least."""
    later = now + timedelta(minutes=10)
    over = timedelta(
        minutes=later.minute % 30, seconds=later.second, microseconds=later.microsecond
    )
    return later - over + timedelta(minutes=30) if over else later


def example_time(now: datetime, zone: ZoneInfo) -> str:
    """A time to come as one may write it: tomorrow evening, such as "Sun 29 Nov 18:00".

    It was no example where it were past, or an hour that the clocks skip.
    """
    tomorrow = now.astimezone(zone) + timedelta(days=1)
    at = at_local(tomorrow, EVENING, zone)
    return as_written(at or now + timedelta(days=1), zone, now)


def near_day(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The day as people say it: "today", "Mon" within a week, else "Mon 7 Dec"."""
    local_at = at.astimezone(zone)
    days = (local_at.date() - now.astimezone(zone).date()).days
    if days == 0:
        return "today"
    return f"{local_at:%a}" if 0 < days < 7 else day(at, zone)


def relative(at: datetime, now: datetime) -> str:
    """How far away a time is, such as "in 4 min" or "2 h ago"."""
    seconds = abs((at - now).total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        if seconds >= size:
            count = f"{int(seconds // size)} {unit}"
            return f"in {count}" if at > now else f"{count} ago"
    return "now"


def span(length: timedelta) -> str:
    """A length of time in its largest whole unit, such as "12 days" or "1 hour"."""
    units = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)))
    for unit, size in units:
        if count := length // size:
            return f"{count} {unit}{'' if count == 1 else 's'}"
    minutes = length // timedelta(minutes=1)
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def at_local(day: datetime, clock: time, zone: ZoneInfo) -> datetime | None:
    """This local time on this local day, in UTC; None where the clocks skip it."""
    written = datetime.combine(day.date(), clock)
    at = written.replace(tzinfo=zone).astimezone(UTC)
    return at if at.astimezone(zone).replace(tzinfo=None) == written else None
