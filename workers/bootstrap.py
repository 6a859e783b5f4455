"""Bootstrap: what one worker process holds while it lives, made at first use."""

from __future__ import annotations

import atexit
from collections.abc import Iterable
from functools import cache

import connectors
from desk import garbage
from desk.config import Settings
from desk.desk import Desk
from workers import process
from workers.heartbeat import Heart
from workers.runner import Runner

PUBLISH = "publish"  # the Celery queue whose workers call platforms in slots


@cache
def desk() -> Desk:
    """The desk of this process."""
    return Desk.open(Settings(), connectors.installed())


@cache
def runner() -> Runner:
    """What publishes here; no other process than a publishing worker has one."""
    made = Runner(desk(), size=process.allowed(desk().settings.slots))
    garbage.collect_less()
    atexit.register(made.close)
    return made


def begin_desk(queues: Iterable[str]) -> None:
    """Start beating: from now on the clock counts on this worker for these queues."""
    served = sorted(queues)
    figures = runner().figures if PUBLISH in served else dict
    heart = Heart(desk(), kind=",".join(served), figures=figures)
    heart.start()
    atexit.register(heart.stop)


def end_desk() -> None:
    """Take nothing more; give back what is claimed, let finish what is sending."""
    if runner.cache_info().currsize:
        runner().close()
