"""An outage: Valkey is gone for half a minute while posts fall due."""

from __future__ import annotations

import threading

from tests.bench.engine.burst import apart, burst
from tests.bench.engine.lateness import Lateness
from tests.bench.engine.running import Scene

EVERY_S = 0.1


def without_valkey(scene: Scene, seconds: float) -> Lateness:
    """The lateness of what fell due while it was gone, from the first moment on."""
    room = scene.room
    back = threading.Timer(seconds, room.start, ["valkey"])

    def kill() -> None:
        room.kill("valkey")
        back.start()

    dues = apart(scene, int(seconds / EVERY_S), EVERY_S)
    return burst(scene, dues, kill).lateness
