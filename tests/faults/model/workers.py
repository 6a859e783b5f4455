"""Workers: the stepping runner, where the model chooses what is carried out when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from greenlet import greenlet

from desk import db
from desk.desk import Desk
from desk.publishing import reconciliation
from desk.publishing.claiming import Claim
from desk.publishing.publisher import Publisher
from desk.publishing.publisher_steps import (
    Failed,
    Load,
    MakeReady,
    Pair,
    PickUp,
    Process,
    PutBack,
    Renew,
    Step,
    carry_out,
)
from tests.faults.model.agents import Agent
from tests.faults.model.timing import VirtualClock

SLOTS = 4  # fewer than posts: some must wait for one
AT_ONCE = Load | MakeReady  # what follows in the same thread
DROPPED = PickUp, Load, MakeReady, PutBack, Renew  # where a process closes
Pairs = Sequence[Pair]


@dataclass
class Worker:
    """One process. Whoever it runs may be stopped between any two steps."""

    name: str
    desk: Desk
    clock: VirtualClock
    home: greenlet
    agents: list[Agent] = field(default_factory=list)
    frozen: bool = False

    def __post_init__(self) -> None:
        self._publisher = Publisher(SLOTS, self.clock.boot_seconds)
        self._process = Process(self.desk, self.name)

    @property
    def ready(self) -> list[Agent]:
        """Whom of it the model may let go on."""
        if self.frozen:
            return []
        publisher = self._publisher
        self._spawn_all([*publisher.due(), *publisher.answers()])
        return [one for one in self.agents if one.ready]

    @property
    def waits_s(self) -> list[float]:
        """How long until time alone gives it something to do."""
        waits = self._publisher.wait_s(), self._publisher.record_wait_s()
        return [wait for wait in waits if wait is not None]

    def hear(self, queue: str, pairs: Pairs) -> None:
        """A message came, perhaps not for the first time."""
        if queue == "publish":
            self._spawn_all(self._publisher.take(pairs))
            return
        claims = [Claim(post_id, fence) for post_id, fence in pairs]
        look = partial(reconciliation.reconcile, self.desk, claims, self.name)
        self.agents.append(Agent("reconcile", look, self.home))

    def renew(self) -> None:
        self._spawn_all(self._publisher.renewals())

    def close(self) -> None:
        """As at SIGTERM: what has not been sent goes back, what is on its way ends."""
        for step in self._publisher.close():
            self._publisher.know(carry_out(step, self._process))
        for agent in self.agents:
            if agent.name in {kind.__name__ for kind in DROPPED}:
                agent.die()

    def die(self) -> None:
        """As by kill -9."""
        for agent in self.agents:
            agent.die()
        self.agents.clear()

    def _spawn_all(self, steps: Iterable[Step]) -> None:
        for step in steps:
            name, work = type(step).__name__, partial(self._carry_out, step)
            self.agents.append(Agent(name, work, self.home))

    def _carry_out(self, step: Step) -> None:
        """The check of the intent's age and the first byte are one step here.

        A process frozen between those two is the window that stays open.
        """
        event = carry_out(step, self._process)
        if isinstance(event, Failed) and not isinstance(event.error, db.AWAY):
            raise event.error
        for one in self._publisher.know(event):
            if isinstance(one, AT_ONCE):
                self._carry_out(one)
            else:
                self._spawn_all([one])
