"""Failpoints: named places where a test can make this process die, as by kill -9."""

from __future__ import annotations

import os
import signal
from pathlib import Path

ARMED = os.environ.get("STANDFIRST_FAIL_AT", "")


def failpoint(name: str) -> None:
    """Die here, once, if `STANDFIRST_FAIL_AT` is "NAME:FILE" and FILE is still there.

    The file is removed first, so that the next process gets past this place.
    """
    if not ARMED or ARMED.partition(":")[0] != name:
        return
    try:
        Path(ARMED.partition(":")[2]).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
