"""Slots of a worker: claimed posts, each published at its due time.

Not the weekly slots of a channel: here a slot is room for one call in flight.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import structlog
from sqlalchemy.exc import DBAPIError

from connectors.base import Receipt, Rejected, Unauthorized
from desk import db, heartbeats
from desk.desk import Desk
from desk.failpoints import failpoint
from desk.lifecycle import State
from desk.publishing import (
    breakers,
    claiming,
    intents,
    records,
    sending,
    unready,
)
from desk.publishing.breakers import NotCalled
from desk.publishing.claiming import Claim
from desk.publishing.intents import Intent, Ready
from desk.publishing.records import Answer, Answered
from desk.publishing.sending import Work
from desk.timekeeping import Pulse, Reading, boot_seconds
from workers.agenda import Agenda
from workers.hub import Hub
from workers.leases import Leases
from workers.recorder import Recorder
from workers.room import Place, Room

TURN_S = 0.1  # ours wait for the network all the time, and give way then
AHEAD = 2  # posts made ready for each slot
GATHER_S = 0.008  # slots that come free within it are filled together
GROUP = 100  # intents in one commit: the first of them waits for the last
FINISH_S = 25.0  # how long a shutdown waits for what is sending
AGAIN_S = 0.25  # between two tries at a database that is away
PAUSE_S = 0.1  # the longest until what is due is looked at again

log = structlog.get_logger(__name__)


class Slots:
    """Makes posts ready before they are due, and calls in a free slot when they are.

    Threads never touch the database: intents and outcomes are committed in groups.
    """

    def __init__(self, desk: Desk, size: int) -> None:
        # hundreds of threads that ask for their turn each 5 ms burn half the machine
        sys.setswitchinterval(TURN_S)
        self._desk, self._size = desk, size
        self._worker = heartbeats.name()
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="slot")
        self._changed = threading.Condition()
        self._room = Room(size)
        self._uploads: deque[tuple[Place, Work]] = deque()
        self._agenda = Agenda()
        self._leases = Leases(desk, self._worker, self._changed)
        self._unsettled = 0  # intents whose outcome is not on record
        self._closing = False
        self._recorder = Recorder(desk, self._recorded)
        self._hub, self._pulse = Hub(), Pulse()
        loops = self._hub.run, self._dispatch, self._recorder.run, self._leases.run
        for loop in (*loops, self._pulse.run):
            threading.Thread(target=self._live_by, args=(loop,), daemon=True).start()

    def take(self, claims: Sequence[tuple[int, int]]) -> int:
        """Pick claimed posts up; stale fences are dropped. Gives how many are ours."""
        if self._closing:
            return 0
        failpoint("before_pick_up")
        with self._desk.db.writing() as session:
            read = Reading.of(db.now(session))
            ours = claiming.pick_up(session, claims, self._worker, read.at)
            circuits = breakers.circuits(session)
        failpoint("after_pick_up")
        log.info("picked up", posts=[claim.post_id for claim in ours])
        self._agenda.clock(read)
        with self._changed:
            self._room.know(circuits)
        self._make_ready(ours)
        return len(ours)

    def figures(self) -> dict[str, int]:
        """How busy this worker is."""
        return {"busy": self._room.busy, "size": self._room.size}

    @property
    def full(self) -> bool:
        """It has enough in hand: the clock claims no more than is taken."""
        return len(self._leases) >= AHEAD * self._size

    def wait_for_room(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._closing or not self.full)

    def close(self) -> None:
        """Give back what has not been sent; wait for what is being sent."""
        with self._changed:
            if self._closing:
                return
            self._closing = True
            waiting = self._leases.end()
            self._changed.notify_all()
        try:
            with self._desk.db.writing() as session:
                claiming.give_back(session, waiting)
        except DBAPIError as error:  # their leases run out
            log.warning("nothing was given back", error=str(error.orig))
        with self._changed:
            self._changed.wait_for(lambda: not self._unsettled, timeout=FINISH_S)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _live_by(self, loop: Callable[[], None]) -> None:
        """A worker that can't dispatch or renew ends; a new one takes its place."""
        try:
            loop()
        except Exception:
            log.exception("a loop of this worker failed: it ends")
            os.kill(os.getpid(), signal.SIGTERM)

    # Before the due time: everything but the call

    def _make_ready(self, claims: Sequence[Claim]) -> None:
        """Words are made ready here; what uploads needs a slot of its server."""
        pairs = {claim.pair for claim in claims}
        for claim in claims:
            self._leases.hold(claim.pair, self._agenda.moment(claim))
        works: list[Work] = []
        try:
            works = sending.load(self._desk, claims)
        finally:  # where the database is away the leases run out
            self._leases.let_go(pairs - {work.claim.pair for work in works})
        for work in works:
            self._begin(work)

    def _begin(self, work: Work) -> None:
        try:
            upload = (_place(work), work) if work.uploads else None
        except Exception as error:
            self._put_back(work.claim, error)
            return
        if upload is None:
            self._make_one_ready(work)
            return
        with self._changed:
            self._uploads.append(upload)
            self._changed.notify_all()

    def _make_one_ready(self, work: Work) -> None:
        try:
            ready = sending.make_ready(self._desk, work, self._pulse)
            if ready is None:
                self._leases.let_go([work.claim.pair])
                return
            with self._changed:
                self._agenda.add(ready)
                self._changed.notify_all()
        except Exception as error:
            self._put_back(work.claim, error)

    def _put_back(self, claim: Claim, error: Exception) -> None:
        """It can't go out as it is: it says why, and nobody holds it any more."""
        try:
            unready.settle(self._desk, claim, error)
        except Exception:  # its lease runs out, and the clock sees to it
            log.exception("a post was not put back", post=claim.post_id)
        self._leases.let_go([claim.pair])

    def _upload(self, work: Work) -> None:
        """Not where its channel was stopped, while the post waited for its turn."""
        try:
            if sending.wanted(self._desk, work):
                self._make_one_ready(work)
            else:
                self._leases.let_go([work.claim.pair])
        finally:
            self._leave([work])

    def _aside(self, do: Callable[..., None], *args: object) -> None:
        """In a thread of the pool, where nobody waits for its errors."""
        self._pool.submit(do, *args).add_done_callback(_log_error)

    # At the due time

    def _dispatch(self) -> None:
        """Start uploads at once and calls at their time, in the slots that are free."""
        try:
            self._dispatch_all()
        finally:
            self._hub.hurry(False)  # what is sending is to end well

    def _dispatch_all(self) -> None:
        while not self._closing:
            with self._changed:
                uploads = self._startable()
                due = self._agenda.due(self._room.enter, GROUP)
                crowded = self._agenda.crowded
                self._hub.hurry(len(due) > (GROUP - 1 if crowded else 0))
                if not uploads and not due:
                    self._changed.wait(self._wait_s(crowded))
            if not uploads and not due and crowded:
                time.sleep(GATHER_S)  # slots come free one by one
            for work in uploads:
                self._aside(self._upload, work)
            if due:
                self._send(due)

    def _wait_s(self, crowded: bool) -> float | None:
        """Until the next post is due; who waits for others' answers waits no longer."""
        wait = self._agenda.wait_s()
        return min(PAUSE_S, wait or PAUSE_S) if crowded else wait

    def _startable(self) -> list[Work]:
        found, blocked = list[Work](), list[tuple[Place, Work]]()
        while self._uploads:
            place, work = self._uploads.popleft()
            if self._room.enter(place):
                found.append(work)
            else:
                blocked.append((place, work))
        self._uploads.extend(blocked)
        return found

    def _send(self, ready: Sequence[Ready]) -> None:
        """Commit the intents of these, then make their calls."""
        self._settling(len(ready))
        failpoint("before_intent")
        try:
            made = self._intend(ready)
        except Exception as error:
            self._not_sent(ready, error)
            self._settling(-len(ready))
            return
        failpoint("after_intent")
        log.info("intent", attempts=[intent.named for intent in made])
        going = {intent.post_id for intent in made}
        self._settling(len(made) - len(ready))
        self._leases.let_go(one.claim.pair for one in ready)
        for intent in made:
            call = partial(self._call, intent)
            way = self._hub.spawn if intent.connector.gives_way else self._aside
            way(call)
        stayed = [one for one in ready if one.claim.post_id not in going]
        self._leave(stayed)

    def _intend(self, ready: Sequence[Ready]) -> list[Intent]:
        with self._desk.db.writing() as session:
            read = Reading.of(db.now(session))
            made = intents.intend(session, ready, self._worker, read)
            going = {intent.post_id for intent in made}
            rest = [o.claim.pair for o in ready if o.claim.post_id not in going]
            claiming.give_back(session, rest)
        return made

    def _call(self, intent: Intent) -> None:
        began = boot_seconds()
        outcome = sending.call(intent)
        if not self._pulse.awake_since(began):
            outcome = breakers.overslept(outcome)
        place = _place(intent)
        with self._changed:
            self._learn(place, outcome)
            self._free(place)
        self._recorder.put((intent, outcome))

    def _learn(self, place: Place, outcome: Answer) -> None:
        """Whether this account is let in: the rest of its burst waits for that."""
        if isinstance(outcome, Unauthorized):
            self._room.refused(place)
        elif isinstance(outcome, Receipt | Rejected):
            self._room.let_in(place)

    def _recorded(self, answered: Answered, state: State | None) -> None:
        """An outcome is on record; a thread goes on with its next part."""
        intent, outcome = answered
        if isinstance(outcome, Unauthorized):
            with self._changed:
                self._room.noted(_place(intent))
                self._changed.notify_all()
        if state is State.CLAIMED and not self._closing:
            self._aside(self._make_ready, [Claim(intent.post_id, intent.fence)])
        self._settling(-1)

    def _not_sent(self, ready: Sequence[Ready], error: Exception) -> None:
        """No intent: the database is away, or one of these breaks a rule of its own."""
        self._hub.hurry(False)
        if isinstance(error, db.AWAY):
            log.warning("the database is away; nothing is sent", error=str(error.orig))
            self._take_back(ready)
        elif len(ready) > 1:
            for one in ready:
                self._send([one])
        else:
            self._put_back(ready[0].claim, error)
            self._leave(ready)

    def _take_back(self, ready: Sequence[Ready]) -> None:
        """Was the commit made, or only its answer lost? Nothing was sent for it."""
        stopped = threading.Event()
        still: set[tuple[int, int]] = set()
        while not self._closing:
            stopped.wait(AGAIN_S)
            try:
                still = self._asked_again(ready)
                break
            except DBAPIError as error:
                log.warning("the database is still away", error=str(error.orig))
        self._leases.let_go({one.claim.pair for one in ready} - still)
        with self._changed:
            for one in ready:
                if one.claim.pair in still:
                    self._agenda.add(one)
        self._leave(ready)

    def _asked_again(self, ready: Sequence[Ready]) -> set[tuple[int, int]]:
        with self._desk.db.writing() as session:
            read = Reading.of(db.now(session))
            made = intents.left_behind(session, ready, self._worker, read)
            records.record(session, [(intent, NOT_SENT) for intent in made])
            pairs = [one.claim.pair for one in ready]
            return claiming.renew(session, pairs, self._worker, read.at)

    def _settling(self, more: int) -> None:
        with self._changed:
            self._unsettled += more
            if self._closing:  # nobody else waits for that
                self._changed.notify_all()

    def _leave(self, left: Sequence[Work | Ready | Intent]) -> None:
        """These slots are free again."""
        with self._changed:
            for one in left:
                self._free(_place(one))

    def _free(self, place: Place) -> None:
        """Its slot is free; who waits for one looks again."""
        self._room.leave(place)
        if self._uploads or self._agenda.crowded:
            self._changed.notify_all()


def _place(one: Work | Ready | Intent) -> Place:
    return Place.of(one.connector, one.channel_id)


def _log_error(done: Future[None]) -> None:
    if not done.cancelled() and (error := done.exception()) is not None:
        log.error("a thread of this worker failed", exc_info=error)


NOT_SENT = NotCalled(
    "The database went away just before sending: this try sent nothing."
)
