"""Whoever reaches the broker can put anything there: no worker ends by it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from kombu import Connection, Consumer
from kombu.transport import TRANSPORT_ALIASES
from redis import Redis

from commands import embedded
from commands.processes import procfile
from desk.config import Settings
from desk.migrating import upgrade
from tests.unit.commands.test_embedded import wait_for
from workers import broker

UNREADABLE = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"7",
    b"{}",
    b"\xff\xfe",
    b'"text"',
    b'{"body": 1}',
    b'{"body": "e30=", "properties": {}}',
    b'{"body": "%%%", "properties": {"delivery_tag": "1", "body_encoding": "base64"}}',
    b"[" * 5000,
]


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    made = Settings(home=tmp_path, database_url="", redis_url="")
    valkey = subprocess.Popen(embedded.command(made))
    wait_for(lambda: embedded.answers(made.valkey_socket))
    yield made
    valkey.kill()
    valkey.wait()


@pytest.fixture(autouse=True)
def usual_transports() -> Iterator[None]:
    kept = dict(TRANSPORT_ALIASES)
    yield
    TRANSPORT_ALIASES.update(kept)


@pytest.mark.parametrize("message", UNREADABLE)
def test_a_message_that_is_none_is_dropped_and_the_next_one_read(
    settings: Settings, message: bytes
) -> None:
    broker.read_with_suspicion()
    got: list[object] = []

    with (
        Redis.from_url(settings.redis) as client,
        Connection(settings.broker) as connection,
    ):
        channel = connection.channel()
        client.lpush("publish", message)
        producer = connection.Producer(channel)
        producer.publish({"a": "hint"}, routing_key="publish", serializer="json")
        queue = connection.SimpleQueue("publish").queue
        with Consumer(channel, [queue], accept=["json"]) as consumer:
            consumer.register_callback(lambda body, _: got.append(body))
            consumer.on_decode_error = lambda found, _: found.ack()
            for _ in range(4):
                if not got:
                    drain(connection)

    assert got == [{"a": "hint"}]


def drain(connection: Connection) -> None:
    try:
        connection.drain_events(timeout=2)
    except TimeoutError:
        return


def test_workers_take_no_remote_control() -> None:
    from workers.app import app

    assert app.conf.worker_enable_remote_control is False


@pytest.fixture
def worker(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of its own, as the Procfile starts it."""
    upgrade(settings)
    words = procfile()["background"]
    told = {**os.environ, "STANDFIRST_HOME": str(settings.home), "DATABASE_URL": ""}
    path = os.pathsep.join([str(Path(sys.executable).parent), told.get("PATH", "")])
    child = subprocess.Popen(words, env={**told, "REDIS_URL": "", "PATH": path})
    yield child
    child.kill()
    child.wait()


def test_a_worker_outlives_whatever_it_is_sent(
    settings: Settings, worker: subprocess.Popen[bytes]
) -> None:
    def pushed(*messages: bytes) -> bool:
        client.lpush("reconcile", *messages)
        wait_for(lambda: client.llen("reconcile") == 0, 30)
        return True

    with Redis.from_url(settings.redis) as client:
        assert pushed(UNREADABLE[0])
        Celery(broker=settings.broker).control.shutdown()
        assert all(pushed(message) for message in UNREADABLE)

    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(2)
