"""How long a hundred thousand posts take to be carried over into shares, and back."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import func, select

from desk.desk import Desk
from desk.migrating import downgrade, upgrade
from desk.models import Post, Share
from tests import factories
from tests.bench import tables
from tests.bench.engine import filling

CHANNELS, STORIES = 4, 25_000


def test_posts_are_carried_over_within_a_minute(any_desk: Desk) -> None:
    channels = [factories.make_channel(any_desk, f"C{n}") for n in range(CHANNELS)]
    filling.tell_stories(any_desk, channels, STORIES)

    down = _seconds(lambda: downgrade(any_desk.settings, "0031"))
    up = _seconds(lambda: upgrade(any_desk.settings))

    with any_desk.db.reading() as session:
        posts = session.scalar(select(func.count()).select_from(Post))
        shares = session.scalar(select(func.count()).select_from(Share))
    assert (posts, shares) == (CHANNELS * STORIES, STORIES)
    tables.show(
        f"Seconds to carry over {posts:,} posts on {any_desk.db.engine.name}",
        [("down", down, "s"), ("up", up, "s")],
        "down",
    )


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
