"""However many streams are open, the live process answers everybody."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.request import urlopen
from uuid import uuid4

import pytest

from desk import db, people
from desk.config import Settings
from desk.desk import Desk
from desk.models.people import Role
from tests.web.test_dawdlers import PATIENCE_S, answers, everything, process
from web.live import MOST_STREAMS

MANY = 500  # streams


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def port(home: Path) -> Iterator[int]:
    with process("live", home) as (number, _):
        yield number


def readers(home: Path, many: int) -> list[str]:
    """So many people, each signed in: what their browsers send."""
    desk = Desk.open(Settings(home=home, database_url="", redis_url=""), {})
    with desk.db.writing() as session:
        now = db.now(session)
        tokens = []
        for _ in range(many):
            email = f"{uuid4()}@paper.org"
            person, _ = people.invite(session, email, "", Role.AUTHOR, now)
            tokens.append(people.begin_session(session, person.id, "", now))
    desk.db.engine.dispose()
    return tokens


def stream(port: int, token: str) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
    made.sendall(
        f"GET /live/events HTTP/1.1\r\nHost: localhost\r\nCookie: desk={token}\r\n\r\n"
        .encode()
    )  # fmt: skip
    return made


def until(said: bytes, of: socket.socket) -> bytes:
    heard = b""
    while said not in heard:
        more = of.recv(1000)
        assert more, heard
        heard += more
    return heard


@pytest.mark.parametrize("each", [1, 10])
def test_five_hundred_streams_are_served_and_so_is_who_comes_next(
    port: int, home: Path, each: int
) -> None:
    tokens = readers(home, MANY // each)
    with ExitStack() as held:
        streams = [
            held.enter_context(stream(port, token))
            for token in tokens
            for _ in range(each)
        ]
        for one in streams:
            assert until(b"event: version", one).startswith(b"HTTP/1.1 200")

        assert answers(port)
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE_S) as told:
            assert told.status == 200
        with stream(port, *readers(home, 1)) as newcomer:
            assert until(b"event: version", newcomer).startswith(b"HTTP/1.1 200")


def test_a_persons_streams_beyond_the_most_end_their_oldest(
    port: int, home: Path
) -> None:
    (token,) = readers(home, 1)
    with ExitStack() as held:
        streams = []
        for _ in range(MOST_STREAMS):
            streams.append(held.enter_context(stream(port, token)))
            until(b"event: version", streams[-1])

        held.enter_context(stream(port, token))

        assert everything(streams[0]).endswith(b"0\r\n\r\n")
        assert until(b"still here", streams[1])
