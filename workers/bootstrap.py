"""Opening: what one worker process holds while it lives (the desk, and its slots)."""

from __future__ import annotations

import atexit
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import connectors
from desk import garbage, heartbeats
from desk.config import Settings
from desk.desk import Desk
from workers import process
from workers.heart import Heart
from workers.slots import Slots


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
    slots = Slots(desk, size=process.allowed(settings.slots))
    garbage.collect_less()
    atexit.register(slots.close)
    return Opened(desk, slots, heartbeats.name())


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
