"""Ways: what telling by mail and by webhook have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from desk.telling.news import News


class NotTold(Exception):
    """It did not get through; says why in a sentence, with no secret in it."""


class Ways(Protocol):
    """One way to tell people something."""

    @property
    def name(self) -> str: ...

    def send(self, news: Sequence[News], now: datetime) -> None:
        """All of it in one message. Raises `NotTold`."""
