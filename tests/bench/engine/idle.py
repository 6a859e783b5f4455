"""Idle: what clock, worker and Valkey take while nothing is due."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.bench.engine.running import Scene
from tests.bench.engine.watching import cost, pss_mb

SETTLE_S = 8.0


@dataclass(frozen=True)
class Idle:
    """Memory by its proportional share; `share` of one core."""

    others: int
    mb: float
    share: float

    def __str__(self) -> str:
        return f"{self.others:,}: {self.mb:.0f} MB, {self.share:.2%} of a core"


def measure(scene: Scene, others: int, seconds: float) -> Idle:
    """With processes just started, so that no burst is left in their memory."""
    with scene.room as room:
        time.sleep(SETTLE_S)
        began = cost(room)
        time.sleep(seconds)
        spent = cost(room) - began
        pids = [part.pid for part in room.parts.values()]
        mb = sum(pss_mb(pid) for pid in pids if pid is not None)
    return Idle(others, mb, spent.total / seconds)
