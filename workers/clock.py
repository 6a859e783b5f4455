"""The clock: claims what is due and hands it over. Several may run at once."""

from __future__ import annotations

import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import connectors
from desk import (
    catch_up,
    clock_jumps,
    db,
    garbage,
    heartbeats,
    installation,
    logs,
    preferences,
    wakeup,
)
from desk.articles import arrivals
from desk.config import Settings
from desk.desk import Desk
from desk.engine_settings import engine
from desk.failpoints import failpoint
from desk.publishing import (
    claiming,
    early_uploads,
    lateness,
    leases,
    link_checks,
    receipt_journal,
    reconciliation,
    staging,
)
from desk.publishing.claiming import Claim
from desk.timekeeping import ClockReading, boot_seconds
from desk.vault import Locked
from workers import process
from workers.app import QUEUES
from workers.handover import Handover
from workers.heartbeat import Heart
from workers.notifier import Notifier
from workers.runner import Runner

COMPANY_S = 2 * engine.heartbeats.every.total_seconds() + 2.0  # for a heartbeat to move
LOOKS_KNOWN = 10 * reconciliation.LOOKED_FOR  # handed over last, over all accounts

log = structlog.get_logger(__name__)


@dataclass
class Round:
    """What one look at the database found to do, and when to look again."""

    claims: list[Claim] = field(default_factory=list)
    stranded: list[Claim] = field(default_factory=list)
    looks: list[list[Claim]] = field(default_factory=list)  # by account
    uploads: list[int] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    arrivals: list[int] = field(default_factory=list)  # pasted links to be read
    full: bool = False  # the workers have enough for now
    sleep_s: float = engine.rounds.longest_sleep_s


