"""Several people who press a button in the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from werkzeug.test import TestResponse

Press = Callable[[], TestResponse]


def at_once(*presses: Press) -> list[TestResponse]:
    """Each in a thread of its own, begun together."""
    ready = threading.Barrier(len(presses))

    def start(press: Press) -> TestResponse:
        ready.wait(30)
        return press()

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(start, presses))


def statuses(answers: Sequence[TestResponse]) -> list[int]:
    return sorted(answer.status_code for answer in answers)
