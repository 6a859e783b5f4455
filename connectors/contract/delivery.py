"""Delivery: from what is uploaded ahead to the receipt of what was published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

# Of an answer that names a post of ours: what it shows of that, for a person.
OTHERWISE = "It shows other words than were sent: look at it."
UNSHOWN = "The answer named it, and did not show its words: look at it."


@dataclass(frozen=True)
class Staged:
    """Uploads and containers that the platform already holds (JSON values)."""

    data: Mapping[str, object] = field(default_factory=dict)
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Prepared:
    """The exact bytes to send, as JSON text, and the key that goes with them."""

    key: str
    body: str = field(repr=False)


@dataclass(frozen=True)
class RateLimit:
    """How many more posts a platform says it takes, and when it counts anew."""

    left: int
    until: datetime  # by our clock, aware UTC
    shared: bool = False  # by all accounts of the app, not of this one alone


@dataclass(frozen=True)
class Receipt:
    """What the platform gave back; `warnings` name what it did not carry as asked."""

    remote_id: str
    url: str
    published_at: datetime | None = None  # by the platform's own clock
    warnings: tuple[str, ...] = ()
    rate_limits: tuple[RateLimit, ...] = field(default=(), compare=False)
    age: timedelta | None = field(default=None, compare=False)  # by that same clock
    total: int | None = field(default=None, compare=False)  # the account's posts by now
