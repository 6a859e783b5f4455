"""Weather: what becomes of a platform's answers for a while, drawn with a seed."""

from __future__ import annotations

import random
import threading
from collections import Counter

from tests.fakes.bluesky import PUBLISHING as PUT
from tests.fakes.bluesky import BlueskyFake
from tests.fakes.mastodon import MastodonFake
from tests.fakes.platform import Kind, Trouble

LOST = (
    Trouble(Kind.CLOSED, accepted=True),
    Trouble(Kind.CLOSED),
    Trouble(Kind.HALF, accepted=True),
    Trouble(Kind.STALLED, accepted=True),
    Trouble(Kind.STALLED),
)
WRONG = (
    Trouble(Kind.STATUS, accepted=True, status=500, body="{}"),
    Trouble(Kind.STATUS, status=503, body="busy"),
    Trouble(Kind.STATUS, status=500, body="{}", late=0.8),  # accepted after all
    Trouble(Kind.STATUS, accepted=True, status=202, body="{}"),
    Trouble(Kind.STATUS, accepted=True, body='{"id": "1'),
    Trouble(Kind.STATUS, status=429, headers={"Retry-After": "2"}, body="{}"),
    Trouble(Kind.STATUS, status=429, body="{}"),
)
EVERY_KIND = (*LOST, *WRONG)
DEAD_TOKEN = Trouble(
    Kind.STATUS, status=401, body='{"error": "The access token was revoked"}'
)


class Weather:
    """Some requests meet a trouble, and some are slow, until it clears."""

    def __init__(self, draw: random.Random, share: float, slow_s: float = 0.0) -> None:
        self._draw, self._share, self._slow_s = draw, share, slow_s
        self._lock = threading.Lock()
        self.dies_after: int | None = None  # good requests, before the token is dead
        self.cleared = threading.Event()
        self.met: Counter[str] = Counter()

    def meets(self, request: str, publishing: str) -> Trouble | None:
        if self.cleared.is_set() or not request.startswith(publishing):
            return None
        with self._lock:
            if self.dies_after is not None and self.met.total() >= self.dies_after:
                self.met["401"] += 1
                return DEAD_TOKEN
            trouble = self._draw.choice(EVERY_KIND)
            bad = self._draw.random() < self._share
            slow_s = self._draw.uniform(0, self._slow_s)
            self.met[f"{trouble.kind} {trouble.status}" if bad else "fine"] += 1
        self.cleared.wait(slow_s)
        return trouble if bad else None


class StormyMastodon(MastodonFake):
    def __init__(self, mode: str, weather: Weather) -> None:
        super().__init__(mode)
        self.weather = weather

    def meets(self, request: str) -> Trouble | None:
        found = super().meets(request)
        return found or self.weather.meets(request, "POST /api/v1/statuses")


class StormyBluesky(BlueskyFake):
    def __init__(self, weather: Weather) -> None:
        super().__init__()
        self.weather = weather

    def meets(self, request: str) -> Trouble | None:
        return super().meets(request) or self.weather.meets(request, PUT)
