"""The publisher: the road of claimed posts in one process, as a pure machine.

It says which steps may be taken, and learns from their events; it asks no database, no
platform, no clock but the one it is given, and has no threads. A runner carries its
steps out: a worker's (`workers/runner.py`: threads and an event loop), the inline one
(`inline_runner.py`: one after the other), and the tests' (one at a time, in any order).

    pick up > load > make ready > (due, a free slot) > commit > call > record
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence

from connectors.base import Receipt, Rejected, Unauthorized
from desk import db
from desk.engine_settings import engine
from desk.lifecycle import State
from desk.publishing.claiming import Claim
from desk.publishing.due_queue import DueQueue
from desk.publishing.limiter import Lane, Limiter
from desk.publishing.outbox import Ready
from desk.publishing.preparing import Work
from desk.publishing.publisher_steps import (
    AskAgain,
    AskedAgain,
    Call,
    Called,
    Commit,
    Committed,
    EmptyJournal,
    Event,
    Failed,
    GiveBack,
    GivenBack,
    Keep,
    Load,
    Loaded,
    MadeReady,
    MakeReady,
    Pair,
    PickedUp,
    PickUp,
    PutBack,
    Record,
    Recorded,
    Renew,
    Renewed,
    Step,
)
from desk.publishing.recording import Answered
from desk.timekeeping import boot_seconds


class Publisher:
    """What one process has in hand of the posts that it claimed, and what is next.

    `size`: calls at once. `clock`: seconds, by one that can't be set. Not safe for
    several threads: their runner locks it.
    """

    def __init__(self, size: int, clock: Callable[[], float] = boot_seconds) -> None:
        self._size, self._clock = size, clock
        self._limiter = Limiter(size, clock=clock)
        self._due = DueQueue(clock)
        self._uploads: deque[Work] = deque()  # wait for a slot
        self._slots: dict[Pair, Lane] = {}  # taken, by whom
        self._leases: dict[Pair, float] = {}  # of what waits here: when to renew them
        self._asking: deque[tuple[float, AskAgain]] = deque()  # and when
        self._refused: dict[Pair, Lane] = {}  # a credential; not on record yet
        self._answered: deque[Answered] = deque()  # not on record yet
        self._recording = 0  # groups under way
        self._record_at = 0.0  # not before
        self._kept = 0  # of the answers, those in the journal
        self._unsettled = 0  # intents whose outcome is not on record
        self._closing = False
        self.stirred = False  # there may be more due than at the last look

    # What a runner asks

    @property
    def full(self) -> bool:
        """It has enough in hand: the clock claims no more than is taken."""
        return len(self._leases) >= engine.batches.in_hand_per_slot * self._size

    @property
    def settled(self) -> bool:
        """All that may have left the house is on record."""
        return not self._unsettled

    @property
    def crowded(self) -> bool:
        """Something is due, and found no slot."""
        return self._due.crowded

    @property
    def load(self) -> dict[str, int]:
        """How many slots there are, and how many of them are taken."""
        return {"busy": self._limiter.busy, "size": self._size}

    def take(self, pairs: Sequence[Pair]) -> list[Step]:
        """Claims were handed over; perhaps not for the first time."""
        return [] if self._closing else [PickUp(pairs)]

    def begin(self, claims: Sequence[Claim]) -> list[Step]:
        """Ours from now on. A lease lasts past its due time: it is renewed after."""
        if not claims:
            return []
        if self._closing:
            return [GiveBack({claim.pair for claim in claims})]
        for claim in claims:
            at = max(self._clock(), self._due.moment(claim))
            self._leases[claim.pair] = at + engine.claims.renewed_after_s
        return [Load(claims)]

    def due(self) -> list[Step]:
        """What waited for its time or for a slot, and need wait no more."""
        self.stirred = False
        if self._closing:
            return []
        steps: list[Step] = [MakeReady(work) for work in self._startable()]
        while self._asking and self._asking[0][0] <= self._clock():
            steps.append(self._asking.popleft()[1])
        if ready := self._due.take_due(self._limiter.enter, engine.batches.committed):
            self._slots |= {one.claim.pair: one.lane for one in ready}
            self._unsettled += len(ready)
            steps.append(Commit(ready))
        return steps

    def answers(self) -> list[Step]:
        """The outcomes to put on record now; one group at a time."""
        if self._recording or not self._answered or self._clock() < self._record_at:
            return []
        self._recording += 1
        count = min(len(self._answered), max(engine.batches.committed, self._kept))
        return [Record([self._answered.popleft() for _ in range(count)])]

    def renewals(self) -> list[Step]:
        """The leases to renew now."""
        now = self._clock()
        pairs = [pair for pair, at in self._leases.items() if at <= now]
        again = now + engine.claims.renewed_after_s / 5  # should it fail
        self._leases |= dict.fromkeys(pairs, again)
        return [
            Renew(set(pairs[start : start + engine.batches.renewed]))
            for start in range(0, len(pairs), engine.batches.renewed)
        ]

    def wait_s(self) -> float | None:
        """Until more is due; None: only news can change it."""
        if self.stirred:
            return 0.0
        waits = [at - self._clock() for at, _ in self._asking]
        if (wait := self._due.wait_s()) is not None:
            waits.append(wait)
        if self.crowded:
            waits.append(engine.batches.slot_awaited_s)
        return max(0.0, min(waits)) if waits else None

    def coming(self) -> int:
        """How many posts fall due before a page that has begun will have ended."""
        return self._due.coming(engine.rush.ahead_s)

    def record_wait_s(self) -> float | None:
        """Until there are outcomes to put on record; None: there are none."""
        if self._recording or not self._answered:
            return None
        return max(0.0, self._record_at - self._clock())

    def close(self) -> list[Step]:
        """Take nothing more, and give back what has not been sent."""
        if self._closing:
            return []
        self._closing = self.stirred = True
        for _, asking in self._asking:
            self._let_stay(asking.ready)
        self._asking.clear()
        return [GiveBack(set(self._leases))] if self._leases else []

    # What a runner tells

    def know(self, event: Event) -> list[Step]:
        """What follows at once from this."""
        match event:
            case PickedUp():
                return self._on_picked_up(event)
            case Loaded():
                return self._on_loaded(event)
            case MadeReady():
                return self._on_made_ready(event)
            case Committed():
                return self._on_committed(event)
            case Called():
                return self._on_called(event)
            case Recorded():
                return self._on_recorded(event)
            case AskedAgain():
                return self._on_asked_again(event)
            case Renewed():
                return self._on_renewed(event)
            case GivenBack(pairs=pairs):
                self._let_go(pairs)
            case Failed():
                return self._on_failed(event)
        return []

    def _on_picked_up(self, event: PickedUp) -> list[Step]:
        self._due.set_time(event.read)
        self._limiter.know(event.circuits)
        return self.begin(event.claims)

    def _on_loaded(self, event: Loaded) -> list[Step]:
        works = {work.claim.pair: work for work in event.works}
        self._let_go({claim.pair for claim in event.claims} - works.keys())
        if self._closing:
            return [GiveBack(set(works))] if works else []
        steps = list[Step]()
        for work in works.values():
            if work.uploads:  # it may take long, and waits for a slot
                self._uploads.append(work)
                self.stirred = True
            else:
                steps.append(MakeReady(work))
        return steps

    def _startable(self) -> list[Work]:
        """Uploads that have a slot now."""
        startable, blocked = list[Work](), list[Work]()
        for work in self._uploads:
            if self._limiter.enter(work.lane):
                self._slots[work.claim.pair] = work.lane
                startable.append(work)
            else:
                blocked.append(work)
        self._uploads = deque(blocked)
        return startable

    def _on_made_ready(self, event: MadeReady) -> list[Step]:
        pair = event.work.claim.pair
        self._free(pair)
        if event.ready is None:
            self._let_go([pair])
        elif self._closing:
            return [GiveBack({pair})]
        else:
            self._due.add(event.ready)
            self.stirred = True
        return []

    def _on_committed(self, event: Committed) -> list[Step]:
        going = {intent.pair for intent in event.made}
        pairs = [one.claim.pair for one in event.ready]
        self._unsettled += len(event.made) - len(event.ready)
        self._let_go(pairs)
        for pair in pairs:
            if pair not in going:
                self._free(pair)
        return [Call(intent) for intent in event.made]

    def _on_called(self, event: Called) -> list[Step]:
        intent, outcome = event.intent, event.outcome
        pair = intent.pair
        lane = self._slots[pair]
        if isinstance(outcome, Unauthorized):  # the rest of its burst waits for that
            self._limiter.refused(lane)
            self._refused[pair] = lane
        elif isinstance(outcome, Receipt | Rejected):
            self._limiter.let_in(lane)
        self._free(pair)
        self._answered.append((intent, outcome))
        return []

    def _on_recorded(self, event: Recorded) -> list[Step]:
        """A thread goes on with its next part."""
        self._recording -= 1
        self._unsettled -= len(event.answered)
        for intent, _ in event.answered:
            if lane := self._refused.pop(intent.pair, None):
                self._limiter.noted(lane)
                self.stirred = True
        steps = self._forget(len(event.answered))
        for intent, _ in event.answered:
            if event.states.get(intent.post_id) is State.CLAIMED:
                steps += self.begin([Claim(*intent.pair)])
        return steps

    def _forget(self, recorded: int) -> list[Step]:
        """What stands in the journal is on record, and goes first into it."""
        if not self._kept:
            return []
        self._kept = max(0, self._kept - recorded)
        return [] if self._kept else [EmptyJournal()]

    def _on_asked_again(self, event: AskedAgain) -> list[Step]:
        still = [one for one in event.ready if one.claim.pair in event.still]
        gone = [one for one in event.ready if one.claim.pair not in event.still]
        self._let_go(one.claim.pair for one in gone)
        self._let_stay(event.ready)
        if self._closing:
            return [GiveBack({one.claim.pair for one in still})] if still else []
        for one in still:
            self._due.add(one)
            self.stirred = True
        return []

    def _let_stay(self, ready: Sequence[Ready]) -> None:
        """No call is made for these: their slots are free."""
        self._unsettled -= len(ready)
        for one in ready:
            self._free(one.claim.pair)

    def _on_renewed(self, event: Renewed) -> list[Step]:
        at = self._clock() + engine.claims.renewed_after_s
        self._leases |= dict.fromkeys(self._leases.keys() & set(event.still), at)
        self._let_go(pair for pair in event.pairs if pair not in event.still)
        return []

    # What went wrong: it is in the log already

    def _on_failed(self, event: Failed) -> list[Step]:
        away = isinstance(event.error, db.AWAY)
        match event.step:
            case Load(claims=claims):  # their leases run out
                self._let_go(claim.pair for claim in claims)
            case MakeReady(work=work):
                self._free(work.claim.pair)
                return [PutBack(work.claim, event.error)]
            case PutBack(claim=claim):  # its lease runs out, and the clock sees to it
                self._let_go([claim.pair])
            case GiveBack(pairs=pairs):
                self._let_go(pairs)
            case Commit(ready=ready):
                return self._not_committed(ready, event.error, away=away)
            case AskAgain() as asking:
                self._ask_later(asking)
            case Record(answered=answered):
                return self._not_recorded(answered, away=away)
        return []

    def _not_committed(
        self, ready: Sequence[Ready], error: Exception, *, away: bool
    ) -> list[Step]:
        """The database is away, or one of these breaks a rule of its own."""
        if away:
            self._ask_later(AskAgain(ready))
            return []
        if len(ready) > 1:
            return [Commit([one]) for one in ready]
        self._let_stay(ready)
        return [PutBack(ready[0].claim, error)]

    def _ask_later(self, asking: AskAgain) -> None:
        if self._closing:
            self._let_stay(asking.ready)
            return
        self._asking.append(
            (self._clock() + engine.batches.database_tried_after_s, asking)
        )
        self.stirred = True

    def _not_recorded(self, answered: Sequence[Answered], *, away: bool) -> list[Step]:
        """What can't be recorded must not keep the others from it, nor be forgotten."""
        self._recording -= 1
        if away:
            new = answered[self._kept :]
            self._kept = max(self._kept, len(answered))
            self._answered.extendleft(reversed(answered))
            self._record_at = self._clock() + engine.batches.database_tried_after_s
            return [Keep(new)] if new else []
        if len(answered) > 1:
            self._recording += len(answered)
            return [Record([one]) for one in answered]
        self._recording += 1
        return self._on_recorded(Recorded(answered, {}))

    def _let_go(self, pairs: Iterable[Pair]) -> None:
        """Their leases are no longer ours to renew."""
        for pair in pairs:
            self._leases.pop(pair, None)

    def _free(self, pair: Pair) -> None:
        """Its slot is free, if it had one; who waits for one looks again."""
        if lane := self._slots.pop(pair, None):
            self._limiter.leave(lane)
            self.stirred |= bool(self._uploads) or self.crowded
