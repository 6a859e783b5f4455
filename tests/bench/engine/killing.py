"""Killing: kill -9 of the worker just before and just after the intent, by class."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from desk import channels, report
from desk.models import Post
from tests.bench.engine import filling
from tests.bench.engine.newsroom import Newsroom
from tests.databases import Postgres
from tests.fakes.bluesky import BlueskyFake
from tests.fakes.mastodon import MastodonFake
from tests.fakes.platform import FakePlatform, Kind, Trouble
from tests.fakes.x import XFake

AHEAD_S = 6.0
PATIENCE_S = 150.0
SLOTS = 64
ACCEPTED = "accepted"  # killed while the answers are on their way
ON_ITS_WAY = ("scheduled", "claimed", "sending")


@dataclass(frozen=True)
class Settled:
    """How a post ended, and how many seconds after its due time."""

    channel: str
    exactly_once: str  # the class of its channel
    state: str
    seconds: float

    def __str__(self) -> str:
        state = "" if self.state == "published" else f", {self.state}"
        return f"{self.channel} ({self.exactly_once}) {self.seconds:.1f} s{state}"


def killed_at(database: str, failpoint: str) -> list[Settled]:
    """One post on a channel of each class, one kill with all of them in hand."""
    with _newsroom(database, failpoint) as (room, fakes), room:
        if failpoint == ACCEPTED:
            _kill_when_accepted(room, fakes)
        due = room.now() + timedelta(seconds=AHEAD_S)
        with room.desk.db.reading() as session:
            opened = [channel.id for channel in channels.list_channels(session)]
        filling.schedule(room.desk, opened, [due] * len(opened))
        settled: dict[int, Settled] = {}
        give_up = due.timestamp() + PATIENCE_S
        while len(settled) < len(opened) and time.time() < give_up:
            time.sleep(0.1)
            for post in _posts(room):
                if post.id not in settled and _is_settled(post):
                    settled[post.id] = _seen(post, room.now().timestamp())
        if not any("worker1 was killed" in line for line in room.said):
            raise RuntimeError(f"Nothing was killed. {room.said[-20:]}")
        return [settled.get(post.id) or _seen(post, give_up) for post in _posts(room)]


def _kill_when_accepted(room: Newsroom, fakes: Sequence[FakePlatform]) -> None:
    """Every server takes the post and says nothing; then the worker dies."""
    for fake in fakes:
        fake.expect(Trouble(Kind.STALLED, accepted=True))

    def watch() -> None:
        while not all(fake.published() for fake in fakes):
            time.sleep(0.02)
        room.kill("worker1")
        room.start("worker1")

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _newsroom(
    database: str, failpoint: str
) -> Iterator[tuple[Newsroom, list[FakePlatform]]]:
    fakes: list[tuple[str, str, FakePlatform]] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        address = ""
        if database == "postgresql":
            address = stack.enter_context(Postgres(folder)).fresh()
        for name, mode in (("Mastodon", "honours"), ("GoToSocial", "ignores")):
            fakes.append((name, "mastodon", stack.enter_context(MastodonFake(mode))))
        fakes.append(("X", "x", stack.enter_context(XFake())))
        fakes.append(("Bluesky", "bluesky", stack.enter_context(BlueskyFake())))
        room = Newsroom(folder / "home", address, SLOTS)
        room.background = True
        room.fail = {} if failpoint == ACCEPTED else {"worker1": failpoint}
        channels.ensure_built_in(room.desk, room.now())
        for name, platform, fake in fakes:
            channels.add(room.desk, platform, name, fake.credentials(), room.now())
        yield room, [fake for _, _, fake in fakes]


def _posts(room: Newsroom) -> list[Post]:
    with room.desk.db.reading() as session:
        return report.list_posts(session)


def _is_settled(post: Post) -> bool:
    waits = post.state == "unconfirmed" and not post.needs_person
    return post.state not in ON_ITS_WAY and not waits


def _seen(post: Post, now: float) -> Settled:
    assert post.due_at is not None
    kind = str(channels.exactly_once(post.channel))
    after = now - post.due_at.timestamp()
    return Settled(post.channel.name, kind, post.state, after)
