"""Serving: how web processes take requests in and hand answers out.

gunicorn starts, watches and stops the processes. In each of them waitress gathers a
request whole before a thread sees it, and keeps what its reader has not taken yet: so
whoever dawdles, on purpose or on a bad line, holds a connection and no thread. What a
connection sends ahead waits until the answer before it has left: so each keeps one
answer at most, and one open file.
"""

from __future__ import annotations

import logging
import os
import resource
import socket
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from functools import partial
from types import FrameType
from typing import Any

import structlog
from gunicorn.workers import base
from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import RequestEntityTooLarge

from desk.outbound_limit import outbound
from desk.sandbox import line
from web import hosts
from web.streams import Answer

HEAD_S = 20.0  # until the head of a request is there, and between two requests
WHOLE_S = 300.0  # until its body is, or its answer was taken: 12 MB on a bad line
STALLED_S = 60.0  # without a byte taken of an answer
LARGEST_HEAD = 32_000  # bytes
LARGEST_BODY = 16_000_000  # over what the desk takes, which says so itself
LARGEST_ANSWER = 2**40  # more than any: no thread waits until some of it is taken
GATHERED = 400_000_000  # bytes of all bodies that are not whole yet; they lie on disk
FILES = 4_096  # that a process may have open, where it is allowed as many
FILES_EACH = 2  # of a connection: itself, and its body or the answer it has not taken
SPARE_FILES = 200  # for the database, logs, and what is served
MOST_AHEAD = 8  # requests sent before their forerunners' answers; browsers send none
WAITING = FILES  # to be taken in: whoever finds no room comes again after seconds
AT_ONCE = 200  # connections that are taken in, before those that are there go on
CROWDED = 0.8  # of the connections that it may have: beyond it, those who wait go
TURN_S = 1.0
UNSAID = "localhost"  # by programs that speak HTTP as it was before hosts
BEFORE_HOSTS = frozenset({"", "0.9", "1.0"})  # versions
UNREADABLE = "The request can't be read"
NO_HOST = "The request names no host that can be: check the address, then try again."
TWO_LENGTHS = (
    "The request tells its length in two ways: send it with Content-Length, or in "
    "chunks by Transfer-Encoding."
)
TOO_LARGE = "That is larger than the desk takes: export a smaller picture or file."

log = structlog.get_logger(__name__)


