"""A heart: a thread that says every few seconds that this process is alive."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

import structlog
from sqlalchemy.exc import DBAPIError

from desk import db, heartbeats, skew
from desk.desk import Desk
from desk.engine_settings import engine

log = structlog.get_logger(__name__)


class Heart:
    def __init__(
        self, desk: Desk, kind: str, figures: Callable[[], Mapping[str, int]] = dict
    ) -> None:
        """`figures`: what the process counted, asked at each beat."""
        self._desk, self._kind, self._figures = desk, kind, figures
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._beat()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        with self._desk.db.writing() as session:
            heartbeats.stop(session)

    def _run(self) -> None:
        while not self._stopping.wait(engine.heartbeats.every.total_seconds()):
            self._beat()

    def _beat(self) -> None:
        try:
            with self._desk.db.writing() as session:
                now = db.now(session)
                ahead = skew.measure_skew(now)
                heartbeats.beat(session, self._kind, now, self._figures(), ahead)
        except DBAPIError as error:
            log.warning("no heartbeat: the database is away", error=str(error.orig))
