"""An app in a thread of the tests, served as the desk's web processes serve theirs."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from waitress import wasyncore

from web.serving import listening

THREADS = 8
MOST = 200  # connections


@contextmanager
def served(app: Flask, port: int = 0, most: int = MOST) -> Iterator[int]:
    """Gives the port that it listens at."""
    with socket.create_server(("127.0.0.1", port)) as at:
        connections: dict[int, Any] = {}
        server = listening(app, at, connections, THREADS, most)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                wasyncore.loop(1, use_poll=True, map=connections, count=1)

        serving = threading.Thread(target=serve)
        serving.start()
        try:
            yield at.getsockname()[1]
        finally:
            over.set()
            server.pull_trigger()
            serving.join()
            server.task_dispatcher.shutdown()
            wasyncore.close_all(connections)
