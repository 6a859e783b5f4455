"""A burst with images to a real Bluesky server, a worker at work killed each 250 ms."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from desk import channels, db, pictures, posts, scheduling
from desk.lifecycle import GOING_OUT
from desk.models import Post
from desk.picturing import Accepted
from desk.scheduling import At
from tests.databases import Postgres
from tests.faults import histories
from tests.faults.histories import Wishes
from tests.faults.house import House
from tests.testbeds.pds import running_pds

LONG = "STANDFIRST_LONG" in os.environ
POSTS = 200
OVER_S = 1.0  # all of them fall due within it
AHEAD_S = 10.0
KILLED_EVERY_S = 0.25
WORKERS = tuple(f"worker-{number}" for number in range(1, 7))
KILLING_S = 30.0  # from just before the first due time
DEATHS = 20  # with posts in hand
PATIENCE_S = 500


@pytest.mark.skipif(not LONG, reason="minutes long: make faults runs it")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_posts_with_images_are_as_many_records_whoever_dies(
    tmp_path: Path, postgres: Postgres, database: str
) -> None:
    address = postgres.migrated() if database == "postgresql" else ""
    wishes = Wishes()
    with running_pds(tmp_path / "pds") as pds:
        house = House(
            tmp_path / "home",
            address,
            parts=("clock", *WORKERS, "background"),
            changes="hurried",  # a busy server opens its breaker, for seconds here
            call_deadline_s=20.0,  # the server shares this machine with all of them
        )
        channels.add(house.desk, "bluesky", "Desk", pds.credentials(), house.now())
        with house:
            assert house.wait(house.ready), house.said
            write(house, wishes)
            deaths: list[int] = []
            kill_who_works(house, deaths).join()
            house.wait(house.settled, PATIENCE_S)

            records = pds.records()
            known = histories.posts_of(house, wishes)
            told = Counter(record["text"] for record in records)
            asked = Counter(post.texts[-1] for post in known)
            assert told == asked, house.history()
            assert {post.state for post in known} == {"published"}
            live = {str(post.remote_id).partition(" ")[0] for post in known}
            assert live == {record["uri"] for record in records}
            assert all(len(record["embed"]["images"]) == 1 for record in records)
            assert len(deaths) >= DEATHS, deaths


def write(house: House, wishes: Wishes) -> None:
    """Each has an image of its own."""
    step = timedelta(seconds=OVER_S / POSTS)
    with house.desk.db.writing() as session:
        now = db.now(session)
        first, channel = (
            now + timedelta(seconds=AHEAD_S),
            channels.find_channel_named(session, "Desk"),
        )
        for number in range(POSTS):
            kept = pictures.keep(session, house.desk.pictures, picture(number), now)
            text = f"The ferry sails, line {number}"
            post = posts.create(
                session, channel.id, text=text, picture_id=kept.id, alt="Sea", now=now
            )
            due = At(first + number * step)
            scheduling.schedule(house.desk, session, post.id, due, now=now)
            wishes.wrote(post.id, text)


def picture(number: int) -> Accepted:
    file = BytesIO()
    Image.new("RGB", (320, 200), (number, 128, 255 - number)).save(file, "PNG")
    return Accepted(file.getvalue(), "image/png", 320, 200)


def kill_who_works(house: House, deaths: list[int]) -> threading.Thread:
    """Every 250 ms the worker with most posts in hand; `deaths`: how many it had.

    A worker takes over a second to start: killing by the clock alone would mostly
    hit workers that hold nothing yet.
    """

    def kill() -> None:
        began = time.monotonic()
        while time.monotonic() - began < AHEAD_S + KILLING_S:
            house.pause(KILLED_EVERY_S)
            pids = {name: house.pid(name) for name in WORKERS}
            found = in_hand(house)
            working = [name for name in WORKERS if found[pids[name]]]
            if working:
                most = max(working, key=lambda name: found[pids[name]])
                house.kill(most)
                deaths.append(found[pids[most]])

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    return thread


def in_hand(house: House) -> Counter[int | None]:
    """How many posts each process holds, by its number."""
    with house.desk.db.reading() as session:
        query = select(Post.owner).where(Post.state.in_(GOING_OUT))
        owners = session.scalars(query.where(Post.owner.is_not(None))).all()
    return Counter(int(str(owner).rpartition(":")[2]) for owner in owners)
