"""One request through the guard: a checked address, one deadline, one cap."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import certifi
import ssrfguard
from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection

CHUNK = 65_536
AGENT = "Mozilla/5.0 (compatible; Standfirst; +https://standfirst.example)"
ATTEMPTS = 2  # addresses of one name that are tried


class TooBig(Exception):
    """The body is over the cap; reading stopped there."""


class Deadline:
    """A moment by which everything must be over, on this machine's steady clock."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    @property
    def passed(self) -> bool:
        return time.monotonic() >= self._at

    def left(self) -> float:
        """Seconds that are left; raises when there are none."""
        if self.passed:
            raise TimeoutError("the deadline has passed")
        return self._at - time.monotonic()


@dataclass(frozen=True)
class Answer:
    """What came back from one address, before anyone judged it."""

    status: int
    content_type: str
    location: str
    body: bytes = field(repr=False)


class _Plain(HTTPConnection):
    """Speaks over a socket that is already open, so nothing looks the name up again."""

    opened: socket.socket

    def _new_conn(self) -> socket.socket:
        return self.opened


class _Secure(HTTPSConnection):
    opened: socket.socket

    def _new_conn(self) -> socket.socket:
        return self.opened


def get(
    url: str, policy: ssrfguard.Policy, deadline: Deadline, cap: int, accept: str
) -> Answer:
    """Fetch one address. Follows nothing, sends no cookies, reads no environment."""
    headers = {
        "Accept": accept,
        "Accept-Encoding": "gzip",
        "Accept-Language": "*",
    }
    return _ask("GET", url, policy, deadline, cap, None, headers)


def post(
    url: str,
    policy: ssrfguard.Policy,
    deadline: Deadline,
    cap: int,
    body: bytes,
    headers: Mapping[str, str],
) -> Answer:
    """Hand something in at one address, by the same rules."""
    return _ask("POST", url, policy, deadline, cap, body, headers)


def _ask(
    method: str,
    url: str,
    policy: ssrfguard.Policy,
    deadline: Deadline,
    cap: int,
    body: bytes | None,
    headers: Mapping[str, str],
) -> Answer:
    target = policy.check_url(url)
    addresses = _resolved(target, policy, deadline)
    opened = ssrfguard.connect(
        addresses, policy=policy, timeout=deadline.left() / ATTEMPTS
    )
    with opened, _cut_at(deadline, opened):
        connection = _connection(target, opened, deadline)
        try:
            connection.request(
                method,
                _path(url),
                body=body,
                headers={"User-Agent": AGENT, **headers},
                preload_content=False,
            )
            return _answer(connection.getresponse(), deadline, cap)
        finally:
            connection.close()


def _resolved(
    target: ssrfguard.Target, policy: ssrfguard.Policy, deadline: Deadline
) -> tuple[ssrfguard.Address, ...]:
    """Look the name up once, in a thread: the system's lookup knows no timeout."""
    found: queue.Queue[tuple[ssrfguard.Address, ...] | Exception] = queue.Queue()

    def look() -> None:
        try:
            found.put(ssrfguard.resolve(target, policy=policy))
        except Exception as error:
            found.put(error)  # raised again below, in the caller's thread

    threading.Thread(target=look, daemon=True).start()
    try:
        addresses = found.get(timeout=deadline.left())
    except queue.Empty:
        raise TimeoutError("the name lookup took too long") from None
    if isinstance(addresses, Exception):
        raise addresses
    return addresses


@contextmanager
def _cut_at(deadline: Deadline, opened: socket.socket) -> Iterator[None]:
    """Cut the line at the deadline, however slowly the other side drips."""
    line = opened.dup()  # TLS takes the first handle over
    timer = threading.Timer(deadline.left(), _hang_up, [line])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        line.close()


def _hang_up(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side hung up first


def _connection(
    target: ssrfguard.Target, opened: socket.socket, deadline: Deadline
) -> HTTPConnection:
    if target.scheme == "http":
        plain = _Plain(target.host, target.port, timeout=deadline.left())
        plain.opened = opened
        return plain
    secure = _Secure(
        target.host, target.port, timeout=deadline.left(), ssl_context=_trust()
    )
    secure.opened = opened
    return secure


def _trust() -> ssl.SSLContext:
    """The machine's certificates, and the public ones where it has none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _path(url: str) -> str:
    parts = urlsplit(url)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]|")
    return f"{path}?{query}" if query else path


def _answer(response: HTTPResponse, deadline: Deadline, cap: int) -> Answer:
    body = b"" if response.status >= 300 else _body(response, deadline, cap)
    return Answer(
        response.status,
        response.headers.get("Content-Type", ""),
        response.headers.get("Location", ""),
        body,
    )


def _body(response: HTTPResponse, deadline: Deadline, cap: int) -> bytes:
    """Read up to the cap, counted after unpacking."""
    if int(response.headers.get("Content-Length", "0") or 0) > cap:
        raise TooBig
    body = bytearray()
    while chunk := response.read(CHUNK, decode_content=True):
        body += chunk
        if len(body) > cap:
            raise TooBig
        deadline.left()
    deadline.left()  # a line cut at the deadline looks like the end of an answer
    return bytes(body)
