"""How much a fake takes in one window, counted as strictly as a platform does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass
class Allowance:
    """So many of its requests, or points, until the window ends; then anew."""

    limit: int
    window: timedelta
    now: Callable[[], datetime]  # the platform's own clock
    spent: int = 0
    began_at: datetime | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, cost: int) -> bool:
        """Whether there was room for it. A refused one costs nothing."""
        with self.lock:
            now = self.now()
            if self.began_at is None or self.began_at + self.window <= now:
                self.spent, self.began_at = 0, now
            if self.spent + cost > self.limit:
                return False
            self.spent += cost
            return True

    @property
    def left(self) -> int:
        return self.limit - self.spent

    @property
    def reset_at(self) -> datetime:
        return (self.began_at or self.now()) + self.window
