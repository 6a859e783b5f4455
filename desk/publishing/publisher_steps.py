"""Steps: what is done for claimed posts, each carried out by itself.

A step asks or writes the database, or makes one call of a platform. It decides nothing
about the road: what comes next says the publisher, which hears of the step's event.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import structlog

from desk import db
from desk.channels import circuit_breakers
from desk.channels.circuit_breakers import NotCalled
from desk.desk import Desk
from desk.failpoints import failpoint
from desk.lifecycle import State
from desk.publishing import (
    calling,
    claiming,
    failed_preparation,
    leases,
    outbox,
    preparing,
    recording,
)
from desk.publishing.claiming import Claim
from desk.publishing.outbox import Intent, Ready
from desk.publishing.preparing import Work
from desk.publishing.receipt_journal import Journal
from desk.publishing.recording import Answer, Answered
from desk.timekeeping import ClockReading, Pulse

Pair = tuple[int, int]  # a post, and the fence under which it is ours

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Process:
    """Whoever carries steps out: one process of the desk."""

    desk: Desk
    name: str  # as its heartbeats have it
    pulse: Pulse | None = None  # None: it is not known whether it froze
    journal: Journal | None = None  # None: what it heard is in memory alone


# Events: what came of a step


@dataclass(frozen=True)
class PickedUp:
    claims: Sequence[Claim]
    read: ClockReading
    circuits: Sequence[str]  # every server that a channel of ours is on


@dataclass(frozen=True)
class Loaded:
    claims: Sequence[Claim]
    works: Sequence[Work]


@dataclass(frozen=True)
class MadeReady:
    work: Work
    ready: Ready | None  # None: it was put back, and says why


@dataclass(frozen=True)
class GivenBack:
    pairs: Collection[Pair]


@dataclass(frozen=True)
class Renewed:
    pairs: Collection[Pair]
    still: Collection[Pair]


@dataclass(frozen=True)
class Committed:
    ready: Sequence[Ready]
    made: Sequence[Intent]  # the others may not go out


@dataclass(frozen=True)
class AskedAgain:
    ready: Sequence[Ready]
    still: Collection[Pair]  # are claimed by us, and were not sent


@dataclass(frozen=True)
class Called:
    intent: Intent
    outcome: Answer


@dataclass(frozen=True)
class Recorded:
    answered: Sequence[Answered]
    states: dict[int, State]  # by post; without those that could not be recorded


@dataclass(frozen=True)
class Noted:
    """The journal was written, or emptied."""


@dataclass(frozen=True)
class Failed:
    step: Step
    error: Exception


# Steps


@dataclass(frozen=True)
class PickUp:
    """Take claims that were handed over; stale fences are dropped."""

    pairs: Sequence[Pair]

    def carry_out(self, process: Process) -> PickedUp:
        failpoint("before_pick_up")
        with process.desk.db.writing() as session:
            read = ClockReading.of(db.now(session))
            claims = claiming.pick_up(session, self.pairs, process.name, read.at)
            circuits = circuit_breakers.circuits(session)
        failpoint("after_pick_up")
        log.info("picked up", posts=[claim.post_id for claim in claims])
        return PickedUp(claims, read, circuits)


@dataclass(frozen=True)
class Load:
    """Read each claimed post with its next part."""

    claims: Sequence[Claim]

    def carry_out(self, process: Process) -> Loaded:
        return Loaded(self.claims, preparing.load(process.desk, self.claims))


@dataclass(frozen=True)
class MakeReady:
    """Everything up to the exact bytes. What uploads has waited for a slot."""

    work: Work

    def carry_out(self, process: Process) -> MadeReady:
        desk, work = process.desk, self.work
        if work.uploads and not preparing.is_wanted(desk, work):
            return MadeReady(work, None)
        return MadeReady(work, preparing.make_ready(desk, work, process.pulse))


@dataclass(frozen=True)
class PutBack:
    """It can't go out as it is: it says why, and nobody holds it any more."""

    claim: Claim
    error: Exception

    def carry_out(self, process: Process) -> GivenBack:
        failed_preparation.settle_failure(process.desk, self.claim, self.error)
        return GivenBack([self.claim.pair])


