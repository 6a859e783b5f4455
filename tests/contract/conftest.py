"""A connector, and the fake platform that its module in tests/fakes brings."""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import PIL.Image
import pytest

from connectors import installed
from connectors.base import Connector, Image, Message, Prepared
from connectors.mastodon import Mastodon
from tests.fakes.mastodon import MastodonFake
from tests.fakes.platform import FakePlatform

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PATIENT = timedelta(seconds=10)  # for a busy machine
SHORT = timedelta(seconds=0.8)  # for an answer that will not come

Opener = Callable[[Path], AbstractContextManager[FakePlatform]]


@pytest.fixture(params=sorted(installed()))
def platform(request: pytest.FixtureRequest) -> str:
    return cast(str, request.param)


@pytest.fixture
def fake(platform: str, tmp_path: Path) -> Iterator[FakePlatform]:
    module = importlib.import_module(f"tests.fakes.{platform}")
    opener = cast(Opener, module.open_fake)
    with opener(tmp_path) as opened:
        yield opened


@pytest.fixture
def connector(platform: str, fake: FakePlatform) -> Connector:
    return opened(platform, fake)


@pytest.fixture
def message() -> Message:
    return Message(
        "Dodge returns to “Pro Stock” & wins",
        "https://news.example/story?utm_source=desk&id=7",
        (picture("A red car on a drag strip"),),
        "en-GB",
    )


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Every address that a socket of this process is connected to, from now on."""
    seen: list[object] = []
    _watching.append(seen)
    yield seen
    _watching.remove(seen)


@pytest.fixture
def start() -> Iterator[Callable[[str], MastodonFake]]:
    running: list[MastodonFake] = []

    def starter(mode: str) -> MastodonFake:
        running.append(MastodonFake(mode).__enter__())
        return running[-1]

    yield starter
    for fake in running:
        fake.vanish()


@pytest.fixture
def keys() -> str:
    """What the server does with them; a module may say otherwise."""
    return "honours"


@pytest.fixture
def server(start: Callable[[str], MastodonFake], keys: str) -> MastodonFake:
    return start(keys)


@pytest.fixture
def mastodon(server: MastodonFake) -> Mastodon:
    connector = Mastodon(server.credentials())
    connector.deadline = PATIENT
    return connector


def opened(platform: str, fake: FakePlatform) -> Connector:
    """With a session, where the platform has sessions: the desk would have kept one."""
    kind = installed()[platform]
    connector = kind(fake.credentials())
    if connector.renew_at() is not None:
        connector = kind({**fake.credentials(), **connector.renew()})
    connector.deadline = PATIENT
    return connector


def picture(alt: str, colour: str = "red") -> Image:
    file = io.BytesIO()
    PIL.Image.new("RGB", (16, 9), colour).save(file, "PNG")
    data = file.getvalue()
    return Image(lambda: data, len(data), "image/png", 16, 9, alt)


def prepared(connector: Connector, message: Message, key: str = "k1") -> Prepared:
    return connector.compose(message, connector.stage(message), key, AT)


_watching: list[list[object]] = []


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        for seen in _watching:
            seen.append(arguments[1])


sys.addaudithook(_watch)  # the interpreter's own record of connections
