"""Giving way: how a call waits for the network, by itself or among hundreds."""

from __future__ import annotations

import select
import threading
from typing import Protocol


class Wait(Protocol):
    def __call__(self, fd: int, *, writing: bool, seconds: float, answer: bool) -> bool:
        """Until the descriptor can be read (or written); False: the time is over.

        An answer may lie a while where calls are due: it tells what is done already.
        """


def _alone(fd: int, *, writing: bool, seconds: float, answer: bool) -> bool:
    """This thread has nothing else to do meanwhile."""
    poll = select.poll()
    poll.register(fd, select.POLLOUT if writing else select.POLLIN)
    return bool(poll.poll(max(0.0, seconds) * 1000))


class _Here(threading.local):
    wait: Wait = staticmethod(_alone)


_HERE = _Here()


def wait(fd: int, *, writing: bool, seconds: float, answer: bool = False) -> bool:
    """Every wait of `connectors/http/` is here, so that a hub may take its place."""
    return _HERE.wait(fd, writing=writing, seconds=seconds, answer=answer)


def by(how: Wait) -> None:
    """From now on all calls of this thread wait like that."""
    _HERE.wait = how
