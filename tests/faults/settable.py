"""A wall clock that a test sets while a desk's processes run: see settable.c."""

from __future__ import annotations

import shutil
import struct
import subprocess
from datetime import timedelta
from pathlib import Path

from tests.faults.troubled import Surroundings

SOURCE = Path(__file__).with_suffix(".c")
PARTS = ("clock", "worker", "background")
MISSING = "No C compiler here (apt-get install gcc): nothing to make the clock with."


def buildable() -> bool:
    return shutil.which("cc") is not None


class WallClock:
    """By how much the wall clock of these processes is before the true one."""

    def __init__(self, folder: Path, ahead: timedelta = timedelta()) -> None:
        self._library, self._file = folder / "settable.so", folder / "ahead"
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-O2", "-o", self._library, SOURCE, "-ldl"],
            check=True,
        )
        self._file.write_bytes(struct.pack("=q", 0))
        self.set(ahead)

    def set(self, ahead: timedelta) -> None:
        """At once, for every process that has it."""
        nanoseconds = (ahead // timedelta(microseconds=1)) * 1000
        with self._file.open("r+b", buffering=0) as file:
            file.write(struct.pack("=q", nanoseconds))

    def seen(self) -> Surroundings:
        """Clock and workers see this clock; the platforms and Valkey do not."""
        words = f"LD_PRELOAD={self._library} AHEAD_FILE={self._file} exec"
        return Surroundings(before=dict.fromkeys(PARTS, words))