class Request(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """One that is read from a connection."""

    def parse_header(self, header_plus: bytes) -> None:
        if not header_plus.split(b"\r\n", 1)[0].isascii():
            raise ParsingError(UNREADABLE)
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # of an address, or of a number
            raise ParsingError(UNREADABLE) from error
        unsaid = UNSAID if self.version in BEFORE_HOSTS else ""
        if not hosts.possible(self.headers.get("HOST", unsaid)):
            raise ParsingError(NO_HOST)
        # whoever passed it on may have read the other one (RFC 9112, 6.1)
        in_chunks = self.chunked or "TRANSFER_ENCODING" in self.headers
        if in_chunks and "CONTENT_LENGTH" in self.headers:
            raise ParsingError(TWO_LENGTHS)


class Connection(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """One browser's, from its first byte to its last."""

    task_class = Answer
    parser_class = Request
    streams = False  # its answer goes on, and no thread is at it

    def __init__(self, *given: Any, **named: Any) -> None:
        self.since = time.monotonic()  # when it began what it does: wait, send, read
        self._ahead: list[Request] = []  # read, and begun one after the other
        super().__init__(*given, **named)

    def readable(self) -> bool:
        waits = self._ahead and not self.streams
        return not waits and bool(super().readable())

    def writable(self) -> bool:
        return self._next_is_due or bool(super().writable())

    def received(self, data: bytes) -> bool:
        if self.streams:  # nothing else is answered on it
            return False
        if self.request is None:
            self.since = time.monotonic()
        return bool(super().received(data))

    def service(self) -> None:
        """In a thread, once the request is whole."""
        with self.requests_lock:  # all that came with it is read by now
            self._ahead += self.requests[1:]
            del self.requests[1:]
        error = self.requests[0].error
        if len(self._ahead) >= MOST_AHEAD:  # answered, and the others are sent again
            self.requests[0].headers["CONNECTION"] = "close"
        if isinstance(error, RequestEntityTooLarge):
            error.body = TOO_LARGE
        super().service()
        self.since = time.monotonic()

    def handle_write(self) -> None:
        with self.outbuf_lock if self.streams else nullcontext():
            super().handle_write()
        if self._next_is_due and self.connected:
            self._begin_next()

    def handle_error(self) -> None:
        """What nobody foresaw ends this connection, and says so in one line."""
        log.error("a connection was ended", why=repr(sys.exc_info()[1]))
        self.handle_close()

    @property
    def _next_is_due(self) -> bool:
        """Whether the answer before it has left."""
        left = not (self.requests or self.total_outbufs_len or self.close_when_flushed)
        return bool(self._ahead) and left and not self.streams

    def _begin_next(self) -> None:
        """In the loop alone: while it sends, no thread may write."""
        with self.requests_lock:
            self.requests.append(self._ahead.pop(0))
        self.server.add_task(self)

    @property
    def gathered(self) -> int:
        """Bytes of a body that is not whole yet."""
        return 0 if self.request is None else int(self.request.body_bytes_received)

    @property
    def busy(self) -> bool:
        return not self.streams and bool(
            self.requests or self._ahead or self.request or self.total_outbufs_len
        )

    def dawdles(self, now: float) -> bool:
        """Whether it takes longer than any browser on a bad line."""
        untaken = bool(self.total_outbufs_len or self._next_is_due)
        if untaken and time.time() - self.last_activity > STALLED_S:
            return True
        if self.requests or self.streams:
            return False
        gathering = self.request is not None and self.request.headers_finished
        patience = WHOLE_S if gathering or untaken else HEAD_S
        return now - self.since > patience


class Hall:
    """All connections of a process, turn by turn, and who of them has to go."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = most  # with what listens and calls, as waitress counts
        self.served: dict[int, Any] = {}  # by file: listeners, connections, triggers
        self._clock, self._tidied = clock, clock()

    def turn(self, wait_s: float = TURN_S) -> None:
        """Where there is no room, it is made at once: others wait at the door."""
        wasyncore.loop(wait_s, use_poll=True, map=self.served, count=1)
        now = self._clock()
        if now - self._tidied > TURN_S or len(self.served) >= self.most:
            self._tidied = now
            tidy(self.connections(), now, int(CROWDED * self.most))

    def connections(self) -> list[Connection]:
        return [one for one in self.served.values() if isinstance(one, Connection)]


class Worker(base.Worker):  # type: ignore[misc]  # gunicorn has no types
    """A web process, from its fork to its end."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._servers: list[Any] = []

    def run(self) -> None:
        room = (_files() - SPARE_FILES) // FILES_EACH
        self._hall = Hall(min(self.cfg.worker_connections, room))
        self._servers = [self._listening(one.sock) for one in self.sockets]
        line.limit(self.cfg.threads // 2)
        outbound.limit(max(1, self.cfg.threads // 4))  # the others are for pages
        while self.alive and os.getppid() == self.ppid:
            self._turn()
        self._finish()

    def handle_exit(self, signal: int, frame: FrameType | None) -> None:
        super().handle_exit(signal, frame)
        for server in self._servers:
            server.pull_trigger()  # it may be waiting for a byte

    def _listening(self, at: socket.socket) -> Any:
        hall = self._hall
        return listening(self.wsgi, at, hall.served, self.cfg.threads, hall.most)

    def _turn(self) -> None:
        self.notify()
        self._hall.turn()

    def _finish(self) -> None:
        """Answer what is under way, and take nothing new."""
        until = time.monotonic() + self.cfg.graceful_timeout
        for server in self._servers:
            server.accepting = False
        while time.monotonic() < until and any(
            one.busy for one in self._hall.connections()
        ):
            self._turn()


def listening(
    app: Any, at: socket.socket, served: dict[int, Any], threads: int, most: int
) -> Any:
    """A server of this app, which takes in `most` connections at `at`."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # waiting is usual
    server = create_server(
        app,
        served,
        sockets=[at],
        threads=threads,
        connection_limit=most,
        backlog=WAITING,
        max_request_header_size=LARGEST_HEAD,
        max_request_body_size=LARGEST_BODY,
        outbuf_high_watermark=LARGEST_ANSWER,
        clear_untrusted_proxy_headers=False,  # the desk knows whom it trusts
        log_socket_errors=False,
        ident=None,
    )
    server.channel_class = Connection
    server.handle_accept = partial(take_in, server, server.handle_accept)
    return server


def take_in(server: Any, accept: Callable[[], None]) -> None:
    """All who are waiting there, and not one a turn.

    A turn looks at every connection: whoever came behind hundreds would wait for as
    many turns, or be dropped by the kernel and come again after seconds.
    """
    for _ in range(AT_ONCE):
        before = len(server._map)
        accept()
        if len(server._map) in (before, server.adj.connection_limit):
            return


def tidy(every: Iterable[Connection], now: float, most: int) -> None:
    """End those who dawdle; where there are too many, who has waited longest."""
    left = []
    for one in every:
        if one.dawdles(now):
            one.handle_close()
        else:
            left.append(one)
    idle = (one for one in left if not (one.requests or one.streams))
    waiting = sorted(idle, key=lambda one: one.since)
    many, gathered = len(left), sum(one.gathered for one in left)
    for one in waiting:
        if many <= most and gathered <= GATHERED:
            return
        many, gathered = many - 1, gathered - one.gathered
        one.handle_close()


def _files() -> int:
    """How many this process may have open; it raises its own limit first."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted
