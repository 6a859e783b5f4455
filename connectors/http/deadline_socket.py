"""A socket on which connecting, sending and reading share one deadline."""

from __future__ import annotations

import io
import os
import socket
import ssl
from collections.abc import Callable
from functools import cache, partial
from typing import Any, TypeVar

from connectors.http.cooperative_wait import wait_until_ready
from connectors.http.deadline import Deadline
from connectors.http.resolver import RESOLVER

T = TypeVar("T")


class DeadlineSocket:
    """A connected socket, as http.client uses one; every wait ends at the deadline."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline
        self._readers: list[io.BufferedReader[_Reader]] = []
        self._unsent = bytearray()

    def sendall(self, data: bytes) -> None:
        """Kept until `flush`: head and body leave together."""
        self._unsent += data

    def flush(self) -> None:
        rest = memoryview(bytes(self._unsent))
        self._unsent.clear()
        while rest:
            send = partial(self._sock.send, rest)
            rest = rest[_when_ready(self._sock, self._deadline, send, writing=True) :]

    def makefile(self, *_: object) -> io.BufferedReader[_Reader]:
        reader = io.BufferedReader(_Reader(self._sock, self._deadline))
        self._readers.append(reader)
        return reader

    def settimeout(self, _: object) -> None:
        """Nothing: the deadline rules."""

    def shutdown(self, how: int) -> None:
        self._sock.shutdown(how)

    def close(self) -> None:
        """As http.client does once the head is read: the body may still be read."""
        self._sock.close()

    def close_for_good(self) -> None:
        """Now, and for reading too."""
        for reader in self._readers:
            reader.close()
        self._sock.close()


class _Reader(io.RawIOBase):
    """The reading half: no single read may wait past the deadline of them all."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline
        # SocketIO keeps the descriptor open when http.client closes the socket early
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        read = partial(self._read, buffer)
        return _when_ready(self._sock, self._deadline, read, answer=True)

    def _read(self, buffer: Any) -> int:
        count = self._raw.readinto(buffer)
        if count is None:
            raise BlockingIOError
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def connect(
    host: str, port: int, *, secure: bool, within: float, deadline: Deadline
) -> DeadlineSocket:
    """Connected, with the certificate checked; raises OSError. No byte of ours left."""
    patience = Deadline(within)
    addresses = RESOLVER.addresses(host, port, patience.left())
    failure: OSError = OSError("the name has no address")
    for tried, (family, address) in enumerate(addresses):
        share = patience.left() / (len(addresses) - tried)  # a dead one leaves some
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            return DeadlineSocket(
                _open(sock, address, host if secure else None, share), deadline
            )
        except OSError as error:
            sock.close()
            failure = error
    RESOLVER.forget(host, port)
    raise failure


def _open(
    sock: socket.socket, address: tuple[Any, ...], verify: str | None, seconds: float
) -> socket.socket:
    until = Deadline(seconds)
    sock.setblocking(False)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        sock.connect(address)
    except BlockingIOError:
        if not wait_until_ready(sock.fileno(), writing=True, seconds=until.left()):
            raise TimeoutError from None
        if failed := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(failed, os.strerror(failed)) from None
    if verify is None:
        return sock
    wrapped = _verifying().wrap_socket(
        sock, server_hostname=verify, do_handshake_on_connect=False
    )
    try:
        _when_ready(wrapped, until, wrapped.do_handshake)
    except BaseException:
        wrapped.close()  # it took the socket over
        raise
    return wrapped


def _when_ready(
    sock: socket.socket,
    deadline: Deadline,
    act: Callable[[], T],
    *,
    writing: bool = False,
    answer: bool = False,
) -> T:
    """Do it as soon as the socket lets us; raises TimeoutError at the deadline."""
    while True:
        left = deadline.left()
        try:
            return act()
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
            if isinstance(error, ssl.SSLError):
                writing = isinstance(error, ssl.SSLWantWriteError)
        if not wait_until_ready(
            sock.fileno(), writing=writing, seconds=left, answer=answer
        ):
            raise TimeoutError


@cache
def _verifying() -> ssl.SSLContext:
    """Certificates checked against the system's; loaded once, as that is slow."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    context.set_alpn_protocols(["http/1.1"])
    return context
