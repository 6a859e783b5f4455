"""The source cache: the words that an author wrote, asked of a server once.

An account's limits are for its posts: while its attempts are in doubt each of its posts
is asked for once, and so many of them.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from threading import Lock

MOST = 24  # of one account, lately
AT_ONCE = 20  # in one look
LATELY_S = 15 * 60.0
IN_VAIN = 3  # so many without words, one after the other: the server keeps none
KEPT = 2_000  # by this process

Post = tuple[str, str]  # its id, and when it was edited


@dataclass
class _Account:
    """Which of its posts were asked for, and how that ended."""

    asked: deque[float] = field(default_factory=deque)
    in_vain: int = 0

    def left(self, now: float) -> int:
        while self.asked and now - self.asked[0] > LATELY_S:
            self.asked.popleft()
        if not self.asked:
            self.in_vain = 0
        return 0 if self.in_vain >= IN_VAIN else MOST - len(self.asked)


class SourceCache:
    """Of all accounts, by their server and id; safe to share by threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sources: OrderedDict[tuple[str, Post], str] = OrderedDict()
        self._accounts: dict[str, _Account] = {}

    def get(self, account: str, post: Post) -> str | None:
        """What was told of it; nothing is empty; None: it was not asked for."""
        with self._lock:
            return self._sources.get((account, post))

    def may_ask(self, account: str) -> bool:
        """Whether one more may be asked for; counted as asked."""
        now = time.monotonic()
        with self._lock:
            of = self._accounts.setdefault(account, _Account())
            if of.left(now) <= 0:
                return False
            of.asked.append(now)
            return True

    def keep(self, account: str, post: Post, source: str) -> None:
        with self._lock:
            self._sources[account, post] = source
            while len(self._sources) > KEPT:
                self._sources.popitem(last=False)
            of = self._accounts.setdefault(account, _Account())
            of.in_vain = 0 if source else of.in_vain + 1


CACHE = SourceCache()
