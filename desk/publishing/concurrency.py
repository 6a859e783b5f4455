"""Concurrency: an account that takes few calls side by side gets no more from here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from connectors.base import Connector
from desk.engine_settings import engine

_lock = Lock()
_places: dict[tuple[int, int], BoundedSemaphore] = {}


@contextmanager
def place_for_call(
    connector: Connector, channel_id: int, patience_s: float | None = None
) -> Iterator[bool]:
    """Whether there is a place for one more call to this channel; kept until the end.

    For looks and uploads, which no worker's slots count (`limiter.py`).
    """
    if connector.at_once is None:
        yield True
        return
    places = _places_of(channel_id, connector.at_once)
    entered = places.acquire(
        timeout=engine.slots.place_awaited_s if patience_s is None else patience_s
    )
    try:
        yield entered
    finally:
        if entered:
            places.release()


def _places_of(channel_id: int, at_once: int) -> BoundedSemaphore:
    with _lock:
        return _places.setdefault((channel_id, at_once), BoundedSemaphore(at_once))
