"""Every Celery queue has a worker that listens to it."""

from __future__ import annotations

import re

from commands.processes import procfile
from workers.app import QUEUES, app
from workers.tasks import look_at_links, publish, reconcile, stage


def served() -> list[str]:
    lines = [command[-1] for command in procfile().values()]
    named = [re.search(r"--queues (\S+)", line) for line in lines]
    return [queue for match in named if match for queue in match[1].split(",")]


def test_the_procfile_serves_every_queue_once() -> None:
    assert sorted(served()) == sorted(set(QUEUES.values()))


def test_every_task_goes_to_a_queue_that_is_served() -> None:
    routed = {
        app.amqp.router.route({}, task.name)["queue"].name
        for task in (publish, stage, look_at_links, reconcile)
    }

    assert routed == set(QUEUES.values())
