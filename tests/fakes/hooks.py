"""A webhook's receiver on loopback: keeps what it was handed."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Visit(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        house = self.server.house
        body = self.rfile.read(int(self.headers["Content-Length"]))
        house.taken.append((dict(self.headers), body))
        self.send_response(house.status)
        self.send_header("Location", house.url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    house: HookHouse


class HookHouse:
    """Answers with `status`, and leads back to itself where that redirects."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        self._server = _Server(("127.0.0.1", 0), _Visit)
        self._server.house = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def origin(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.origin}/hook"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
