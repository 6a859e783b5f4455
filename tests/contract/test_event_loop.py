"""Calls that share one thread end as they would alone, whatever the others meet."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from connectors.base import (
    Connector,
    Message,
    OutcomeUnknown,
    Prepared,
    Receipt,
    Unavailable,
)
from connectors.http.cooperative_wait import wait_until_ready
from connectors.mastodon import Mastodon
from connectors.x import X
from tests.fakes.mastodon import MastodonFake
from tests.fakes.platform import FakePlatform, Kind, Trouble
from tests.fakes.x import XFake
from workers.event_loop import EventLoop

CALLS = 40
PATIENCE_S = 20


@pytest.fixture(scope="module")
def loop() -> EventLoop:
    loop = EventLoop()
    threading.Thread(target=loop.run, daemon=True).start()
    return loop


@pytest.fixture
def mastodon() -> Iterator[MastodonFake]:
    with MastodonFake() as fake:
        yield fake


@pytest.fixture(params=[(Mastodon, MastodonFake), (X, XFake)], ids=["mastodon", "x"])
def side(request: pytest.FixtureRequest) -> Iterator[tuple[Connector, FakePlatform]]:
    kind, platform = request.param
    with platform() as fake:
        yield kind(fake.credentials()), fake


def prepared(connector: Connector, number: int) -> Prepared:
    text = f"The ferry sails, line {number}"
    at = datetime(2026, 11, 23, tzinfo=UTC)
    staged = connector.stage(Message(text))
    return connector.compose(Message(text), staged, f"key {number}", at)


def together(loop: EventLoop, calls: list[Callable[[], object]]) -> list[object]:
    """What each of these calls gave, or raised."""
    said: list[object] = [None] * len(calls)
    left = threading.Semaphore(0)

    def make(number: int) -> None:
        try:
            said[number] = calls[number]()
        except Exception as error:
            said[number] = error
        left.release()

    for number in range(len(calls)):
        loop.spawn(partial(make, number))
    for _ in calls:
        assert left.acquire(timeout=PATIENCE_S), "a call never came back"
    return said


def test_many_calls_in_one_thread_are_all_made_once(
    loop: EventLoop, side: tuple[Connector, FakePlatform]
) -> None:
    connector, fake = side
    calls = [
        partial(connector.publish, prepared(connector, number))
        for number in range(CALLS)
    ]

    said = together(loop, list(calls))

    assert all(isinstance(one, Receipt) for one in said), said
    assert len(fake.published()) == CALLS


def test_a_server_that_stalls_keeps_no_other_call_waiting(
    loop: EventLoop, mastodon: MastodonFake
) -> None:
    connector = Mastodon(mastodon.credentials())
    connector.deadline = timedelta(seconds=5)
    slow, *others = [prepared(connector, number) for number in range(4)]
    mastodon.expect(Trouble(Kind.STALLED, accepted=True))
    stalled = threading.Event()
    outcome: list[object] = []

    def wait() -> None:
        try:
            outcome.append(connector.publish(slow))
        except OutcomeUnknown as error:
            outcome.append(error)
        stalled.set()

    loop.spawn(wait)
    while not mastodon.published():
        stalled.wait(0.01)
    said = together(loop, [partial(connector.publish, one) for one in others])

    assert all(isinstance(one, Receipt) for one in said), said
    assert not stalled.is_set()
    assert stalled.wait(PATIENCE_S)
    assert isinstance(outcome[0], OutcomeUnknown)


def test_what_is_due_begins_before_an_answer_is_read(loop: EventLoop) -> None:
    ended = threading.Event()
    here, there = socket.socketpair()

    def wait(end: socket.socket, then: threading.Event, answer: bool) -> None:
        wait_until_ready(
            end.fileno(), writing=not answer, seconds=PATIENCE_S, answer=answer
        )
        then.set()

    with here, there:
        loop.hurry(True)
        loop.spawn(partial(wait, here, ended, True))
        there.send(b"an answer")
        for _ in range(3):
            begun = threading.Event()
            loop.spawn(partial(wait, there, begun, False))
            assert begun.wait(PATIENCE_S)
        assert not ended.is_set()
        loop.hurry(False)
        assert ended.wait(PATIENCE_S)


def test_no_answer_lies_for_long_whatever_keeps_the_dispatcher(loop: EventLoop) -> None:
    ended = threading.Event()
    here, there = socket.socketpair()

    def wait() -> None:
        wait_until_ready(here.fileno(), writing=False, seconds=PATIENCE_S, answer=True)
        ended.set()

    with here, there:
        loop.hurry(True)
        loop.spawn(wait)
        there.send(b"an answer")

        assert ended.wait(PATIENCE_S)
        loop.hurry(False)


def test_nothing_that_a_call_needs_to_begin_waits_for_others(
    loop: EventLoop, mastodon: MastodonFake
) -> None:
    """Not the look for its server's address, for one."""
    connector = Mastodon(mastodon.credentials())

    loop.hurry(True)
    said = []
    loop.spawn(lambda: said.append(connector.publish(prepared(connector, 1))))
    until = time.monotonic() + PATIENCE_S
    while not mastodon.published() and time.monotonic() < until:
        time.sleep(0.01)
    loop.hurry(False)

    assert len(mastodon.published()) == 1


def test_nobody_at_the_address_is_surely_not_published(loop: EventLoop) -> None:
    with MastodonFake() as fake:
        credentials = fake.credentials()
    connector = Mastodon(credentials)

    said = together(loop, [partial(connector.publish, prepared(connector, 1))])

    assert isinstance(said[0], Unavailable)


def test_a_name_that_leads_nowhere_is_surely_not_published(loop: EventLoop) -> None:
    connector = Mastodon({"server": "https://nowhere.invalid", "token": "t"})

    said = together(loop, [partial(connector.publish, prepared(connector, 1))])

    assert isinstance(said[0], Unavailable)
