"""Opening: what one worker process holds while it lives (the desk, and its slots)."""

from __future__ import annotations

import atexit
import resource
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import structlog

import connectors
from desk import heartbeats
from desk.config import Settings
from desk.desk import Desk
from workers.heart import Heart
from workers.slots import Slots

SPARE_FILES = 200  # open at once besides the calls: database, broker, pictures, logs

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Opened:
    desk: Desk
    slots: Slots
    name: str


@cache
def opened() -> Opened:
    """The desk and the slots of this process, made at first use."""
    settings = Settings()
    desk = Desk.open(settings, connectors.installed())
    slots = Slots(desk, size=_allowed(settings.slots))
    atexit.register(slots.close)
    return Opened(desk, slots, heartbeats.name())


def _allowed(slots: int) -> int:
    """As many slots as this process may have connections open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = slots + SPARE_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    allowed = max(1, wanted - SPARE_FILES)
    if allowed < slots:
        log.warning("fewer slots than asked for: open files", slots=allowed, files=hard)
    return allowed


def begin(queues: Iterable[str]) -> None:
    """Start beating: from now on the clock counts on this worker for these queues."""
    served = sorted(queues)
    publishes = "publish" in served
    heart = Heart(
        opened().desk,
        kind=",".join(served),
        figures=opened().slots.figures if publishes else dict,
    )
    heart.start()
    atexit.register(heart.stop)


def end() -> None:
    """Take nothing more; give back what is claimed, let finish what is sending."""
    opened().slots.close()
