"""How a trouble sounds on the wire: lost, half, dripping and wrong answers."""

from __future__ import annotations

import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler

from tests.fakes.platform import Kind, Trouble

DRIP_SECONDS = 0.05


def answer(
    handler: BaseHTTPRequestHandler,
    trouble: Trouble,
    right: bytes,
    stopping: threading.Event,
) -> None:
    """Give this answer in place of the right one."""
    handler.close_connection = True
    with contextlib.suppress(OSError):  # the sender has gone: that is its right
        match trouble.kind:
            case Kind.STALLED:
                stopping.wait(30)
            case Kind.HALF:
                _head(handler, len(right) or 2)
                handler.wfile.write(right[: len(right) // 2])
            case Kind.DRIP:
                _drip(handler, right, stopping)
            case Kind.STATUS:
                _whole(handler, trouble)
            case _:
                pass
    _hang_up(handler)


def _head(handler: BaseHTTPRequestHandler, length: int) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json; charset=utf-8")
    handler.send_header("Content-Length", str(length))
    handler.end_headers()


def _drip(
    handler: BaseHTTPRequestHandler, right: bytes, stopping: threading.Event
) -> None:
    _head(handler, len(right) + 1000)
    for letter in right + b" " * 1000:
        handler.wfile.write(bytes([letter]))
        if stopping.wait(DRIP_SECONDS):
            return


def _whole(handler: BaseHTTPRequestHandler, trouble: Trouble) -> None:
    body = trouble.body.encode()
    handler.send_response(trouble.status)
    for name, value in trouble.headers.items():
        handler.send_header(name, value)
    if "Content-Type" not in trouble.headers:
        handler.send_header("Content-Type", "application/json; charset=utf-8")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def _hang_up(handler: BaseHTTPRequestHandler) -> None:
    with contextlib.suppress(OSError):
        handler.connection.shutdown(socket.SHUT_RDWR)
