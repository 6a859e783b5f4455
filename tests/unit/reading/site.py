"""A little website on loopback that answers as each test tells it to."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

Answer = Callable[["Visit"], None]


class Visit(BaseHTTPRequestHandler):
    """One request, with short ways to answer it."""

    def do_GET(self) -> None:
        site: Site = self.server.site  # type: ignore[attr-defined]  # set below
        site.asked.append(self.path)
        site.headers.append(dict(self.headers))
        site.answers.get(self.path.partition("?")[0], Visit.missing)(self)

    def missing(self) -> None:
        self.give(b"gone", status=404)

    def give(
        self, body: bytes, content_type: str = "text/html", status: int = 200
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_on(self, location: str, status: int = 302) -> None:
        self.send_response(status)
        self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class Site:
    """Answers by path; remembers what was asked."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Visit)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # quiet
        self._server.site = self  # type: ignore[attr-defined]  # read above
        if tls:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self.scheme = "https" if tls else "http"

    @property
    def origin(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def url(self, path: str) -> str:
        return f"{self.scheme}://{self.origin}{path}"

    def gives(
        self, path: str, body: bytes, content_type: str = "text/html", status: int = 200
    ) -> str:
        self.answers[path] = lambda visit: visit.give(body, content_type, status)
        return self.url(path)

    def sends_on(self, path: str, location: str) -> str:
        self.answers[path] = lambda visit: visit.send_on(location)
        return self.url(path)

    def __enter__(self) -> Site:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
