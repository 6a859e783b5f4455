"""Names: where they lead, asked once in a while and never for longer than allowed."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

from connectors.http.cooperative_wait import wait_until_ready

KEPT_S = 30.0  # how long an answer is believed

Place = tuple[socket.AddressFamily, tuple[Any, ...]]  # a family and its address
Key = tuple[str, int]


class Names:
    """The answers of the system's resolver, for a while: a burst asks once, not often.

    It has no timeout of its own, so that it is asked in a thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: dict[Key, _Question] = {}

    def places(self, host: str, port: int, seconds: float) -> list[Place]:
        """Raises OSError where the name leads nowhere, or nobody says in time."""
        with self._lock:
            question = self._asked.get((host, port))
            if question is None or question.stale:
                question = self._asked[host, port] = _Question(host, port)
        try:
            return question.answer(seconds)
        except OSError:
            self.forget(host, port)
            raise

    def forget(self, host: str, port: int) -> None:
        """Nobody was there: the name may lead elsewhere by now."""
        with self._lock:
            self._asked.pop((host, port), None)


class _Question:
    def __init__(self, host: str, port: int) -> None:
        self._key = host, port
        self._asked_at = time.monotonic()
        self._found: list[Place] | OSError | None = None
        # closed by the thread: whoever waits for the answer can read the end then
        self._heard, self._line = socket.socketpair()
        threading.Thread(target=self._ask, daemon=True).start()

    def __del__(self) -> None:
        self._heard.close()

    @property
    def stale(self) -> bool:
        return time.monotonic() - self._asked_at > KEPT_S

    def answer(self, seconds: float) -> list[Place]:
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


NAMES = Names()
