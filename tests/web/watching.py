"""Watching a dashboard: what it holds of its database at once, and for how long."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, before_render_template
from pebble import ProcessPool
from sqlalchemy import Connection, event

from desk.desk import Desk
from tests.fakes.scripted import DRAWN

SLOW = frozenset({"socket.connect", "socket.getaddrinfo", "subprocess.Popen", DRAWN})


@dataclass
class Seen:
    """`most`: connections out of the pool at once; `held_up`: done in a write.

    That is: drawing a page or a post, a child at work, a file or a connection opened.
    `children`: how many were out whenever a child process had to parse or scale.
    """

    out: int = 0
    most: int = 0
    sessions: int = 0
    open_writes: int = 0
    held_up: list[str] = field(default_factory=list)
    thread: int = field(default_factory=threading.get_ident)  # whose request it is
    children: set[int] = field(default_factory=set)


_seen: list[Seen] = []


def _heard(event_: str, told: tuple[Any, ...]) -> None:
    """Python tells of files and connections; of posts that it draws, the platform."""
    for seen in _seen:
        if not seen.open_writes or seen.thread != threading.get_ident():
            continue
        if event_ == "open" and isinstance(told[0], str) and not _is_code(told[0]):
            seen.held_up.append(f"the file {told[0]}")
        elif event_ in SLOW:
            seen.held_up.append(event_)


def _is_code(path: str) -> bool:
    """Python loads it once for all."""
    return path.startswith((sys.prefix, sys.base_prefix)) or path.endswith(".py")


sys.addaudithook(_heard)  # for good: there is no way back


@contextmanager
def watched(app: Flask) -> Iterator[Seen]:
    """Whatever this application's own engine does, by whichever road."""
    desk: Desk = app.extensions["desk"]
    engine, seen = desk.db.engine, Seen()
    schedule = ProcessPool.schedule

    def out(*_: object) -> None:
        seen.out, seen.sessions = seen.out + 1, seen.sessions + 1
        seen.most = max(seen.most, seen.out)

    def back(*_: object) -> None:
        seen.out -= 1

    def begun(link: Connection) -> None:
        seen.open_writes += link.get_execution_options().get("standfirst") != "read"

    def ended(link: Connection) -> None:
        seen.open_writes -= link.get_execution_options().get("standfirst") != "read"

    def drawn(_: Flask, template: Any, **__: object) -> None:
        if seen.open_writes:
            seen.held_up.append(template.name)

    def put_to_work(pool: ProcessPool, *rest: Any, **more: Any) -> Any:
        seen.children.add(seen.out)
        if seen.open_writes:
            seen.held_up.append("a child process")
        return schedule(pool, *rest, **more)

    heard = (
        ("checkout", out),
        ("checkin", back),
        ("begin", begun),
        ("commit", ended),
        ("rollback", ended),
    )
    for name, listener in heard:
        event.listen(engine, name, listener)
    setattr(ProcessPool, "schedule", put_to_work)  # noqa: B010  # it tells nobody
    _seen.append(seen)
    try:
        with before_render_template.connected_to(drawn, app):
            yield seen
    finally:
        _seen.pop()
        setattr(ProcessPool, "schedule", schedule)  # noqa: B010
        for name, listener in heard:
            event.remove(engine, name, listener)
