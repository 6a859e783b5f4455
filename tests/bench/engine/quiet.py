"""Quiet: how much of the machine others took while something was measured."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count() or 1
DISTURBED = 0.1  # of all cores; a figure beside more than that is measured again


@dataclass(frozen=True)
class Moment:
    """Core seconds since the machine started, everybody's and ours."""

    at: float
    busy: float
    ours: float

    @classmethod
    def now(cls, roots: Iterable[int] = ()) -> Moment:
        """Ours: this process, those that it started, and these with theirs."""
        return cls(time.monotonic(), _busy(), tree_s({os.getpid(), *roots}))

    def others_until(self, later: Moment) -> float:
        """The share of all cores that was taken from us by someone else."""
        if _first():
            return 0.0
        theirs = (later.busy - self.busy) - (later.ours - self.ours)
        return max(0.0, theirs) / (later.at - self.at) / CORES


def _first() -> bool:
    """As real-time processes (chrt -r 1) we go first: others get what we leave over."""
    return os.sched_getscheduler(0) in (os.SCHED_FIFO, os.SCHED_RR)


def _busy() -> float:
    """All but idling and waiting for a disk; a neighbour's theft counts."""
    line = Path("/proc/stat").read_text().splitlines()[0]
    user, nice, system, _idle, _wait, irq, soft, steal = map(int, line.split()[1:9])
    return (user + nice + system + irq + soft + steal) / TICKS


def tree_s(roots: set[int]) -> float:
    """Core seconds of these processes, and of all that they started."""
    return sum(processes(roots).values())


def processes(roots: set[int]) -> dict[int, float]:
    """These processes and all that they started, with the core seconds of each."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    spent: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # ended since
        children[int(fields[1])].append(int(entry.name))
        spent[int(entry.name)] = sum(map(int, fields[11:15])) / TICKS
    found, ahead = set[int](), list(roots)
    while ahead:
        pid = ahead.pop()
        if pid not in found:
            found.add(pid)
            ahead += children[pid]
    return {pid: spent[pid] for pid in found if pid in spent}
