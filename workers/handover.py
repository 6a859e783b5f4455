"""Handing over: hints for the workers, through Celery, a few dozen ids a message."""

from __future__ import annotations

from collections.abc import Sequence

import redis
import structlog
from kombu import Producer
from kombu.exceptions import KombuError

from desk import wakeup
from desk.config import Settings
from workers.app import QUEUES, app

# ids in a message: of what takes long each goes alone, and one account's looks together
CHUNK = {"publish": 50, "reconcile": 200}
# The sender's: a broker that hangs must not hang the clock.
PATIENCE = {
    "socket_timeout": wakeup.PATIENCE_S,
    "socket_connect_timeout": wakeup.PATIENCE_S,
}

log = structlog.get_logger(__name__)


class Handover:
    def __init__(self, settings: Settings) -> None:
        app.conf.broker_transport_options |= PATIENCE
        self._pulse = wakeup.client(settings)

    def send(self, task: str, ids: Sequence[object]) -> bool:
        """Send a task its ids; False where the broker can't take them.

        What was not sent stays claimed until its lease runs out: nothing is lost.
        """
        try:
            self._pulse.ping()  # gives up in a quarter of a second, Celery does not
            with app.producer_or_acquire() as producer, producer.batch():
                size = CHUNK.get(task, 1)
                for start in range(0, len(ids), size):
                    self._hint(producer, task, ids[start : start + size])
        except (redis.RedisError, KombuError, OSError) as error:
            log.warning("the broker is away", error=str(error))
            return False
        log.info("handed over", task=task, ids=len(ids))
        return True

    def waiting(self, queue: str) -> int | None:
        """Messages that no worker has taken yet; None: the broker can't say."""
        try:
            return self._pulse.llen(queue)
        except redis.RedisError:
            return None

    def _hint(self, producer: Producer, task: str, ids: Sequence[object]) -> None:
        app.send_task(
            f"workers.tasks.{task}",
            args=[list(ids)],
            queue=QUEUES[task],
            # no `expires`: workers would weigh it by a clock of their own, and what is
            # old can do no harm, by its fence
            retry=False,
            producer=producer,
        )
