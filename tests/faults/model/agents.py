"""Agents: the desk's own code, stopping wherever another process could go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from greenlet import GreenletExit, getcurrent, greenlet
from sqlalchemy import event
from sqlalchemy.orm import Session

from desk.db import Database


class Waited(Protocol):
    """What an agent may wait for."""

    @property
    def over(self) -> bool: ...


class Agent(greenlet):
    """One thread of one process. It goes on only when the model lets it.

    It stops after every transaction and in every call of a platform; dying there
    drops whatever it knew.
    """

    def __init__(self, name: str, work: Callable[[], object], home: greenlet) -> None:
        super().__init__(parent=home)
        self.name, self._work = name, work
        self.waits: Waited | None = None
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            self._work()
        except Exception as failure:
            self.failure = failure

    @property
    def ready(self) -> bool:
        return not self.dead and (self.waits is None or self.waits.over)

    def go_on(self) -> None:
        """Up to the next place where another process could."""
        self.waits = None
        self.switch()

    def die(self) -> None:
        self.throw(GreenletExit)


def pause(waits: Waited | None = None) -> None:
    """Let others go on here; who is no agent is not interrupted."""
    agent = getcurrent()
    if isinstance(agent, Agent) and agent.parent is not None:
        agent.waits = waits
        agent.parent.switch()


class Stepping(Database):
    """The real database; an agent stops behind each of its transactions.

    Its disk is never pulled out here, so nothing waits for it.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        event.listen(self.engine, "connect", _careless)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with super().reading() as session:
            yield session
        pause()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with super().writing() as session:
            yield session
        pause()


def _careless(connection: object, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]
