"""An echo: every hint comes three times, late and shuffled; stale ones come too.

As a process: python -m tests.faults.echo SEED SECONDS, with the desk's own settings.
"""

from __future__ import annotations

import random
import sys
import time

from sqlalchemy import select

from desk.config import Settings
from desk.db import Database
from desk.models import Post
from workers.handover import Handover

TIMES = 3
LATEST_S = 8.0
LOOK_S = 0.05

Pair = tuple[int, int]


def main(seed: int, seconds: float) -> None:
    """Watch which claims are made, and tell of each again and again."""
    settings = Settings()
    database, handover = Database(settings.database), Handover(settings)
    chance, over = random.Random(seed), time.monotonic() + seconds
    known: set[Pair] = set()
    waiting: list[tuple[float, Pair]] = []
    sent = 0
    while time.monotonic() < over + LATEST_S:
        for pair in _claimed(database) - known:
            known.add(pair)
            waiting += _echoes(pair, chance)
        due = [pair for at, pair in waiting if at <= time.monotonic()]
        waiting = [one for one in waiting if one[0] > time.monotonic()]
        chance.shuffle(due)
        if due and handover.send("publish", due):
            sent += len(due)
        time.sleep(LOOK_S)
    sys.stdout.write(f"{sent}\n")


def _claimed(database: Database) -> set[Pair]:
    query = select(Post.id, Post.fence).where(Post.state.in_(("claimed", "sending")))
    with database.reading() as session:
        return {(row.id, row.fence) for row in session.execute(query)}


def _echoes(pair: Pair, chance: random.Random) -> list[tuple[float, Pair]]:
    """Three of it, and one of the claim before it."""
    stale = (pair[0], pair[1] - 1)
    now = time.monotonic()
    return [
        (now + chance.uniform(0, LATEST_S), one) for one in [*[pair] * TIMES, stale]
    ]


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
