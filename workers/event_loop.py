"""An event loop: one thread makes hundreds of calls, which give way while they wait."""

from __future__ import annotations

import heapq
import itertools
import math
import os
import selectors
from collections import deque
from collections.abc import Callable

from greenlet import getcurrent, greenlet

from connectors.http import cooperative_wait
from desk.timekeeping import boot_seconds

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
LONGEST_S = 60.0
BEGUN = 100  # calls begun before the next look at the network
FEW = 4  # answers read before it
LYING_S = 1.0  # no answer waits longer, whatever keeps the dispatcher


class _Waiting:
    """A call that waits for the network, or for its deadline."""

    __slots__ = ("answer", "call", "done", "fd")

    def __init__(self, call: greenlet, fd: int, answer: bool) -> None:
        self.call, self.fd, self.answer = call, fd, answer
        self.done = False


class EventLoop:
    """Runs functions that wait cooperatively; who waits costs no thread.

    Their waits are those of `connectors.http.cooperative_wait`. Hundreds of threads
    would share one interpreter lock, and hand it round at each system call: that costs
    as much as the calls themselves.
    """

    def __init__(self) -> None:
        self._starts: deque[Callable[[], None]] = deque()
        self._selector = selectors.DefaultSelector()
        self._timers: list[tuple[float, int, _Waiting]] = []
        self._order = itertools.count()
        self._answered: deque[_Waiting] = deque()
        self._hurried_until = 0.0  # by the boot clock
        self._asleep = False
        self._bell, self._button = os.pipe()
        os.set_blocking(self._bell, False)
        self._selector.register(self._bell, READ)

    def spawn(self, call: Callable[[], None]) -> None:
        """Start this as soon as may be; from any thread."""
        self._starts.append(call)
        self._wake()

    def hurry(self, more_to_start: bool) -> None:
        """Whether answers may lie until the calls that are due have all begun."""
        if not more_to_start:
            over = self._hurried_until
            self._hurried_until = 0.0
            if over:
                self._wake()
        elif not self._hurried_until:
            self._hurried_until = boot_seconds() + LYING_S

    @property
    def _hurried(self) -> bool:
        return self._hurried_until > boot_seconds()

    def _wake(self) -> None:
        if self._asleep:
            os.write(self._button, b"!")

    def run(self) -> None:
        """For ever. A call that raises ends it: whoever started it must end with it."""
        self._self = getcurrent()
        cooperative_wait.set_wait(self._wait)
        while True:
            self._asleep = (
                True  # before the last look at what is new: else we oversleep
            )
            self._start_new()
            found = self._selector.select(self._sleep_s())
            self._asleep = False
            for key, _ in found:
                if key.fd == self._bell:
                    os.read(self._bell, 4096)
                elif key.data.answer:
                    self._answered.append(self._over(key.data))
                else:
                    self._go_on(key.data, in_time=True)
            self._read_answers()
            self._time_out()

    def _read_answers(self) -> None:
        """A few at a time: what is due may begin, and go on connecting, in between."""
        for _ in range(FEW):
            if self._answered and not self._hurried:
                self._answered.popleft().call.switch(True)

    def _start_new(self) -> None:
        """Not all at once: whoever has begun may send before the last has begun."""
        for _ in range(BEGUN):
            if self._starts:
                greenlet(self._starts.popleft()).switch()

    def _wait(self, fd: int, *, writing: bool, seconds: float, answer: bool) -> bool:
        waiting = _Waiting(getcurrent(), fd, answer)
        self._selector.register(fd, WRITE if writing else READ, waiting)
        until = boot_seconds() + seconds
        heapq.heappush(self._timers, (until, next(self._order), waiting))
        in_time: bool = self._self.switch()
        return in_time

    def _go_on(self, waiting: _Waiting, *, in_time: bool) -> None:
        self._over(waiting).call.switch(in_time)

    def _over(self, waiting: _Waiting) -> _Waiting:
        self._selector.unregister(waiting.fd)
        waiting.done = True
        return waiting

    def _time_out(self) -> None:
        now = boot_seconds()
        while self._timers and (self._timers[0][2].done or self._timers[0][0] <= now):
            _, _, waiting = heapq.heappop(self._timers)
            if not waiting.done:
                self._go_on(waiting, in_time=False)

    def _sleep_s(self) -> float:
        """Until the next deadline, or until the answers that lie have waited enough."""
        if self._starts:
            return 0.0
        moments = [self._timers[0][0]] if self._timers else []
        if self._answered:
            moments.append(self._hurried_until)
        left = min(moments, default=math.inf) - boot_seconds()
        return min(LONGEST_S, max(0.0, left))
