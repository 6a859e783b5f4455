"""The outbound limit: which of a process's threads may wait for other machines.

A web process has few threads, and one that waits for a slow site answers nobody's
pages: so few wait at a time, and one of each person's. Who finds no place is told to
come again. What the desk does by itself, in workers and commands, has no limit.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from desk.refusal import Refusal, RefusalKind
from desk.sandbox import giver

YOURS = (
    "The desk still waits for another site that you asked for. Send this again once "
    "that is done."
)
OTHERS = (
    "The desk is waiting for several slow sites just now. Send this again in a few "
    "seconds."
)


class Crowded(Refusal):
    """Too many wait for other machines already; nothing was asked."""

    kind = RefusalKind.UNFIT


_on_the_way: ContextVar[bool] = ContextVar("on the way", default=False)


class OutboundLimit:
    """The threads of this process that ask something outside, and whose they are."""

    def __init__(self) -> None:
        self._taking = threading.Lock()
        self._out: list[str] = []  # who asks
        self._places: int | None = None

    def limit(self, to: int | None) -> None:
        self._places = to

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place, for all that is asked meanwhile. Raises `Crowded`."""
        if self._places is None or _on_the_way.get():
            yield
            return
        who = giver.get()
        self._take(who, self._places)
        before = _on_the_way.set(True)
        try:
            yield
        finally:
            _on_the_way.reset(before)
            with self._taking:
                self._out.remove(who)

    def _take(self, who: str, places: int) -> None:
        with self._taking:
            if who in self._out:
                raise Crowded(YOURS)
            if len(self._out) >= places:
                raise Crowded(OTHERS)
            self._out.append(who)


outbound = OutboundLimit()
