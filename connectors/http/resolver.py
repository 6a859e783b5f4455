"""The resolver: where a name leads, asked once in a while and never for too long."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

from connectors.http.cooperative_wait import wait_until_ready

KEPT_S = 30.0  # how long an answer is believed

Address = tuple[socket.AddressFamily, tuple[Any, ...]]  # a family and its address
Key = tuple[str, int]


class Resolver:
    """The answers of the system's resolver, for a while: a burst asks once, not often.

    It has no timeout of its own, so that it is asked in a thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lookups: dict[Key, _Lookup] = {}

    def addresses(self, host: str, port: int, seconds: float) -> list[Address]:
        """Raises OSError where the name leads nowhere, or nobody says in time."""
        with self._lock:
            lookup = self._lookups.get((host, port))
            if lookup is None or lookup.stale:
                lookup = self._lookups[host, port] = _Lookup(host, port)
        try:
            return lookup.answer(seconds)
        except OSError:
            self.forget(host, port)
            raise

    def forget(self, host: str, port: int) -> None:
        """Nobody was there: the name may lead elsewhere by now."""
        with self._lock:
            self._lookups.pop((host, port), None)


class _Lookup:
    def __init__(self, host: str, port: int) -> None:
        self._key = host, port
        self._asked_at = time.monotonic()
        self._found: list[Address] | OSError | None = None
        # closed by the thread: whoever waits for the answer can read the end then
        self._heard, self._line = socket.socketpair()
        threading.Thread(target=self._ask, daemon=True).start()

    def __del__(self) -> None:
        self._heard.close()

    @property
    def stale(self) -> bool:
        return time.monotonic() - self._asked_at > KEPT_S

    def answer(self, seconds: float) -> list[Address]:
        if self._found is None:
            with self._heard.dup() as heard:
                wait_until_ready(heard.fileno(), writing=False, seconds=seconds)
        if self._found is None:
            raise TimeoutError
        if isinstance(self._found, OSError):
            raise self._found
        return self._found

    def _ask(self) -> None:
        try:
            found = socket.getaddrinfo(*self._key, type=socket.SOCK_STREAM)
            self._found = [(family, address) for family, _, _, _, address in found]
        except OSError as error:
            self._found = error
        except UnicodeError:  # a name that is none, such as "a..b"
            self._found = socket.gaierror(socket.EAI_NONAME, "no such name")
        finally:
            self._line.close()


RESOLVER = Resolver()
