"""Mischief: processes killed and frozen, at moments drawn with a seed."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.faults.house import House

APART_S = (0.6, 2.2)
FROZEN_S = (0.5, 2.6, 7.0)  # a hiccup; past the intent's two seconds; past a lease
ACTS = ("kill", "kill", "freeze", "freeze", "stop")
SIGNALS = {"kill": signal.SIGKILL, "freeze": signal.SIGSTOP, "stop": signal.SIGTERM}


@dataclass(frozen=True)
class Act:
    at_s: float
    part: str
    what: str
    frozen_s: float = 0.0


def plan(draw: random.Random, parts: Sequence[str], over_s: float) -> list[Act]:
    """The same seed, the same mischief."""
    found, at = [], draw.uniform(*APART_S)
    while at < over_s:
        what = draw.choice(ACTS)
        frozen = draw.choice(FROZEN_S) if what == "freeze" else 0.0
        found.append(Act(at, draw.choice(parts), what, frozen))
        at += draw.uniform(*APART_S)
    return found


def do(house: House, acts: Sequence[Act]) -> threading.Thread:
    """From now on; ends when everyone that was frozen is awake again."""
    began = time.monotonic()

    def run() -> None:
        waking = []
        for act in acts:
            house.pause(max(0.0, began + act.at_s - time.monotonic()))
            house.kill(act.part, SIGNALS[act.what])
            if act.frozen_s:
                wake = (house, act.part, signal.SIGCONT)
                waking.append(threading.Timer(act.frozen_s, House.kill, wake))
                waking[-1].start()
        for timer in waking:
            timer.join()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def counted(acts: Sequence[Act]) -> Counter[str]:
    return Counter(f"{act.what} {act.part.partition('-')[0]}" for act in acts)
