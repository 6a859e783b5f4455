"""The outbound limit: how many threads wait for other machines, and for whom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from contextvars import Context, copy_context

import pytest

from desk import sandbox
from desk.outbound_limit import Crowded, OutboundLimit


@pytest.fixture
def outbound() -> OutboundLimit:
    made = OutboundLimit()
    made.limit(2)
    return made


@pytest.fixture
def asking(outbound: OutboundLimit) -> Iterator[Asking]:
    with ExitStack() as held:
        yield Asking(outbound, held)


class Asking:
    """People who ask outside, each in a thread of their own."""

    def __init__(self, outbound: OutboundLimit, held: ExitStack) -> None:
        self._outbound, self._held = outbound, held

    def goes(self, person: str) -> Context:
        """Out, and stays there."""
        thread = copy_context()
        thread.run(sandbox.giver.set, person)
        on_the_way = self._outbound.place()
        thread.run(on_the_way.__enter__)
        self._held.callback(thread.run, on_the_way.__exit__, None, None, None)
        return thread

    def comes_back(self) -> None:
        self._held.close()


def test_so_many_wait_and_no_more(asking: Asking) -> None:
    asking.goes("Ann")
    asking.goes("Bob")

    with pytest.raises(Crowded, match="several slow sites"):
        asking.goes("Cleo")


def test_nobody_takes_the_place_of_another(asking: Asking) -> None:
    asking.goes("Ann")

    with pytest.raises(Crowded, match="that you asked for"):
        asking.goes("Ann")
    asking.goes("Bob")


def test_a_place_is_free_again_however_the_way_ended(
    outbound: OutboundLimit, asking: Asking
) -> None:
    asking.goes("Ann")
    asking.comes_back()
    with pytest.raises(OSError, match="unreachable"), outbound.place():
        raise OSError("unreachable")

    asking.goes("Ann")
    asking.goes("")


def test_who_is_on_the_way_asks_as_often_as_it_takes(
    outbound: OutboundLimit, asking: Asking
) -> None:
    thread = asking.goes("Ann")
    asking.goes("Bob")

    thread.run(asks, outbound)

    with pytest.raises(Crowded):
        asking.goes("Cleo")


def test_where_no_limit_is_set_everything_goes_out(
    outbound: OutboundLimit, asking: Asking
) -> None:
    outbound.limit(None)

    for _ in range(20):
        asking.goes("")


def asks(outbound: OutboundLimit) -> None:
    with outbound.place():
        pass