@dataclass(frozen=True)
class GiveBack:
    """Claimed posts that this process will not send."""

    pairs: Collection[Pair]

    def carry_out(self, process: Process) -> GivenBack:
        with process.desk.db.writing() as session:
            leases.give_back(session, self.pairs)
        return GivenBack(self.pairs)


@dataclass(frozen=True)
class Renew:
    """Keep the leases of posts that wait here."""

    pairs: Collection[Pair]

    def carry_out(self, process: Process) -> Renewed:
        with process.desk.db.writing() as session:
            now = db.now(session)
            still = leases.renew_leases(session, self.pairs, process.name, now)
        return Renewed(self.pairs, still)


@dataclass(frozen=True)
class Commit:
    """Put the intents of these on record; who may not go out is given back."""

    ready: Sequence[Ready]

    def carry_out(self, process: Process) -> Committed:
        failpoint("before_intent")
        with process.desk.db.writing() as session:
            read = ClockReading.of(db.now(session))
            made = outbox.intend(session, self.ready, process.name, read)
            going = {intent.pair for intent in made}
            pairs = [one.claim.pair for one in self.ready]
            leases.give_back(session, [pair for pair in pairs if pair not in going])
        failpoint("after_intent")
        log.info("intent", attempts=[intent.named for intent in made])
        return Committed(self.ready, made)


@dataclass(frozen=True)
class AskAgain:
    """Was a commit made, or only its answer lost? Nothing was sent for it."""

    ready: Sequence[Ready]

    def carry_out(self, process: Process) -> AskedAgain:
        with process.desk.db.writing() as session:
            read = ClockReading.of(db.now(session))
            made = outbox.left_behind(session, self.ready, process.name, read)
            recording.record_outcomes(session, [(intent, NOT_SENT) for intent in made])
            pairs = [one.claim.pair for one in self.ready]
            still = leases.renew_leases(session, pairs, process.name, read.at)
        return AskedAgain(self.ready, still)


@dataclass(frozen=True)
class Call:
    """The one call of a committed intent."""

    intent: Intent

    def carry_out(self, process: Process) -> Called:
        return Called(self.intent, calling.call(self.intent, process.pulse))


@dataclass(frozen=True)
class Record:
    """Write down what came back from these calls."""

    answered: Sequence[Answered]

    def carry_out(self, process: Process) -> Recorded:
        failpoint("before_record")
        with process.desk.db.writing() as session:
            states = recording.record_outcomes(session, self.answered)
        failpoint("after_record")
        said = [
            (*intent.named, str(states[intent.post_id])) for intent, _ in self.answered
        ]
        log.info("outcome", attempts=said)
        return Recorded(self.answered, states)


@dataclass(frozen=True)
class Keep:
    """What the database could not take yet, into the journal."""

    answered: Sequence[Answered]

    def carry_out(self, process: Process) -> Noted:
        if process.journal is not None:
            process.journal.keep(self.answered)
        return Noted()


@dataclass(frozen=True)
class EmptyJournal:
    """All that stands in it is on record."""

    def carry_out(self, process: Process) -> Noted:
        if process.journal is not None:
            process.journal.clear()
        return Noted()


Step = (
    PickUp
    | Load
    | MakeReady
    | PutBack
    | GiveBack
    | Renew
    | Commit
    | AskAgain
    | Call
    | Record
    | Keep
    | EmptyJournal
)
Event = (
    PickedUp
    | Loaded
    | MadeReady
    | GivenBack
    | Renewed
    | Committed
    | AskedAgain
    | Called
    | Recorded
    | Noted
    | Failed
)


def carry_out(step: Step, process: Process) -> Event:
    """Do it, here and now. What went wrong is an event as well, and in the log."""
    try:
        return step.carry_out(process)
    except db.AWAY as error:
        log.warning(
            "the database is away", step=type(step).__name__, error=str(error.orig)
        )
        return Failed(step, error)
    except Exception as error:
        log.exception("a step failed", step=type(step).__name__)
        return Failed(step, error)


NOT_SENT = NotCalled(
    "The database went away just before sending: this try sent nothing."
)
