"""Connections: how long each may take for what it does, and who goes in a crowd."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BytesIO
from typing import Any

import pytest
from waitress import wasyncore

from web import serving
from web.serving import (
    HEAD_S,
    MOST_AHEAD,
    STALLED_S,
    WHOLE_S,
    Connection,
    listening,
    tidy,
)

MANY = 100
HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n"
BODY = HEAD + b"\r\nhalf a body"
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
ANSWER = b"x" * 9_000_000  # more than any socket takes at once


class Server:
    """Serves in the test's own thread, a turn at a time."""

    def __init__(self, held: ExitStack) -> None:
        self._held, self._served = held, dict[int, Any]()
        self._at = held.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.begun: list[BytesIO] = []  # the file of each answer
        server = listening(self._answer, self._at, self._served, 1, MANY)
        held.callback(server.task_dispatcher.shutdown)
        held.callback(wasyncore.close_all, self._served)
        held.callback(self._let_go)

    def given(self, what: bytes) -> Connection:
        """A connection that was sent this, and has read it."""
        client = self._held.enter_context(socket.socket())
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        client.connect(self._at.getsockname())
        client.sendall(what)
        return self._until(lambda: self._of(client, bool(what)))

    def answering(self, asking: bytes = GET) -> Connection:
        """A connection that takes no answer, once no thread is at it."""
        made = self.given(asking)
        return self._until(lambda: made if not made.requests else None)

    def _let_go(self) -> None:
        for one in list(self._served.values()):
            if isinstance(one, Connection):
                one.handle_close()

    def _answer(self, environ: Any, start: Callable[..., Any]) -> Any:
        times = int(environ["PATH_INFO"].strip("/") or 1)
        start("200 OK", [("Content-Length", str(times * len(ANSWER)))])
        if times > 1:
            return (ANSWER for _ in range(times))
        self.begun.append(BytesIO(ANSWER))
        return environ["wsgi.file_wrapper"](self.begun[-1])

    def _of(self, client: socket.socket, busy: bool) -> Connection | None:
        ours = (o for o in self._served.values() if isinstance(o, Connection))
        mine = (o for o in ours if o.addr == client.getsockname())
        return next((one for one in mine if one.busy or not busy), None)

    def _until(self, looks: Callable[[], Connection | None]) -> Connection:
        give_up_at = time.monotonic() + 30
        while (found := looks()) is None:
            assert time.monotonic() < give_up_at
            wasyncore.loop(0.02, use_poll=True, map=self._served, count=1)
        return found


def answer(environ: Any, start: Callable[..., Any]) -> list[bytes]:
    start("200 OK", [("Content-Length", str(len(ANSWER)))])
    return [ANSWER]


@pytest.fixture
def server() -> Iterator[Server]:
    with ExitStack() as held:
        yield Server(held)


def test_more_may_wait_to_be_taken_in_than_a_process_takes() -> None:
    """The kernel drops who finds no room, and they try again after 1, 3 and 7 s."""
    with ExitStack() as held:
        at = held.enter_context(socket.create_server(("127.0.0.1", 0)))
        server = serving.listening(answer, at, dict[int, Any](), 1, serving.FILES // 2)
        held.callback(server.task_dispatcher.shutdown)
        held.callback(server.close)

        assert server.adj.backlog > server.adj.connection_limit


def test_whoever_finds_no_room_need_not_wait_until_others_have_gone() -> None:
    """The clock stands still: it is not time that makes room."""
    hall = serving.Hall(20, clock=lambda: 5.0)
    with ExitStack() as held:
        at = held.enter_context(socket.create_server(("127.0.0.1", 0), backlog=MANY))
        server = serving.listening(answer, at, hall.served, 1, hall.most)
        held.callback(server.task_dispatcher.shutdown)
        held.callback(wasyncore.close_all, hall.served)
        for _ in range(MANY):
            client = held.enter_context(socket.socket())
            client.connect(at.getsockname())

        for _ in range(MANY):
            hall.turn(wait_s=0)

        assert client.getsockname() in [one.addr for one in hall.connections()]
        assert len(hall.served) <= hall.most


@pytest.mark.parametrize(("room", "taken"), [(MANY, MANY), (30, 30)])
def test_all_who_wait_are_taken_in_at_once_as_far_as_there_is_room(
    room: int, taken: int
) -> None:
    served = dict[int, Any]()
    with ExitStack() as held:
        at = held.enter_context(socket.create_server(("127.0.0.1", 0), backlog=MANY))
        server = serving.listening(answer, at, served, 1, room + 2)
        held.callback(server.task_dispatcher.shutdown)
        held.callback(wasyncore.close_all, served)
        for _ in range(MANY):
            client = held.enter_context(socket.socket())
            client.connect(at.getsockname())

        wasyncore.loop(1, use_poll=True, map=served, count=1)

        found = [one for one in served.values() if isinstance(one, Connection)]
        assert len(found) == taken


@pytest.mark.parametrize(
    ("what", "seconds"), [(b"", HEAD_S), (HEAD, HEAD_S), (BODY, WHOLE_S)]
)
def test_each_connection_has_its_time_and_no_more(
    server: Server, what: bytes, seconds: float
) -> None:
    one = server.given(what)

    tidy([one], one.since + seconds - 1, MANY)
    assert one.connected
    tidy([one], one.since + seconds + 1, MANY)
    assert not one.connected


def test_an_answer_that_is_taken_slowly_has_its_time_and_no_more(
    server: Server,
) -> None:
    one = server.answering()

    tidy([one], one.since + WHOLE_S - 1, MANY)
    assert one.connected
    tidy([one], one.since + WHOLE_S + 1, MANY)
    assert not one.connected


def test_an_answer_of_which_nothing_is_taken_is_kept_for_a_minute(
    server: Server,
) -> None:
    one = server.answering()

    one.last_activity -= STALLED_S - 30
    tidy([one], one.since, MANY)
    assert one.connected
    one.last_activity -= 31
    tidy([one], one.since, MANY)
    assert not one.connected


def test_no_thread_waits_for_who_takes_nothing_of_a_large_answer(
    server: Server,
) -> None:
    one = server.answering(GET.replace(b"/", b"/4", 1))

    assert one.total_outbufs_len > 3 * len(ANSWER)


def test_what_was_sent_ahead_is_begun_once_the_answer_before_it_has_left(
    server: Server,
) -> None:
    server.answering(GET * MOST_AHEAD)

    assert len(server.begun) == 1


def test_in_a_crowd_those_go_who_have_waited_longest(server: Server) -> None:
    first, second, third = (server.given(HEAD) for _ in range(3))

    tidy([third, first, second], third.since, 1)

    assert [one.connected for one in (first, second, third)] == [False, False, True]


def test_half_sent_bodies_take_no_more_than_a_share_of_the_disk(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = server.given(BODY), server.given(BODY)
    monkeypatch.setattr(serving, "GATHERED", second.gathered)

    tidy([first, second], second.since, MANY)

    assert (first.connected, second.connected) == (False, True)
