"""Sending: one worker's slots beside bare threads that make the same calls."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from connectors.base import Prepared, Receipt
from desk import db
from desk.desk import Desk
from desk.models import Post
from desk.publishing import claiming
from tests import factories
from tests.bench import tables
from tests.fakes.scripted import Scripted
from workers.runner import Runner

POSTS = 500
SLOTS = 64
ANSWER_S = 0.2


class Slow(Scripted):
    """A platform that answers in 200 ms."""

    def publish(self, prepared: Prepared) -> Receipt:
        time.sleep(ANSWER_S)  # this platform's own time, not a test that hopes
        return super().publish(prepared)


def test_sends_beside_bare_threads(any_desk: Desk) -> None:
    desk = _with(any_desk, Slow)
    channel_id = factories.make_channel(desk)
    for number in range(POSTS):
        factories.make_scheduled(desk, channel_id, f"Dodge returns {number}")

    ours = POSTS / _sent_by_slots(desk)
    desk.db.engine.dispose()
    bare = POSTS / _sent_by_threads()

    engine = desk.db.engine.dialect.name
    tables.show(
        f"Posts a second on {engine}, {SLOTS} slots, a platform that takes 200 ms",
        [("bare threads", bare, "posts/s"), ("ours", ours, "posts/s")],
        "bare threads",
    )


def _with(desk: Desk, platform: type[Scripted]) -> Desk:
    return Desk.open(desk.settings, {"scripted": platform})


def _sent_by_slots(desk: Desk) -> float:
    slots = Runner(desk, size=SLOTS)
    began = time.perf_counter()
    while claims := _claim(desk):
        slots.take(claims)
    while _left(desk):
        time.sleep(0.02)
    took = time.perf_counter() - began
    slots.close()
    return took


def _claim(desk: Desk) -> list[tuple[int, int]]:
    with desk.db.writing() as session:
        found = claiming.claim_due(session, db.now(session))
        return [(claim.post_id, claim.fence) for claim in found]


def _left(desk: Desk) -> int:
    with desk.db.reading() as session:
        query = select(func.count()).select_from(Post)
        return session.scalar(query.where(Post.state != "published")) or 0


def _sent_by_threads() -> float:
    platform = Slow({"account": "bare", "token": "bare"})
    began = time.perf_counter()
    with ThreadPoolExecutor(SLOTS) as pool:
        made = [Prepared(f"bare {n}", '{"text": "Dodge"}') for n in range(POSTS)]
        list(pool.map(platform.publish, made))
    return time.perf_counter() - began
