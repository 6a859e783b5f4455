"""Outside: how many of a process's threads wait for other machines, and for whom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from contextvars import Context, copy_context

import pytest

from desk import sandbox
from desk.outside import Crowded, Gate


@pytest.fixture
def gate() -> Gate:
    made = Gate()
    made.limit(2)
    return made


@pytest.fixture
def asking(gate: Gate) -> Iterator[Asking]:
    with ExitStack() as held:
        yield Asking(gate, held)


class Asking:
    """People at the gate, each in a thread of their own."""

    def __init__(self, gate: Gate, held: ExitStack) -> None:
        self._gate, self._held = gate, held

    def goes(self, person: str) -> Context:
        """Out, and stays there."""
        thread = copy_context()
        thread.run(sandbox.giver.set, person)
        on_the_way = self._gate.out()
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
    gate: Gate, asking: Asking
) -> None:
    asking.goes("Ann")
    asking.comes_back()
    with pytest.raises(OSError, match="unreachable"), gate.out():
        raise OSError("unreachable")

    asking.goes("Ann")
    asking.goes("")


def test_who_is_on_the_way_asks_as_often_as_it_takes(
    gate: Gate, asking: Asking
) -> None:
    thread = asking.goes("Ann")
    asking.goes("Bob")

    thread.run(asks, gate)

    with pytest.raises(Crowded):
        asking.goes("Cleo")


def test_where_no_limit_is_set_everything_goes_out(gate: Gate, asking: Asking) -> None:
    gate.limit(None)

    for _ in range(20):
        asking.goes("")


def asks(gate: Gate) -> None:
    with gate.out():
        pass
