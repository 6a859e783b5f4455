"""The broker, read with suspicion: a message that is none ends no worker.

Whoever can write to the broker could put anything into a Celery queue. A message is a
hint, so one that can't be read is dropped, and the log says so.
"""

from __future__ import annotations

from typing import Any

import structlog
from kombu.transport import TRANSPORT_ALIASES, redis
from kombu.transport.virtual import Empty

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)

log = structlog.get_logger(__name__)


class Channel(redis.Channel):
    """Reads what Celery wrote, and drops what it did not."""

    def _brpop_read(self, **options: Any) -> object:
        try:
            return super()._brpop_read(**options)  # type: ignore[misc]  # kombu has no types
        except UNREADABLE as error:
            log.warning("dropped an unreadable message", why=type(error).__name__)
            raise Empty from None


class Transport(redis.Transport):
    Channel = Channel


def read_with_suspicion() -> None:
    """Every connection that Celery makes from now on."""
    ours = f"{__name__}:{Transport.__name__}"
    TRANSPORT_ALIASES.update(redis=ours, rediss=ours)
