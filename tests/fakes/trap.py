"""A host that nobody has a reason to speak to: it writes down who does."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast


class Trap:
    """Answers everything with 200 and an empty object, and remembers it."""

    def __enter__(self) -> Trap:
        self.heard: list[str] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.heard = self.heard
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        serve = self._server.serve_forever
        threading.Thread(target=serve, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    heard: list[str]


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        cast(_Server, self.server).heard.append(f"{self.command} {self.path}")
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_POST = do_CONNECT = do_PUT = do_HEAD = do_GET  # noqa: N815
