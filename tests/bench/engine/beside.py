"""Beside: the same posts through Celery alone, on a Valkey and a platform of their own.

As a process: python -m tests.bench.engine.beside WAY POSTS DUE  (it hands them over)
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from commands import embedded
from commands.processes import PROCFILE, Process
from commands.supervising import _with_our_programs
from desk.config import Settings
from tests.bench.engine.lateness import Lateness
from tests.bench.engine.side import SlowPlatform

APP = ("celery", "--app", "tests.bench.engine.celery_app", "--quiet")
WORKER = ("worker", "--pool", "threads", "--concurrency", "64", "--loglevel", "ERROR")
WAYS = ("at once", "eta", "beat")  # how a post waits for its time
ANSWER_S = 0.2
PATIENCE_S = 240.0


@dataclass(frozen=True)
class Seen:
    """`doubled`: posts that the platform was sent again."""

    lateness: Lateness
    rate: float
    doubled: int

    def __str__(self) -> str:
        return f"{self.lateness}  {self.rate:,.0f} posts/s, {self.doubled} doubled"


def measure(way: str, posts: int) -> Seen:
    with ExitStack() as stack:
        side = stack.enter_context(SlowPlatform())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        environment = stack.enter_context(_celery(folder, side.address, way))
        due = time.time() + (10.0 if way == "eta" else 4.0) + posts / 2500
        _hand_over(way, posts, due, environment)
        return _seen(side, posts, due)


@contextmanager
def _celery(folder: Path, platform: str, way: str) -> Iterator[Mapping[str, str]]:
    settings = Settings(home=folder, database_url="", redis_url="")
    environment = _with_our_programs(
        {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PROCFILE.parent),
            "BENCH_BROKER": settings.broker,
            "BENCH_PLATFORM": platform,
            "BENCH_DUE": str(folder / "due.sqlite3"),
        }
    )
    commands: list[Sequence[str]] = [embedded.command(settings), (*APP, *WORKER)]
    if way == "beat":
        _wait_for_posts(folder)
        commands.append((*APP, "beat", "--loglevel", "ERROR"))
    parts = [Process(str(n), one, environment) for n, one in enumerate(commands)]
    for part in parts:
        part.tend()
    try:
        _wait_for_worker(environment)
        yield environment
    finally:
        for part in reversed(parts):
            part.end()


def _wait_for_worker(environment: Mapping[str, str]) -> None:
    asked = [*APP, "inspect", "ping", "--timeout", "1"]
    quiet = subprocess.DEVNULL
    for _ in range(20):
        if not subprocess.call(asked, env=environment, stdout=quiet, stderr=quiet):
            return
    raise TimeoutError("Celery's worker does not answer.")


def _wait_for_posts(folder: Path) -> None:
    with sqlite3.connect(folder / "due.sqlite3") as link:
        link.execute("PRAGMA journal_mode=WAL")
        link.execute("CREATE TABLE due (number INTEGER PRIMARY KEY, at REAL, sent INT)")
        link.execute("CREATE INDEX waiting ON due (at) WHERE sent = 0")


def _hand_over(way: str, posts: int, due: float, told: Mapping[str, str]) -> None:
    module = "tests.bench.engine.beside"
    words = [sys.executable, "-m", module, way, str(posts), str(due)]
    subprocess.run(words, env=dict(told), check=True, timeout=PATIENCE_S)


def hand_over(way: str, posts: int, due: float) -> None:
    """In a process of its own, as a scheduler is."""
    from tests.bench.engine.celery_app import publish

    if way == "beat":
        rows = [(number, due, 0) for number in range(posts)]
        with sqlite3.connect(os.environ["BENCH_DUE"], timeout=10) as link:
            link.executemany("INSERT INTO due VALUES (?, ?, ?)", rows)
        return
    if way == "eta":
        for number in range(posts):
            publish.apply_async((number,), eta=datetime.fromtimestamp(due, UTC))
        return
    time.sleep(due - time.time())
    for number in range(posts):
        publish.delay(number)


def _seen(side: SlowPlatform, posts: int, due: float) -> Seen:
    give_up = time.monotonic() + PATIENCE_S
    while len({one.key for one in side.log()}) < posts:
        if time.monotonic() > give_up:
            raise TimeoutError("Celery has not sent them all.")
        time.sleep(0.5)
    time.sleep(1.0)  # whatever is doubled comes late
    log = side.log()
    first = {one.key: one.at for one in reversed(log)}
    late = Lateness.of(at - due for at in first.values())
    return Seen(late, posts / (late.most + ANSWER_S), len(log) - posts)


if __name__ == "__main__":
    hand_over(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
