"""The machine: hypothesis chooses who goes on, who dies, and what platforms say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from connectors.reconciliation import CACHED
from tests.faults.model.invariants import Invariants, Violated
from tests.faults.model.newsroom import Known, Newsroom
from tests.faults.model.platforms import Fate
from tests.faults.model.world import Channel, House, World

T = TypeVar("T")

ANY = st.integers(0, 11)  # of those that there are just now
SOON = st.sampled_from([0.0, 1.0, 1.9, 1.9, 1.9, 2.5, 10.0, 900.0])
SPANS = st.sampled_from([0.005, 0.3, 1.0, 2.1, 2.1, 6.0, 16.0, 31.0, 61.0, 400.0])
LAGS = st.sampled_from([0.0, 7.0, 40.0, 45.0, 400.0])
LONG = st.sampled_from([False] * 9 + [True])  # an hour on top
CHANGES = st.sampled_from(["edit", "edit", "move", "retry", "cancel", "take back"])
EDITS = st.sampled_from(["", "edit", "edit", "retry"])
COMES = st.sampled_from(["once", "once", "once", "and again", "and again", "lost"])
ENDS = st.sampled_from(["dies", "freezes", "freezes", "closes", "lives on"])
PRIORITIES = st.sampled_from(["normal", "normal", "breaking", "evergreen"])
FATES = st.sampled_from([*Fate, Fate.ACCEPTED, Fate.ACCEPTED, Fate.SILENT])
SHOCKS = st.sampled_from(
    ["dies", "freezes", "wakes", "closes", "edit", "edit", "clock", "clock", "later"]
)
SCOPES = st.sampled_from(["desk", "channel", "post", "keyword"])
STEPS = st.integers(0, 6)
TO_REST = 400  # moments at most, until nothing moves


class Machine(RuleBasedStateMachine):
    house: ClassVar[House]

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.house)
        self.newsroom = Newsroom(self.world)
        self.truth = Invariants(self.world, self.newsroom)
        self.channels: list[Channel] = []
        self.shocks: dict[int, str] = {}
        self.fates: list[Fate] = []
        self.bias = self.steps = 0

    @initialize(
        first=st.integers(0, 3),
        count=st.integers(1, 3),
        in_order=st.booleans(),
        posts=st.integers(1, 3),
        ahead=SOON,
        shocks=st.lists(st.tuples(st.integers(1, 40), SHOCKS), max_size=6),
        fates=st.lists(FATES, max_size=6),
        bias=st.integers(0, 7),
    )
    def begin(
        self,
        first: int,
        count: int,
        in_order: bool,
        posts: int,
        ahead: float,
        shocks: list[tuple[int, str]],
        fates: list[Fate],
        bias: int,
    ) -> None:
        """`shocks` come while all go on, by step; `fates` are answers at the end."""
        self.shocks, self.fates, self.bias = dict(shocks), fates, bias
        every = self.house.channels
        self.channels = [every[(first + n) % len(every)] for n in range(count)]
        self.house.rows.execute("UPDATE channels SET in_order = ?", (in_order,))
        for number in range(posts):
            self.write(number, ahead, 1, "normal")

    # Editors

    @rule(n=ANY, ahead=SOON, parts=st.sampled_from([1, 1, 2, 3]), priority=PRIORITIES)
    def write(self, n: int, ahead: float, parts: int, priority: str) -> None:
        if len(self.newsroom.posts) < 6:
            channel, span = _one(self.channels, n), timedelta(seconds=ahead)
            self.newsroom.write(channel, span, parts, priority)

    @rule(n=ANY, what=CHANGES, ahead=SOON)
    def change(self, n: int, what: str, ahead: float = 0.0) -> None:
        known, editors = self._post(n), self.newsroom
        match what:
            case "edit":
                editors.edit(known)
            case "move":
                editors.reschedule(known, timedelta(seconds=ahead))
            case "cancel":
                editors.cancel(known)
            case "take back":
                editors.take_back(known)
            case "retry":
                editors.retry(known)

    @rule(n=ANY, scope=SCOPES, lift=st.booleans())
    def hold_or_lift(self, n: int, scope: str, lift: bool) -> None:
        if lift and self.newsroom.holds:
            self.newsroom.lift(*_one(sorted(self.newsroom.holds), n))
            return
        known = self._post(n)
        targets = {
            "desk": "",
            "channel": str(known.channel.number),
            "post": str(known.number),
            "keyword": f"p{known.number}.1",
        }
        self.newsroom.hold(scope, targets[scope])

    @rule(n=ANY, reconnects=st.booleans())
    def person_helps(self, n: int, reconnects: bool) -> None:
        if reconnects:
            self.newsroom.reconnect(_one(self.channels, n))
        else:
            self.newsroom.decide(self._post(n))

    # Clocks, messages, workers

    @rule(clock=st.sampled_from("AB"), heard_by=st.sampled_from([0, 1, 2, 3]))
    def clock_looks(self, clock: str, heard_by: int) -> None:
        """What it hands over is heard at once by a worker, or is on its way."""
        before = len(self.world.messages)
        self.world.look(clock)
        if heard_by < len(self.world.workers):
            for one in self.world.messages[before:]:
                self.world.workers[heard_by].hear(one.queue, one.pairs)
            del self.world.messages[before:]

    @precondition(lambda self: self.world.messages)
    @rule(n=ANY, worker=st.integers(0, 2), comes=COMES)
    def message(self, n: int, worker: int, comes: str) -> None:
        one = _one(self.world.messages, n)
        if comes != "lost":
            self.world.workers[worker].hear(one.queue, one.pairs)
        if comes != "and again":
            self.world.messages.remove(one)

    @precondition(lambda self: self.world.agents)
    @rule(n=ANY, steps=st.integers(1, 6))
    def goes_on(self, n: int, steps: int) -> None:
        agent = _one(self.world.agents, n)
        for _ in range(steps):
            if agent.ready:
                self.world.step(agent)
                self.truth.check()

    @rule(seconds=st.sampled_from([0.0, 0.0, 0.0, 1.0, 3.0]), n=ANY, meanwhile=EDITS)
    def all_go_on(self, seconds: float, n: int = 0, meanwhile: str = "") -> None:
        """Everything moves for a while, but what was asked stays unanswered."""
        self._pass(timedelta(seconds=seconds))
        self._round()
        if meanwhile:  # the clock claims it again, and two workers have it
            self.change(n, meanwhile)
            self._round()

    @rule(worker=st.integers(0, 2), steps=STEPS, how=ENDS)
    def worker_ends(self, worker: int, steps: int, how: str) -> None:
        for _ in range(steps):
            if ready := self.world.workers[worker].ready:
                self.world.step(ready[0])
                self.truth.check()
        self._end(worker, how)

    @precondition(lambda self: any(one.frozen for one in self.world.leaving))
    @rule()
    def zombies_wake(self) -> None:
        self.world.thaw()

    # Platforms and time

    @precondition(lambda self: self.world.site.flying)
    @rule(n=ANY, fate=FATES, wait=st.sampled_from([5.0, 60.0, 1200.0, 7200.0]))
    def platform_decides(self, n: int, fate: Fate, wait: float) -> None:
        self.world.site.decide(_one(self.world.site.flying, n), fate, wait)

    @rule(n=ANY, blind=st.booleans())
    def listing_goes_blind(self, n: int, blind: bool) -> None:
        account = _one(self.channels, n).account
        if blind:
            self.world.site.blind.add(account)
            self.world.site.were_blind.add(account)
        else:
            self.world.site.blind.discard(account)

    @rule(n=ANY, seconds=LAGS, count_too=st.booleans())
    def listing_lags(self, n: int, seconds: float, count_too: bool = False) -> None:
        account, lag = _one(self.channels, n).account, timedelta(seconds=seconds)
        self.world.site.lag[account] = lag
        if count_too and lag <= CACHED:  # beyond that it is a window, named as one
            self.world.site.cached.add(account)
        else:
            self.world.site.cached.discard(account)
        if seconds > 30:  # a person may be asked before it shows what is there
            self.world.site.were_blind.add(account)

    @rule(seconds=SPANS, hour=LONG)
    def time_passes(self, seconds: float, hour: bool) -> None:
        self._pass(timedelta(hours=hour, seconds=seconds))

    @rule(n=st.integers(0, 3))
    def time_passes_to_what_is_next(self, n: int) -> None:
        moments = self.world.moments()
        if moments:
            self._pass(moments[min(n, len(moments) - 1)] + timedelta(milliseconds=2))

    # What must be so

    @invariant()
    def all_is_well(self) -> None:
        self.truth.check()

    def teardown(self) -> None:
        """Every process lives and every platform answers, until nothing moves."""
        try:
            self.truth.check()
            self._come_to_rest()
            self.world.thaw()  # whoever froze wakes up when all is long over
            self._come_to_rest()
            self.truth.check_end()
        finally:
            for worker in (*self.world.workers, *self.world.leaving):
                worker.die()

    def _come_to_rest(self) -> None:
        self.world.site.blind.clear()
        self.world.site.lag.clear()
        self.world.site.cached.clear()
        for _ in range(TO_REST):
            while self._round() or self._answers():
                pass
            moments = self.world.moments()
            if not moments and not self.world.messages and not self.world.agents:
                return
            self._pass(moments[0] + timedelta(milliseconds=2))
        raise Violated("I2: it never comes to rest.")

    def _answers(self) -> bool:
        flying = list(self.world.site.flying)
        for request in flying:
            fate = self.fates.pop(0) if self.fates else Fate.ACCEPTED
            self.world.site.decide(request, fate)
            self.truth.check()
        return bool(flying)

    def _round(self) -> bool:
        """A clock, every message, and every worker as far as it gets."""
        moved = False
        if self.world.awaited():  # else its look would find nothing, and takes long
            self.world.look("A")
            self.truth.check()
        for number, message in enumerate(self.world.messages):
            worker = self.world.workers[number % len(self.world.workers)]
            worker.hear(message.queue, message.pairs)
        self.world.messages.clear()
        while agents := self.world.agents:
            self.steps += 1
            self.world.step(_one(agents, self.bias * self.steps))
            self.truth.check()
            self._shock(self.shocks.pop(self.steps, ""))
            moved = True
        return moved

    def _end(self, worker: int, how: str) -> None:
        match how:
            case "dies":
                self.world.kill(worker)
            case "freezes":
                self.world.freeze(worker)
            case "closes":
                self.world.deploy(worker)
            case "lives on":
                self.world.workers[worker].renew()

    def _shock(self, what: str) -> None:
        worker = self.steps % len(self.world.workers)
        match what:
            case "edit":
                self.newsroom.edit(self._post(self.steps))
            case "clock":
                self.world.look("B")
            case "later":
                self._pass(timedelta(seconds=2.1))
            case "wakes":
                self.world.thaw()
            case _:
                self._end(worker, what)
        self.truth.check()

    def _pass(self, span: timedelta) -> None:
        self.world.pass_by(span)
        self.truth.check()

    def _post(self, n: int) -> Known:
        """Mostly one that is about to go out: there the races are."""
        query = "SELECT id FROM posts WHERE state IN ('claimed', 'sending')"
        going = {row["id"] for row in self.house.rows.execute(query).fetchall()}
        posts = self.newsroom.posts
        return _one([one for one in posts if n < 9 and one.number in going] or posts, n)


def _one(choices: Sequence[T], n: int) -> T:
    return choices[n % len(choices)]
