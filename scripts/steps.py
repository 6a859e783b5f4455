"""Steps of set-up: one long thing each, with a line that shows it moving."""
# ruff: noqa: T201, S603  # it talks to a terminal, and its work is starting programs

from __future__ import annotations

import subprocess
import sys
import threading
import time

NETWORK_SIGNS = (
    "NewConnectionError",
    "NameResolutionError",
    "name resolution",
    "ConnectTimeout",
    "Network is unreachable",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ETIMEDOUT",
    "Could not resolve",
    "Could not connect",
    "Temporary failure resolving",
)


class Stopped(Exception):
    """Set-up can't go on; says in a sentence why, and what to do."""


def step(
    words: str,
    command: list[str],
    environment: dict[str, str] | None = None,
    total: int = 0,
) -> None:
    """Run one long thing, with a line that shows it moving."""
    began = time.monotonic()
    child = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    said: list[str] = []
    reader = threading.Thread(target=_listen, args=(child, said), daemon=True)
    reader.start()
    try:
        _show_until_done(words, reader, said, total, began)
    except BaseException:
        child.terminate()
        raise
    if child.wait() != 0:
        _show(f"{words} · failed", end="\n")
        raise Stopped(explain(words, said))
    _show(f"{words} · {time.monotonic() - began:.0f} s", end="\n")


def explain(words: str, said: list[str]) -> str:
    """One sentence about a program that failed, with what it said itself."""
    text = "".join(said)
    if any(sign in text for sign in NETWORK_SIGNS):
        return f"{words} failed: no network. Connect this machine and try again."
    if "No space left" in text:
        return f"{words} failed: the disk is full. Free 1 GB and try again."
    last = "".join(said[-15:]).rstrip()
    return f"{words} failed. It said:\n{last}"


def _listen(child: subprocess.Popen[str], said: list[str]) -> None:
    for line in child.stdout or ():
        said.append(line)


def _show_until_done(
    words: str, reader: threading.Thread, said: list[str], total: int, began: float
) -> None:
    if not sys.stdout.isatty():
        print(f"{words} ...", flush=True)
    while reader.is_alive():
        reader.join(0.25)
        passed = f"{time.monotonic() - began:.0f} s"
        seen = sum(line.startswith("Collecting ") for line in said)
        count = f" · {seen} of {total}" if total and seen else ""
        if sys.stdout.isatty():
            _show(f"{words}{count} · {passed}")


def _show(line: str, end: str = "") -> None:
    start = "\r\x1b[K" if sys.stdout.isatty() else ""
    print(f"{start}{line}", end=end, flush=True)
