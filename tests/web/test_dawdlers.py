"""Whoever sends or reads slowly holds a connection, and keeps nobody waiting."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO
from urllib.error import URLError

import pytest

from commands.processes import procfile
from desk.config import Settings
from desk.migrating import upgrade
from tests.unit.commands.test_embedded import wait_for
from web.assets import build, hashed_names
from web.serving import MOST_AHEAD

PATIENCE_S = 15  # for a page, on a busy machine; whoever dawdles is given more
HEAD = b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n"
POST = (
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)
CHUNKED = POST.replace(b"Content-Length: 5000", b"Transfer-Encoding: chunked")
WHOLE = HEAD + b"\r\n"
LAST = HEAD + b"Connection: close\r\n\r\n"
HALVES = {
    "nothing at all": b"",
    "half a word": b"GE",
    "half a head": HEAD,
    "a head without its body": POST,
    "half a body": POST + b"email=",
    "half a chunk": CHUNKED + b"400\r\nemail=",
    "an expectation": POST.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"),
}


@pytest.fixture(scope="module", params=["web", "live"])
def port(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    home = tmp_path_factory.mktemp("home")
    with process(request.param, home) as (number, _):
        yield number


@contextmanager
def process(
    name: str, home: Path, log: IO[bytes] | None = None
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """One of a desk's, as the Procfile starts it, and the port that it listens at."""
    upgrade(Settings(home=home, database_url="", redis_url=""))
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    told = {**os.environ, "STANDFIRST_HOME": str(home), "PATH": path}
    told |= {"DATABASE_URL": "", "REDIS_URL": "", "STANDFIRST_HOST": "127.0.0.1"}
    told |= {"STANDFIRST_PORT": str(number), "STANDFIRST_LIVE_PORT": str(number)}
    with subprocess.Popen(procfile()[name], env=told, stdout=log, stderr=log) as child:
        try:
            wait_for(lambda: answers(number), 60)
            yield number, child
        finally:
            child.terminate()
    assert child.returncode == 0


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE_S
        ) as answer:
            return bool(answer.status == 200)
    except (URLError, TimeoutError, ConnectionError):
        return False


@pytest.mark.parametrize("many", [40, 200])
@pytest.mark.parametrize("half", HALVES)
def test_half_sent_requests_keep_nobody_waiting(
    port: int, half: str, many: int
) -> None:
    with ExitStack() as held:
        for _ in range(many):
            held.enter_context(sent(port, HALVES[half]))

        assert all(answers(port) for _ in range(3))


@pytest.mark.parametrize("many", [40, 200])
def test_trickled_bodies_keep_nobody_waiting(port: int, many: int) -> None:
    with ExitStack() as held:
        dawdlers = [held.enter_context(sent(port, POST)) for _ in range(many)]
        for byte in b"email":
            for dawdler in dawdlers:
                dawdler.send(bytes([byte]))

            assert answers(port)


@pytest.mark.parametrize("many", [40, 200])
def test_answers_that_nobody_reads_keep_nobody_waiting(
    port: int, many: int, largest: bytes
) -> None:
    with ExitStack() as held:
        for _ in range(many):
            held.enter_context(sent(port, largest * MOST_AHEAD))

        assert all(answers(port) for _ in range(3))


def test_pictures_that_nobody_reads_keep_nobody_waiting(tmp_path: Path) -> None:
    name = "a" * 64 + ".png"
    pictures = tmp_path / "paper" / "pictures"
    with process("web", tmp_path) as (port, _):
        pictures.mkdir(parents=True, exist_ok=True)
        (pictures / name).write_bytes(b"x" * 4_400_000)
        asking = WHOLE.replace(b"/sign-in", b"/paper/pictures/" + name.encode())
        with ExitStack() as held:
            for _ in range(16):
                held.enter_context(sent(port, asking * MOST_AHEAD))

            assert all(answers(port) for _ in range(60))  # until none is begun any more


@pytest.fixture(scope="module")
def largest() -> bytes:
    """A request for more than a connection holds by itself, where it is answered."""
    build()
    script = hashed_names()["app.js"].encode()
    return WHOLE.replace(b"/sign-in", b"/static/" + script)


@pytest.mark.parametrize("many", [40, 200])
def test_requests_sent_ahead_keep_nobody_waiting(port: int, many: int) -> None:
    with ExitStack() as held:
        for _ in range(many):
            held.enter_context(sent(port, WHOLE * 300))

        assert all(answers(port) for _ in range(3))


def test_few_requests_may_be_sent_ahead_and_many_are_told_to_come_again(
    port: int,
) -> None:
    with sent(port, WHOLE * (MOST_AHEAD - 1) + LAST) as few:
        assert everything(few).count(b"HTTP/1.1 ") == MOST_AHEAD
    with sent(port, WHOLE * 30) as many:
        answer = everything(many)

    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"\r\nConnection: close\r\n" in answer


def test_what_is_under_way_at_a_stop_is_answered(tmp_path: Path) -> None:
    asking = HALVES["an expectation"]
    with process("web", tmp_path) as (number, child), sent(number, asking) as sender:
        assert sender.recv(1000).startswith(b"HTTP/1.1 100")
        child.terminate()
        sender.sendall(b"x" * 5000)

        assert sender.recv(1000).startswith(b"HTTP/1.1 403")  # a form without its token


def test_a_body_that_is_too_large_is_refused_in_words(port: int) -> None:
    large = POST.replace(b"5000", b"20000000")
    with sent(port, large) as sender:
        answer = everything(sender)

    assert answer.startswith(b"HTTP/1.1 413")
    assert b"larger than the desk takes" in answer


def everything(of: socket.socket) -> bytes:
    """All that is answered until the other side ends the connection."""
    return b"".join(iter(lambda: of.recv(1000), b""))


def sent(port: int, what: bytes) -> socket.socket:
    """A connection with this sent, and nothing read."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    made.settimeout(PATIENCE_S)
    made.connect(("127.0.0.1", port))
    made.sendall(what)
    return made
