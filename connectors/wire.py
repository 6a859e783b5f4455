"""A socket on which connecting, sending and reading share one deadline."""

from __future__ import annotations

import io
import queue
import socket
import ssl
import threading
import time
from functools import cache
from typing import Any

# A clock that also counts the time a machine sleeps; macOS has no such name for it.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

KEPT_S = 30.0  # how long a name is believed

Place = tuple[socket.AddressFamily, tuple[Any, ...]]  # a family and its address


class Deadline:
    """So many seconds from now, for everything together."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._began = time.clock_gettime(_CLOCK)

    @property
    def used(self) -> float:
        return time.clock_gettime(_CLOCK) - self._began

    def left(self) -> float:
        """Seconds left; raises TimeoutError once there are none."""
        left = self.seconds - self.used
        if left <= 0:
            raise TimeoutError
        return left


class Wire:
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
            self._sock.settimeout(self._deadline.left())
            rest = rest[self._sock.send(rest) :]

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

    def hang_up(self) -> None:
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

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._deadline.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def connect(
    host: str, port: int, *, secure: bool, within: float, deadline: Deadline
) -> Wire:
    """Connected, with the certificate checked; raises OSError. No byte of ours left."""
    patience = Deadline(within)
    places = NAMES.places(host, port, patience.left())
    failure: OSError = OSError("the name has no address")
    for tried, (family, address) in enumerate(places):
        share = patience.left() / (len(places) - tried)  # a dead one may not eat it all
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            return Wire(_open(sock, address, host if secure else None, share), deadline)
        except OSError as error:
            sock.close()
            failure = error
    NAMES.forget(host, port)
    raise failure


def _open(
    sock: socket.socket, address: tuple[Any, ...], verify: str | None, seconds: float
) -> socket.socket:
    until = Deadline(seconds)
    sock.settimeout(until.left())
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.connect(address)
    if verify is None:
        return sock
    sock.settimeout(until.left())
    return _verifying().wrap_socket(sock, server_hostname=verify)


@cache
def _verifying() -> ssl.SSLContext:
    """Certificates checked against the system's; loaded once, as that is slow."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    context.set_alpn_protocols(["http/1.1"])
    return context


class Names:
    """Where names lead, asked once in a while: a burst must not ask for each call."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], tuple[Deadline, list[Place]]] = {}

    def places(self, host: str, port: int, seconds: float) -> list[Place]:
        """Raises OSError where the name leads nowhere, or nobody says."""
        good, places = self._known.get((host, port), (None, []))
        if good is None or good.used > good.seconds:
            places = _resolve(host, port, seconds)
            self._known[host, port] = Deadline(KEPT_S), places
        return places

    def forget(self, host: str, port: int) -> None:
        """Nobody was there: the name may lead elsewhere by now."""
        self._known.pop((host, port), None)


NAMES = Names()


def _resolve(host: str, port: int, seconds: float) -> list[Place]:
    """Where the name leads. Asked in a thread: the system's resolver has no timeout."""
    answer: queue.SimpleQueue[list[Place] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.put([(family, address) for family, _, _, _, address in found])
        except OSError as error:
            answer.put(error)
        except UnicodeError:  # a name that is none, such as "a..b"
            answer.put(socket.gaierror(socket.EAI_NONAME, "no such name"))

    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answer.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(found, OSError):
        raise found
    return found
