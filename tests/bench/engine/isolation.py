"""Isolation: one channel's dead token, one platform that hangs, and everyone else."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.bench.engine import filling
from tests.bench.engine.burst import burst, together
from tests.bench.engine.lateness import Lateness
from tests.bench.engine.running import Scene

DEAD_POSTS = 10
HANGING_CHANNELS = 20
OVER_S = 32.0  # whatever hung has been given up by then


@dataclass(frozen=True)
class Isolation:
    """Everyone else's lateness; `refused`: requests with the dead token."""

    alone: Lateness
    beside: Lateness
    refused: int

    @property
    def ratio(self) -> float:
        return self.beside.p99 / self.alone.p99

    def __str__(self) -> str:
        return (
            f"{self.refused} request with the dead token; everyone else's p99 "
            f"{self.beside.p99:.3f} s, without {self.alone.p99:.3f} ({self.ratio:.2f})"
        )


def measure(scene: Scene, posts: int, hanging: int) -> Isolation:
    """The same burst before the trouble, in it, and after it."""
    room, side = scene.room, scene.side
    slow = room.open_channels("x", side.hanging, HANGING_CHANNELS)
    dead = room.open_channels("mastodon", side.address, 1, name="dead")
    side.refuse("dead1")
    first = burst(scene, together(scene, posts)).lateness
    dues = together(scene, posts)
    filling.schedule(room.desk, slow, [dues[0] - timedelta(seconds=1)] * hanging)
    filling.schedule(room.desk, dead, _queue(dues[0]))
    beside = burst(scene, dues).lateness
    time.sleep(OVER_S)
    second = burst(scene, together(scene, posts)).lateness
    refused = sum(one.who == "dead1" for one in side.log())
    return Isolation(max(first, second, key=lambda one: one.p99), beside, refused)


def _queue(around: datetime) -> list[datetime]:
    """A channel's queue, falling due one after the other."""
    first = around - timedelta(seconds=3.25)
    return [first + timedelta(seconds=0.5 * number) for number in range(DEAD_POSTS)]
