"""Handing over: hints for the workers, through Celery, a few dozen ids a message."""

from __future__ import annotations

from collections.abc import Sequence

import redis
import structlog
from kombu.exceptions import KombuError

from desk import wakeup
from desk.config import Settings
from workers.app import app

CHUNK = 25
EXPIRES_S = 10  # a claim's lease: after it the hint is worth nothing

log = structlog.get_logger(__name__)


class Handover:
    def __init__(self, settings: Settings) -> None:
        self._pulse = wakeup.client(settings)

    def send(self, queue: str, ids: Sequence[object]) -> bool:
        """Send a Celery queue its ids; False where the broker can't take them.

        What was not sent stays claimed until its lease runs out: nothing is lost.
        """
        try:
            self._pulse.ping()  # gives up in a quarter of a second, Celery does not
            for start in range(0, len(ids), CHUNK):
                self._hint(queue, ids[start : start + CHUNK])
        except (redis.RedisError, KombuError, OSError) as error:
            log.warning("the broker is away", error=str(error))
            return False
        return True

    def _hint(self, queue: str, ids: Sequence[object]) -> None:
        app.send_task(
            f"workers.tasks.{queue}",
            args=[list(ids)],
            queue=queue,
            expires=EXPIRES_S,
            retry=False,
        )
