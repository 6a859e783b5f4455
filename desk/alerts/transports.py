"""Transports: what alerts by mail and by webhook have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from desk.alerts.rules import Alert


class NotDelivered(Exception):
    """It did not get through; says why in a sentence, with no secret in it."""


class Transport(Protocol):
    """One way to reach people."""

    @property
    def name(self) -> str: ...

    def send(self, alerts: Sequence[Alert], now: datetime) -> None:
        """All of it in one message. Raises `NotDelivered`."""
