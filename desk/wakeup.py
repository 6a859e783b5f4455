"""The wake-up call: tells the clock to look now; it looks by itself anyway."""

from __future__ import annotations

import threading
from collections.abc import Callable

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry

from desk.config import Settings
from desk.loopback import is_loopback

CHANNEL = "standfirst:wake"
PATIENCE_S = 0.25

log = structlog.get_logger(__name__)


def client(settings: Settings, patience_s: float | None = PATIENCE_S) -> redis.Redis:
    """A client that gives up soon and never tries again by itself."""
    return redis.Redis.from_url(
        settings.redis,
        socket_timeout=patience_s,
        socket_connect_timeout=PATIENCE_S,
        retry=Retry(NoBackoff(), 0),
    )


def exposed(connection: redis.Redis) -> bool:
    """Does the broker ask for no password, and listen beyond this machine?"""
    told = connection.connection_pool.connection_kwargs
    if told.get("password") or told.get("path"):
        return False
    if not is_loopback(str(told.get("host", "localhost"))):
        return True
    try:
        says = {
            **connection.config_get("bind"),
            **connection.config_get("protected-mode"),
        }
    except redis.ResponseError:  # it tells nobody
        return False
    listens = str(says.get("bind", "")).split() or ["*"]
    beyond = [one for one in listens if not is_loopback(one.removeprefix("-"))]
    return says.get("protected-mode") == "no" and bool(beyond)


def call(settings: Settings) -> None:
    """Wake the clock, off the caller's path."""
    threading.Thread(target=_publish, args=(settings,), daemon=True).start()


def call_and_wait(settings: Settings) -> None:
    """Wake the clock before this process ends (a command line's way)."""
    _publish(settings)


def _publish(settings: Settings) -> None:
    try:
        with client(settings) as connection:
            connection.publish(CHANNEL, "look")
    except redis.RedisError as error:
        log.info("no wake-up call: the clock will look by itself", error=str(error))


def listen(
    settings: Settings, wake: Callable[[], None], until: threading.Event
) -> None:
    """Call `wake` at every call, until told to stop. Connects again by itself."""
    while not until.is_set():
        try:
            with client(settings, patience_s=None) as connection:
                _hear(connection, wake, until)
        except redis.RedisError:
            until.wait(1.0)


def _hear(
    connection: redis.Redis, wake: Callable[[], None], until: threading.Event
) -> None:
    subscribed = connection.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]  # redis leaves it bare
    with subscribed as heard:
        heard.subscribe(CHANNEL)
        while not until.is_set():
            if heard.get_message(timeout=1.0):
                wake()
