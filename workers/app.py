"""The Celery application: its queues, its patience, how a worker starts and ends."""

from __future__ import annotations

import sys
import warnings
from typing import Any

from celery import Celery, signals
from celery.exceptions import SecurityWarning

from desk import logs
from desk.config import Settings
from desk.vault import Locked
from workers import bootstrap, broker

# As root (a container) Celery warns of pickle; we accept JSON only.
warnings.filterwarnings("ignore", category=SecurityWarning)

QUEUES = {  # by task
    "publish": "publish",
    "stage": "stage",
    "look_at_links": "stage",
    "read_links": "stage",
    "reconcile": "reconcile",
}

settings = Settings()
broker.read_with_suspicion()
app = Celery("standfirst", broker=settings.broker, include=["workers.tasks"])
app.conf.update(
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_default_queue="reconcile",
    task_routes={
        f"workers.tasks.{task}": {"queue": queue} for task, queue in QUEUES.items()
    },
    task_acks_late=False,  # a message is a hint; the claim's lease is what counts
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    worker_enable_remote_control=False,  # whoever reaches the broker could shut us down
    worker_cancel_long_running_tasks_on_connection_loss=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 10,
        "visibility_timeout": 3600,
    },
)


@signals.setup_logging.connect  # else Celery writes lines of its own
def _log(**_: Any) -> None:
    logs.of_settings(settings)


@signals.worker_ready.connect  # it has its broker: before that it takes no hint
def _open(sender: Any, **_: Any) -> None:
    try:
        bootstrap.begin_desk(sender.app.amqp.queues.consume_from)
    except Locked as error:  # Celery would only log it, and take hints
        sys.exit(str(error))


@signals.worker_shutting_down.connect
def _close(**_: Any) -> None:
    bootstrap.end_desk()
