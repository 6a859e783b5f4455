"""Time: a virtual clock in the place of the database's, and of the boot clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass
class VirtualClock:
    wall: datetime = BEGIN
    boot: float = 1000.0

    def now(self, _session: object) -> datetime:
        return self.wall

    def boot_seconds(self) -> float:
        return self.boot

    def go(self, span: timedelta) -> None:
        self.wall += span
        self.boot += span.total_seconds()
