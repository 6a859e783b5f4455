"""Fifty posts to a real Bluesky server, its worker killed at random: fifty records."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from desk import channels
from tests.faults.house import House
from tests.testbeds.pds import running_pds

BURSTS = 5
IN_A_BURST = 10
AHEAD_S = 4.0
APART_S = 7.0  # long enough for a worker to start again
SEED = 20261122


@pytest.mark.timeout(420)
def test_fifty_posts_are_fifty_records_whenever_the_worker_dies(
    tmp_path: Path,
) -> None:
    texts = [f"The ferry sails, line {n}" for n in range(BURSTS * IN_A_BURST)]
    with running_pds(tmp_path / "pds") as pds:
        house = House(tmp_path / "home")
        channels.add(house.desk, "bluesky", "Desk", pds.credentials(), house.now())
        with house:
            assert house.wait(house.ready), house.said
            killing = _kill_at_random(house)
            for burst in range(BURSTS):
                some = texts[burst * IN_A_BURST :][:IN_A_BURST]
                house.spread("Desk", some, AHEAD_S + burst * APART_S, over_s=0.3)
            killing.join()
            house.wait(house.settled, 240)

            told = Counter(record["text"] for record in pds.records())
            assert told == Counter(texts), house.history()
            assert {post.state for post in house.posts()} == {"published"}
            assert house.deaths("worker") == BURSTS, house.said


def _kill_at_random(house: House) -> threading.Thread:
    """Once around each burst, wherever the worker is just then."""
    draw = random.Random(SEED)
    began = time.monotonic()
    moments = [
        AHEAD_S + burst * APART_S + draw.uniform(0.0, 0.4) for burst in range(BURSTS)
    ]

    def kill() -> None:
        for moment in moments:
            house.pause(began + moment - time.monotonic())
            house.kill("worker")

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    return thread
