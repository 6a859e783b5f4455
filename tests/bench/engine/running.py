"""Running: a newsroom on one database beside a slow platform, for one measure."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from desk.config import Settings
from tests.bench.engine import filling
from tests.bench.engine.newsroom import Newsroom
from tests.bench.engine.side import SlowPlatform
from tests.databases import Postgres

CHANNELS = 200
SLOTS: int = Settings.model_fields["slots"].default  # what a desk has that sets nothing


@dataclass(frozen=True)
class Setting:
    """What is run: on what, with how much, and how much else is scheduled."""

    database: str = "sqlite"
    platform: str = "mastodon"
    workers: int = 1
    slots: int = SLOTS
    others: int = 100_000
    channels: int = CHANNELS
    web: bool = False  # does the dashboard run, too?

    def __str__(self) -> str:
        workers = "1 worker" if self.workers == 1 else f"{self.workers} workers"
        return f"{self.database}, {self.platform}, {workers} x {self.slots} slots"


@dataclass(frozen=True)
class Scene:
    setting: Setting
    room: Newsroom
    side: SlowPlatform
    channels: list[int]
    roots: tuple[int, ...] = ()  # processes of ours that are not our children


@contextmanager
def built(setting: Setting) -> Iterator[Scene]:
    """A newsroom whose processes are not started; its channels are open."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        address, roots = "", tuple[int, ...]()
        if setting.database == "postgresql":
            server = stack.enter_context(Postgres(folder))
            address, roots = server.fresh(), (_pid_of(server),)
        side = stack.enter_context(SlowPlatform())
        room = Newsroom(folder / "home", address, setting.slots, setting.workers)
        room.web = setting.web
        opened = room.open_channels(setting.platform, side.address, setting.channels)
        filling.schedule_others(room.desk, opened, setting.others)
        yield Scene(setting, room, side, opened, roots)


def _pid_of(server: Postgres) -> int:
    return int((server.folder / "data" / "postmaster.pid").read_text().split()[0])


@contextmanager
def running(setting: Setting) -> Iterator[Scene]:
    """The whole newsroom, its channels open and its other posts scheduled."""
    with built(setting) as scene, scene.room:
        yield scene
