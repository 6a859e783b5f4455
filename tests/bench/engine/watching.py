"""Watching processes: the time and memory each takes, and where its time goes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench.engine.newsroom import Newsroom
from tests.bench.engine.side import SlowPlatform

TICKS = os.sysconf("SC_CLK_TCK")
PROFILED_S = 6
TOP = 25


@dataclass(frozen=True)
class Cost:
    """Seconds of one core, by part."""

    seconds: Mapping[str, float]

    def __sub__(self, earlier: Cost) -> Cost:
        spent = {
            name: seconds - earlier.seconds.get(name, 0.0)
            for name, seconds in self.seconds.items()
        }
        return Cost(spent)

    @property
    def total(self) -> float:
        return sum(self.seconds.values())

    def a_post(self, posts: int) -> str:
        told = (f"{name} {s / posts * 1e6:.0f}" for name, s in self.seconds.items())
        return ", ".join(told) + " µs of a core a post"


def cost(room: Newsroom, side: SlowPlatform | None = None) -> Cost:
    """What each part has taken since it was started."""
    pids = {name: part.pid for name, part in room.parts.items()}
    if side is not None:
        pids["platform"] = side.pid
    return Cost({name: cpu_s(pid) for name, pid in pids.items() if pid is not None})


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def pss_mb(pid: int) -> float:
    """Memory, with what is shared counted by its share."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1000
    raise ValueError(f"Process {pid} has no Pss.")


class Profile:
    """py-spy on one part of the newsroom, where it is installed beside this Python."""

    def __init__(self, part: str, into: Path) -> None:
        self._part, self._into = part, into
        self._running: subprocess.Popen[bytes] | None = None

    def begin(self, room: Newsroom) -> None:
        here = str(Path(sys.executable).parent)
        program = shutil.which("py-spy", path=here) or shutil.which("py-spy")
        if program is None:
            raise RuntimeError("py-spy is not installed: pip install py-spy")
        command = [program, "record", "--pid", str(room.parts[self._part].pid)]
        command += ["--duration", str(PROFILED_S), "--rate", "250", "--gil"]
        command += ["--function", "--format", "raw", "--output", str(self._into)]
        self._running = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def top(self) -> str:
        """Where the interpreter was, by the function itself and by all beneath it."""
        if self._running is None:
            return ""
        self._running.wait()
        own: Counter[str] = Counter()
        whole: Counter[str] = Counter()
        for line in self._into.read_text().splitlines():
            stack, _, count = line.rpartition(" ")
            frames = stack.split(";")
            own[frames[-1]] += int(count)
            whole.update(dict.fromkeys(frames, int(count)))
        return (
            f"By itself:\n{_told(own, own)}\nWith what it calls:\n{_told(whole, own)}"
        )


def _told(times: Counter[str], own: Counter[str]) -> str:
    total = own.total() or 1
    top = times.most_common(TOP)
    return "\n".join(f"  {count / total:6.1%}  {name}" for name, count in top)
