"""Retry-After and its like: until when a platform wants us to wait, in any shape."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

USUAL = timedelta(minutes=5)  # what most platforms count in
LONGEST = timedelta(days=31)  # whatever is told: a month is for ever

_NAMES = (
    "Retry-After",
    "X-RateLimit-Reset-After",
    "X-RateLimit-Reset",
    "X-Rate-Limit-Reset",
    "RateLimit-Reset",
)
_UNIX_FROM = 1_000_000_000  # a smaller number is a count of seconds
_MILLISECONDS_FROM = 100_000_000_000


def retry_at(
    headers: Mapping[str, str], now: datetime, skew: timedelta | None
) -> datetime:
    """When to ask again, by our clock; always after now, and not for ever."""
    found = (wait_ends_at(headers.get(name, ""), now, skew) for name in _NAMES)
    return next((at for at in found if at is not None), now + USUAL)


def wait_ends_at(told: str, now: datetime, skew: timedelta | None) -> datetime | None:
    """When a wait that is told so ends, by our clock; None: it says nothing of use."""
    found = _end(told, now, skew)
    if found is not None or "," not in told:
        return found
    # a header that stands there twice comes as one, with a comma
    parts = (_end(part, now, skew) for part in told.split(","))
    return max((at for at in parts if at is not None), default=None)


def _end(told: str, now: datetime, skew: timedelta | None) -> datetime | None:
    """Its Date header is believed, but where that makes no sense (a proxy's, say)."""
    found = [
        _moment(told.strip(), now, by) for by in (skew or timedelta(), timedelta())
    ]
    ahead = [at for at in found if at is not None and at > now]
    near = [at for at in ahead if at <= now + LONGEST]
    return next(iter(near), now + LONGEST if ahead else None)


def _moment(told: str, now: datetime, skew: timedelta) -> datetime | None:
    try:
        number = float(told)
    except ValueError:
        return _by_our_clock(parse_date(told), skew)
    return _counted(number, now, skew)


def _counted(number: float, now: datetime, skew: timedelta) -> datetime | None:
    if not math.isfinite(number) or number <= 0:
        return None
    if number < _UNIX_FROM:
        return now + timedelta(seconds=min(number, LONGEST.total_seconds()))
    seconds = number / 1000 if number >= _MILLISECONDS_FROM else number
    try:
        return _by_our_clock(datetime.fromtimestamp(seconds, UTC), skew)
    except (ValueError, OverflowError, OSError):
        return None


def _by_our_clock(at: datetime | None, skew: timedelta) -> datetime | None:
    try:
        return at - skew if at else None
    except OverflowError:
        return None


def parse_date(told: str) -> datetime | None:
    """An ISO-8601 or an HTTP date; one without a zone is taken as UTC."""
    found = _parsed(told)
    try:
        return found and found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        return None


def has_zone(told: str) -> bool:
    """Whether such a date says in which zone it is told."""
    found = _parsed(told)
    return found is not None and found.tzinfo is not None


def _parsed(told: str) -> datetime | None:
    iso = told.removesuffix(" UTC").replace(" +", "+")  # as Ruby writes it
    zone = "Z" if told.endswith(" UTC") else ""
    for parse, text in (
        (datetime.fromisoformat, f"{iso}{zone}"),
        (parsedate_to_datetime, told),
    ):
        try:
            return parse(text)
        except (ValueError, OverflowError):
            continue
    return None
