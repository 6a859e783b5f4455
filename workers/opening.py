"""Opening: what one worker process holds while it lives (the desk, and its slots)."""

from __future__ import annotations

import atexit
from dataclasses import dataclass
from functools import cache

import connectors
from desk import heartbeats
from desk.config import Settings
from desk.desk import Desk
from workers.heart import Heart
from workers.slots import Slots


@dataclass(frozen=True)
class Opened:
    desk: Desk
    slots: Slots
    heart: Heart
    name: str


@cache
def opened() -> Opened:
    """The desk and the slots of this process, made at first use."""
    settings = Settings()
    desk = Desk.open(settings, connectors.installed())
    slots = Slots(desk, size=settings.slots)
    heart = Heart(desk, kind="worker")
    atexit.register(slots.close)
    return Opened(desk, slots, heart, heartbeats.name())


def begin() -> None:
    """Start beating: from now on the clock counts on this worker."""
    opened().heart.start()


def end() -> None:
    """Take nothing more; give back what is claimed, let finish what is sending."""
    opened().heart.stop()
    opened().slots.close()