class Clock:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._name = heartbeats.name()
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._handover = Handover(desk.settings)
        self._own: Runner | None = None  # while there is no worker to hand to
        self._last: ClockReading | None = None
        self._busy_at = self._marked_at = boot_seconds()
        self._idle_since: float | None = None  # the last whole look found nothing
        self._seen: dict[tuple[str, int], ClockReading] = {}
        self._looks_sent: dict[int, int] = {}  # by post: the fence it went out with
        self._counted = Counter[str]()  # since this clock started

    def run(self) -> None:
        """Look, hand over, sleep until the next moment; until told to stop."""
        self._recognise()
        heart = Heart(self._desk, kind="clock", figures=self._figures)
        heart.start()
        listening = (self._desk.settings, self._wake.set, self._stopping)
        threading.Thread(target=wakeup.listen, args=listening, daemon=True).start()
        notifier = Notifier(self._desk)
        while not self._stopping.is_set():
            notifier.look()
            self._wake.clear()
            if self._wake.wait(self._once()):
                self._idle_since = None
        self._end(heart)

    def _recognise(self) -> None:
        """A copy must send nothing; a further clock of this desk is none."""
        home = self._desk.settings.home
        with self._desk.db.reading() as session:
            known = installation.recognised(session, home, db.now(session))
        in_company = not known and self._in_company()
        with self._desk.db.writing() as session:
            now = db.now(session)
            installation.recognise(session, home, now, in_company=in_company)
            installation.at_work(session, now)
        self._marked_at = boot_seconds()

    def _in_company(self) -> bool:
        """Whether another clock's heartbeat moves here; in a copy none does.

        Our own has not begun, so that nobody takes us for another.
        """
        before, give_up = self._beats(), boot_seconds() + COMPANY_S
        while before and boot_seconds() < give_up and not self._stopping.wait(0.5):
            after = self._beats()
            if any(at > before.get(name, at) for name, at in after.items()):
                return True
        return False

    def _beats(self) -> dict[str, datetime]:
        with self._desk.db.reading() as session:
            return heartbeats.beats(session, "clock", db.now(session))

    def stop(self, *_: object) -> None:
        self._stopping.set()
        self._wake.set()

    def _end(self, heart: Heart) -> None:
        heart.stop()
        with self._desk.db.writing() as session:
            installation.at_work(session, db.now(session))
        if self._own is not None:
            self._own.close()

    def _once(self) -> float:
        """One round; gives how long to sleep. A database that is away only delays."""
        try:
            if self._idle_since is not None and (glance := self._glance()):
                return glance
            found = self._look()
            failpoint("clock_after_claim")
            self._hand_over(found)
            failpoint("clock_after_handover")
        except DBAPIError as error:
            log.warning("the database is away; trying again", error=str(error.orig))
            return engine.rounds.longest_sleep_s
        return found.sleep_s

    def _glance(self) -> float | None:
        """How long to sleep on; None: there may be something to do."""
        if (
            self._idle_since is None
            or boot_seconds() - self._idle_since > engine.rounds.whole_every_s
        ):
            return None
        with self._desk.db.reading() as session:
            moment, now = claiming.next_moment(session), db.now(session)
        wait = (
            (moment - now).total_seconds() if moment else engine.rounds.longest_sleep_s
        )
        return min(engine.rounds.longest_sleep_s, wait) if wait > 0 else None

    def _look(self) -> Round:
        with self._desk.db.writing() as session:
            read = ClockReading.of(db.now(session))
            self._mind_time(session, read)
            freed = leases.rescue(self._desk, session, read.at)
            zone = preferences.zone(session, self._desk.settings)
            self._mark(session, read)
            room = claiming.room_for_claims(session)
            found = Round(
                claims=claiming.claim_due(
                    session, read.at, min(room, engine.claims.batch)
                ),
                full=room < engine.claims.batch,
                stranded=claiming.stranded(session, read.at),
                looks=reconciliation.due_looks(session, read.at),
            )
            # after the claims, which end a wait by our own count where there is room
            lateness.expire(session, read.at, zone)
        self._count(found, freed)
        self._last = read  # only now: a round that was rolled back minded nothing
        with self._desk.db.reading() as session:
            found.uploads = self._new(
                "stage", staging.due_for_staging(session, read.at)
            )
            found.links = self._new(
                "link", link_checks.links_to_check(session, read.at)
            )
            found.arrivals = self._new(
                "arrival", arrivals.links_waiting(session, read.at)
            )
            found.sleep_s = self._sleep_s(session, found)
            installation.remember(session, self._desk.settings.home)
        self._busy(found)
        if receipt_journal.journals_left(self._desk.settings.home):
            self._aside(receipt_journal.replay_journals)
        return found

    def _mark(self, session: Session, read: ClockReading) -> None:
        if read.boot - self._marked_at > engine.rounds.marked_every_s:
            installation.at_work(session, read.at)
            self._marked_at = read.boot

    def _count(self, found: Round, freed: tuple[int, int]) -> None:
        if found.claims:
            log.info("claimed", posts=[claim.post_id for claim in found.claims])
        rescued, doubted = freed
        self._counted.update(claims=len(found.claims), rescued=rescued, doubted=doubted)

    def _figures(self) -> dict[str, int]:
        """What monitors are told with each heartbeat."""
        own = self._own
        return {**self._counted, **(own.figures() if own else {})}

    def _busy(self, found: Round) -> None:
        """While hints are on their way, each look is a whole one."""
        if found.claims or found.stranded or found.looks:
            self._busy_at, self._idle_since = boot_seconds(), None
        elif boot_seconds() - self._busy_at > engine.rounds.whole_after_claim_s:
            self._idle_since = boot_seconds()

    def _mind_time(self, session: Session, read: ClockReading) -> None:
        """After an outage posts go out spaced; a jump of the clock fools no one."""
        last = self._last
        if last is None or read.boot - last.boot > engine.rounds.outage.total_seconds():
            catch_up.space_out(session, read.at)
        if last is not None and (moved := last.jumped(read)):
            log.warning("the wall clock jumped", seconds=moved.total_seconds())
            clock_jumps.set_aside(session, last.now(), read.at)

    def _sleep_s(self, session: Session, found: Round) -> float:
        if found.full:
            return engine.rounds.full_sleep_s
        if len(found.claims) == engine.claims.batch:
            return 0.0  # there may be more
        moment: datetime | None = claiming.next_moment(session)
        if moment is None:
            return engine.rounds.longest_sleep_s
        wait = (moment - db.now(session)).total_seconds()
        # what is due and can't go out (held, waiting) must not keep us awake
        return (
            min(engine.rounds.longest_sleep_s, wait)
            if wait > 0
            else engine.rounds.longest_sleep_s
        )

    def _new(self, kind: str, post_ids: Sequence[int]) -> list[int]:
        """Those not handed over lately: a hint a minute is enough."""
        old = [
            key for key, read in self._seen.items() if read.age() > engine.rounds.outage
        ]
        for key in old:
            del self._seen[key]
        fresh = [i for i in post_ids if (kind, i) not in self._seen]
        if self._last is not None:
            self._seen |= {(kind, post_id): self._last for post_id in fresh}
        return fresh

    def _hand_over(self, found: Round) -> None:
        """To the workers; what no worker takes, this process does by itself."""
        claims = [claim.pair for claim in found.claims]
        if not self._sent("publish", claims):
            self._take(claims)
        if found.stranded:
            self._hand_over_again([claim.pair for claim in found.stranded])
        for looks in found.looks:  # one account's together
            if self._never_made(looks) or not self._sent(
                "reconcile", [claim.pair for claim in looks]
            ):
                self._aside(reconciliation.reconcile, looks, self._name)
        if not self._sent("stage", found.uploads):
            for post_id in found.uploads:
                self._aside(early_uploads.upload_early, post_id)
        if not self._sent("look_at_links", found.links):
            for post_id in found.links:
                self._aside(link_checks.check_link, post_id)
        if not self._sent("read_links", found.arrivals):
            for _ in found.arrivals:
                self._aside(arrivals.read_waiting)

    def _never_made(self, looks: Sequence[Claim]) -> bool:
        """Whether one of them was handed over before, and its lease ran out untouched.

        A worker whose heart beats may have stopped hearing: nobody else would look.
        """
        sent = self._looks_sent
        never = any(sent.get(one.post_id) == one.fence - 1 for one in looks)
        sent |= {one.post_id: one.fence for one in looks}
        for post_id in list(sent)[:-LOOKS_KNOWN]:
            del sent[post_id]
        return never

    def _hand_over_again(self, claims: list[tuple[int, int]]) -> None:
        """Lost hints are sent once more; workers that are only behind are let be."""
        lost = self._handover.waiting("publish") == 0
        if lost and self._sent("publish", claims):
            return
        with self._desk.db.reading() as session:
            behind = claiming.picking_up(session, db.now(session))
        if not behind:
            self._take(claims)

    def _sent(self, task: str, ids: Sequence[object]) -> bool:
        """Whether there was a worker to hand these to, and a broker that took them."""
        if not ids:
            return True
        with self._desk.db.reading() as session:
            served = heartbeats.alive(session, QUEUES[task], db.now(session))
        return bool(served) and self._handover.send(task, ids)

    def _take(self, claims: list[tuple[int, int]]) -> None:
        """As long as there is room: what is left over is stranded, and comes again."""
        if not self._runner().full:
            self._runner().take(claims)

    def _runner(self) -> Runner:
        if self._own is None:
            log.warning("no worker picks up: the clock publishes by itself")
            size = process.allowed(self._desk.settings.slots)
            self._own = Runner(self._desk, size)
        return self._own

    def _aside(self, work: Callable[..., object], *args: object) -> None:
        threading.Thread(target=work, args=(self._desk, *args), daemon=True).start()


def main() -> None:
    settings = Settings()
    logs.of_settings(settings)
    try:
        desk = Desk.open(settings, connectors.installed())
    except Locked as error:
        sys.exit(str(error))
    clock = Clock(desk)
    garbage.collect_less()
    signal.signal(signal.SIGTERM, clock.stop)
    signal.signal(signal.SIGINT, clock.stop)
    clock.run()


if __name__ == "__main__":
    main()
