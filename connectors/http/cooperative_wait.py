"""Cooperative wait: how a call waits for the network, alone or among hundreds."""

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


class _ThisThread(threading.local):
    wait: Wait = staticmethod(_alone)


_THIS_THREAD = _ThisThread()


def wait_until_ready(
    fd: int, *, writing: bool, seconds: float, answer: bool = False
) -> bool:
    """Every wait of `connectors/http/` is here, so that a loop may take its place."""
    return _THIS_THREAD.wait(fd, writing=writing, seconds=seconds, answer=answer)


def set_wait(wait: Wait) -> None:
    """From now on all calls of this thread wait like that."""
    _THIS_THREAD.wait = wait
