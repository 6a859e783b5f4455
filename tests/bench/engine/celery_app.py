"""What people build with Celery alone: a task for each post, in three ways of waiting.

`publish` at once, `publish` with an eta, or `poll` by beat each second. The address,
the broker and the file of what is due come from the environment.
"""

from __future__ import annotations

import os
import sqlite3
import time
import warnings

import urllib3
from celery import Celery
from celery.exceptions import SecurityWarning

from tests.bench.engine.bare import ROUTE, body, headers

warnings.filterwarnings("ignore", category=SecurityWarning)  # as root, of pickle

THREADS = 64

app = Celery("bench", broker=os.environ["BENCH_BROKER"])
app.conf.update(
    task_ignore_result=True,
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
    beat_schedule={
        "poll": {"task": "tests.bench.engine.celery_app.poll", "schedule": 1.0}
    },
    beat_schedule_filename=os.environ["BENCH_DUE"] + "-beat",
)
pool = urllib3.PoolManager(maxsize=THREADS, retries=False)


@app.task
def publish(number: int) -> None:
    place = os.environ["BENCH_PLATFORM"] + ROUTE
    answer = pool.request("POST", place, body=body(number), headers=headers(number))
    assert answer.status == 200


@app.task
def poll() -> None:
    """Mark what is due, then make a task of each: the usual loop."""
    with sqlite3.connect(os.environ["BENCH_DUE"], timeout=10) as link:
        found = link.execute(
            "UPDATE due SET sent = 1 WHERE sent = 0 AND at <= ? RETURNING number",
            (time.time(),),
        ).fetchall()
    for (number,) in found:
        publish.delay(number)
