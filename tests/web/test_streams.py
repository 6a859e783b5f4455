"""Streams: a view's answer is taken over, and whoever does not read it is let go."""

from __future__ import annotations

import queue
import socket

from flask import Flask, Response, request

from tests.serving import served
from web.streams import Stream, take_over

PATIENCE_S = 15
MORE_THAN_A_SOCKET_TAKES = "x" * 50_000_000


def test_who_does_not_read_is_let_go_and_keeps_nobody_waiting() -> None:
    app, opened = Flask(__name__), queue.Queue[Stream]()

    @app.get("/")
    def view() -> Response:
        take_over(request.environ, opened.put)
        return Response(iter(("begun\n",)))

    with served(app) as port:
        reader, dawdler = (
            socket.create_connection(("127.0.0.1", port), PATIENCE_S) for _ in range(2)
        )
        with reader, dawdler:
            streams = []
            for browser in (dawdler, reader):
                browser.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                streams.append(opened.get(timeout=PATIENCE_S))
            slow, quick = streams

            slow.tell(MORE_THAN_A_SOCKET_TAKES)
            assert slow.open
            slow.tell("more")
            quick.tell("heard\n")

            assert not slow.open
            heard = b""
            while b"heard" not in heard:
                heard += reader.recv(1000)
            assert quick.open
