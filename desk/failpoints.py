"""Failpoints: named places where a test can make this process die, as by kill -9."""

from __future__ import annotations

import os
import signal
from functools import cache
from pathlib import Path


def failpoint(name: str) -> None:
    """Die here, once, if `STANDFIRST_FAIL_AT` is "NAME:FILE" and FILE is still there.

    The file is removed first, so that the next process gets past this place.
    """
    armed, file = _armed()
    if armed != name:
        return
    try:
        Path(file).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


@cache
def _armed() -> tuple[str, str]:
    """Name and file, as they were when this process first came to a failpoint."""
    name, _, file = os.environ.get("STANDFIRST_FAIL_AT", "").partition(":")
    return name, file
