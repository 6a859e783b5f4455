"""A bare socket that says what a test tells it to: HTTP at its worst."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable

Script = Callable[["Caller"], None]


class Caller:
    """One caller on the line: `heard` is what it said first."""

    def __init__(self, sock: socket.socket, gone: threading.Event) -> None:
        self.sock = sock
        self.gone = gone
        self.heard = b""

    def hear(self) -> bytes:
        """A whole request, head and body."""
        while b"\r\n\r\n" not in self.heard:
            self._more()
        head, _, _ = self.heard.partition(b"\r\n\r\n")
        length = next(
            (
                int(line.split(b":")[1])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length:")
            ),
            0,
        )
        while len(self.heard) - len(head) - 4 < length:
            self._more()
        return self.heard

    def say(self, data: bytes) -> None:
        self.sock.sendall(data)

    def drip(self, data: bytes, pause: float = 0.02) -> None:
        for letter in data:
            self.sock.sendall(bytes([letter]))
            if self.gone.wait(pause):
                return

    def wait(self, seconds: float = 20) -> None:
        self.gone.wait(seconds)

    def _more(self) -> None:
        data = self.sock.recv(65536)
        if not data:
            raise ConnectionError("the caller hung up")
        self.heard += data


class Line:
    """A listening socket; each caller gets the script, in a thread of its own."""

    def __init__(
        self,
        script: Script,
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self._script = script
        self._tls = tls
        self._gone = threading.Event()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._sock = socket.create_server((host, 0), family=family)
        self.port = self._sock.getsockname()[1]
        self.callers: list[Caller] = []
        scheme = "https" if tls else "http"
        named = f"[{host}]" if ":" in host else host
        self.address = f"{scheme}://{named}:{self.port}"

    def __enter__(self) -> Line:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._gone.set()
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()

    def heard(self) -> bytes:
        return b"".join(caller.heard for caller in self.callers)

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._sock.accept()
                threading.Thread(target=self._answer, args=(sock,), daemon=True).start()

    def _answer(self, sock: socket.socket) -> None:
        caller = Caller(sock, self._gone)
        self.callers.append(caller)
        try:
            if self._tls:
                caller.sock = self._tls.wrap_socket(sock, server_side=True)
            self._script(caller)
        except OSError:
            pass  # the caller hung up: many a test is about that
        finally:
            caller.sock.close()


def reply(status: int, body: bytes = b"{}", *headers: bytes) -> Script:
    """A script that hears a request out and gives this answer."""
    lines = [b"HTTP/1.1 %d X" % status, b"Content-Length: %d" % len(body), *headers]

    def script(caller: Caller) -> None:
        caller.hear()
        caller.say(b"\r\n".join([*lines, b"", body]))

    return script
