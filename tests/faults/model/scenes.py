"""Scenes: short ways through the machine, each to what one promise keeps away."""

from __future__ import annotations

from collections.abc import Callable

from tests.faults.model.machine import Machine
from tests.faults.model.platforms import Fate


def edited_while_it_waits(machine: Machine) -> None:
    """Two workers wait with the same post; the first knows its old words."""
    _begin(machine)
    machine.all_go_on(0)
    machine.change(0, "edit", 0)
    machine.clock_looks("A", heard_by=1)
    machine.all_go_on(0)
    machine.time_passes(2.1, hour=False)
    machine.all_go_on(0)


def sent(machine: Machine) -> None:
    """One post, and nothing goes wrong."""
    _begin(machine)


def answer_lost(machine: Machine) -> None:
    """The platform takes the post, and its answer never comes."""
    _begin(machine, Fate.SILENT)


def frozen_behind_the_intent(machine: Machine) -> None:
    """A worker commits its intent, and wakes up when all is long settled."""
    _begin(machine)
    machine.all_go_on(0)
    machine.time_passes(2.1, hour=False)
    machine.worker_ends(0, 1, "freezes")


def killed_while_it_calls(machine: Machine) -> None:
    """The platform takes the post; its worker dies before it knows."""
    _begin(machine)
    machine.all_go_on(0)
    machine.time_passes(2.1, hour=False)
    machine.all_go_on(0)
    machine.platform_decides(0, Fate.SILENT, 0)
    machine.worker_ends(0, 0, "dies")


def taken_where_lists_lag(machine: Machine) -> None:
    """The platform takes the post in silence, and lists it minutes later."""
    _begin(machine)
    machine.listing_lags(0, 400)
    machine.all_go_on(0)
    machine.time_passes(2.1, hour=False)
    machine.all_go_on(0)
    machine.platform_decides(0, Fate.SILENT, 0)
    for seconds in (61, 16, 16):  # two looks, and a second try
        machine.all_go_on(0)
        machine.time_passes(seconds, hour=False)
    machine.all_go_on(0)


def taken_where_list_and_count_lag(machine: Machine) -> None:
    """The same, where its count of posts is as old as the list, and agrees with it."""
    _begin(machine)
    machine.listing_lags(0, 60)
    machine.world.site.cached.add(machine.channels[0].account)
    machine.all_go_on(0)
    machine.time_passes(2.1, hour=False)
    machine.all_go_on(0)
    machine.platform_decides(0, Fate.SILENT, 0)
    for seconds in (34, 12, 9):
        machine.all_go_on(0)
        machine.time_passes(seconds, hour=False)
    machine.all_go_on(0)


SCENES: dict[str, Callable[[Machine], None]] = {
    "no fence in the intent": edited_while_it_waits,
    "the call before the intent": sent,
    "a lost answer is sent again": answer_lost,
    "no look at the intent's age": frozen_behind_the_intent,
    "sending is rescued as claimed": killed_while_it_calls,
    "any list is proof": taken_where_lists_lag,
    "any count is proof": taken_where_list_and_count_lag,
}


def play(name: str) -> None:
    """The scene of this promise, until nothing moves any more."""
    machine = Machine()
    SCENES[name](machine)
    machine.teardown()


def _begin(machine: Machine, *fates: Fate) -> None:
    """One post, due in two seconds, on the platform that offers nothing."""
    machine.begin(3, 1, False, 1, 1.9, [], list(fates), 0)
