"""Streams: answers that go on for minutes, and hold no thread meanwhile.

A view says who takes its answer over. Its thread writes the head and what there is of
the body, and is free; whoever took it writes the rest, from one thread to all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from waitress.channel import ClientDisconnected
from waitress.task import WSGITask

UNTOLD = "[an address]"  # whose end may be a one-time link
TAKEN_OVER = "desk.taken_over"  # in a request's environment, where it is served so


class Stream:
    """One answer, after its thread has left it."""

    def __init__(self, answer: Answer) -> None:
        self._answer, self._connection = answer, answer.channel

    @property
    def open(self) -> bool:
        its = self._connection
        return bool(its.connected and not (its.will_close or its.close_when_flushed))

    @property
    def room(self) -> int:
        """How many of them its process has: half of its connections are for others."""
        return int(self._connection.adj.connection_limit) // 2

    def tell(self, what: str) -> None:
        """Whoever has not taken what was told before is let go."""
        if self._connection.total_outbufs_len:
            self._connection.will_close = True
            self._wake()
            return
        with suppress(ClientDisconnected, OSError):  # it has gone, or its process goes
            self._answer.write(what.encode())

    def end(self) -> None:
        with suppress(ClientDisconnected):
            WSGITask.finish(self._answer)
        self._connection.close_when_flushed = True
        self._wake()

    def _wake(self) -> None:
        with suppress(OSError):  # its process is ending, and sends nothing more
            self._connection.server.pull_trigger()


Taker = Callable[[Stream], None]


class Answer(WSGITask):  # type: ignore[misc]  # waitress has no types
    """What a thread makes of a request: all of it, or the beginning of a stream."""

    _taker: Taker | None = None

    def service(self) -> None:
        try:
            super().service()
        except ClientDisconnected:
            raise
        except Exception:
            self.request.path = UNTOLD  # it goes into the log now, with what failed
            raise

    def get_environment(self) -> dict[str, Any]:
        environment: dict[str, Any] = super().get_environment()
        environment[TAKEN_OVER] = self._is_taken_over
        return environment

    def finish(self) -> None:
        if self._taker is None or self.request.command == "HEAD":
            super().finish()
            return
        self.channel.streams = True
        self.close_on_finish = False
        self._taker(Stream(self))

    def _is_taken_over(self, by: Taker) -> None:
        self._taker = by


def take_over(environment: Mapping[str, Any], taker: Taker) -> None:
    """Once its view is done, this request's answer is for `taker` to go on with."""
    environment[TAKEN_OVER](taker)
