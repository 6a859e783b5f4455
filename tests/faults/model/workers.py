"""Workers: what workers/slots.py does with the desk's functions, one step at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import groupby

from greenlet import greenlet

from desk import db
from desk.desk import Desk
from desk.lifecycle import State
from desk.publishing import claiming, intents, reconciling, records, sending
from desk.publishing.claiming import Claim
from desk.publishing.intents import Intent, Ready
from desk.publishing.records import Answered
from desk.timekeeping import Reading
from tests.faults.model.agents import Agent, committed, pause
from tests.faults.model.timing import Moment, VirtualClock

PAST_DUE = timedelta(milliseconds=2)
Pairs = Sequence[tuple[int, int]]


@dataclass
class Worker:
    """One process. Whoever it runs may be stopped between any two steps."""

    name: str
    desk: Desk
    clock: VirtualClock
    home: greenlet
    agents: list[Agent] = field(default_factory=list)
    held: set[tuple[int, int]] = field(default_factory=set)
    answered: list[Answered] = field(default_factory=list)
    frozen: bool = False

    @property
    def ready(self) -> list[Agent]:
        """Whom of it the model may let go on."""
        return [] if self.frozen else [one for one in self.agents if one.ready]

    def hear(self, queue: str, pairs: Pairs) -> None:
        """A message came, perhaps not for the first time."""
        if queue == "publish":
            self._spawn("pick up", partial(self._pick_up, pairs))
            return
        claims = [Claim(post_id, fence) for post_id, fence in pairs]
        look = partial(reconciling.reconcile, self.desk, claims, self.name)
        self._spawn("reconcile", look)

    def renew(self) -> None:
        with self.desk.db.writing() as session:
            still = claiming.renew(session, self.held, self.name, db.now(session))
        self.held &= still

    def close(self) -> None:
        """As at SIGTERM: what has not been sent goes back, what is on its way ends."""
        with self.desk.db.writing() as session:
            claiming.give_back(session, self.held)
        self.held.clear()
        for agent in self.agents:
            if agent.name in ("pick up", "send") and not agent.committed:
                agent.die()

    def die(self) -> None:
        """As by kill -9."""
        for agent in self.agents:
            agent.die()
        self.agents.clear()

    def _spawn(self, name: str, work: Callable[[], object]) -> None:
        self.agents.append(Agent(name, work, self.home))

    def _pick_up(self, pairs: Pairs) -> None:
        with self.desk.db.writing() as session:
            now = db.now(session)
            claims = claiming.pick_up(session, pairs, self.name, now)
        self._make_ready(claims)

    def _make_ready(self, claims: Sequence[Claim]) -> None:
        self.held |= {claim.pair for claim in claims}
        works = sending.load(self.desk, claims)
        made = [sending.make_ready(self.desk, work) for work in works]
        ready = sorted((one for one in made if one), key=self._moment)
        for boot, group in groupby(ready, key=self._moment):
            self._spawn("send", partial(self._send, list(group), boot))

    def _moment(self, ready: Ready) -> float:
        due, now = ready.claim.next_at, self.clock.wall
        ahead = max(due + PAST_DUE - now, timedelta(0)) if due else timedelta(0)
        return self.clock.boot + ahead.total_seconds()

    def _send(self, ready: Sequence[Ready], boot: float) -> None:
        pause(Moment(self.clock, boot))
        for intent in self._intend(ready):
            self._spawn("call", partial(self._call, intent))

    def _intend(self, ready: Sequence[Ready]) -> list[Intent]:
        with self.desk.db.writing() as session:
            read = Reading.of(db.now(session))
            made = intents.intend(session, ready, self.name, read)
            going = {intent.post_id for intent in made}
            rest = [o.claim.pair for o in ready if o.claim.post_id not in going]
            claiming.give_back(session, rest)
            committed()
        self.held -= {one.claim.pair for one in ready}
        return made

    def _call(self, intent: Intent) -> None:
        """The check of the intent's age and the first byte are one step here.

        A process frozen between those two is the window that stays open.
        """
        outcome = sending.call(intent)
        self.answered.append((intent, outcome))
        self._spawn("record", self._record)

    def _record(self) -> None:
        """As many outcomes as there are by now, in one commit."""
        group, self.answered = self.answered, []
        if not group:
            return
        with self.desk.db.writing() as session:
            states = records.record(session, group)
        for intent, _ in group:
            if states[intent.post_id] is State.CLAIMED:
                claim = Claim(intent.post_id, intent.fence)
                self._spawn("pick up", partial(self._make_ready, [claim]))
