"""The engine's settings: every number that shapes the road of a post, in one place.

They belong together: a lease that runs out before it is renewed, or before the call
that it covers has ended, sends a post twice. What must hold between them is checked
when the engine is made, and said in a sentence where it does not (`broken_relations`).
A number that shapes nothing but its own file stands there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from connectors.base import Connector

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Claims:
    """What the clock leases, how far ahead, and how long it is kept."""

    lead: timedelta = (
        2 * SECOND
    )  # claimed ahead, so that only the call is left at due_at
    lease: timedelta = 5 * SECOND  # past due; whoever holds the post renews it
    renewed_after_s: float = 2.5  # half of it: one renewal may fail
    hint_lost_after: timedelta = (
        SECOND  # not picked up by then: it is handed over again
    )
    batch: int = 500  # in one transaction: SQLite lets nobody else write meanwhile
    backlog: int = 1500  # on their way to workers: more would outlive their leases


@dataclass(frozen=True)
class Intents:
    """From the commit of an intent to the end of its call."""

    deadline: timedelta = Connector.deadline  # of the call, its answer included
    acted_on_within: timedelta = 2 * SECOND  # whoever was frozen longer sends nothing
    margin: timedelta = 10 * SECOND  # of a sending lease, past the call's deadline
    late: timedelta = (
        2 * SECOND
    )  # past due, from which a post says the time it goes out


@dataclass(frozen=True)
class Batches:
    """How a process bundles its work, and how long it waits for more of it."""

    in_hand_per_slot: int = 2  # posts: more are left to other workers
    committed: int = 100  # intents or outcomes: the first of them waits for the last
    renewed: int = 500  # leases in one statement
    gathered_s: float = 0.008  # what comes within it shares a commit
    slot_awaited_s: float = 0.1  # then what is due, and found none, is looked at again
    database_tried_after_s: float = 0.25  # once it was away
    finished_within_s: float = 25.0  # a shutdown waits so long for what is sending


@dataclass(frozen=True)
class Slots:
    """Who gets the slots of a process, and the places that an account has."""

    reserved: int = 4  # one in so many is kept for servers that are not using theirs
    first: int = 5  # calls of an account ahead of its others, to see whether it may
    first_alone_s: float = 4.0  # at most, where their answers take longer
    trusted_s: float = 5.0  # an account that was just let in needs no such care
    place_awaited_s: float = 10.0  # then its thread is for others; the hint comes again


@dataclass(frozen=True)
class Staging:
    """What is done minutes before a post is due."""

    ahead: timedelta = 5 * MINUTE  # a person who is told then can still mend it
    margin: timedelta = (
        2 * MINUTE
    )  # staged things this close to their end are made anew


@dataclass(frozen=True)
class Rounds:
    """How often the clock looks, and for what."""

    longest_sleep_s: float = 1.0  # a lease that ran out is freed within it
    full_sleep_s: float = 0.25  # while the workers have enough
    whole_after_claim_s: float = 4.0  # each look is a whole one: was it picked up?
    whole_every_s: float = 10.0  # where a glance finds nothing to do
    marked_every_s: float = 60.0  # that a clock is at work: after a restore it is asked
    outage: timedelta = MINUTE  # since the last round: what is due goes out spaced


@dataclass(frozen=True)
class CatchUp:
    """Posts that are due all at once after an outage or a long wait."""

    gap: timedelta = 30 * SECOND  # between two of a channel: readers bear that
    overdue: timedelta = MINUTE  # later than this was an outage, not a busy second


@dataclass(frozen=True)
class Looks:
    """Reconciling: when an account is asked what became of an attempt."""

    grid: timedelta = 5 * SECOND  # looks at an account fall on the same moments
    grids: tuple[tuple[timedelta, timedelta], ...] = (  # coarser, up to which age
        (2 * MINUTE, 10 * SECOND),
        (4 * MINUTE, 30 * SECOND),
    )
    widest: timedelta = MINUTE
    pause: timedelta = 7 * SECOND  # between two clean looks: not the same moment
    clean: int = 2  # looks that saw nothing, before it is sent again
    blind_wait: timedelta = (
        30 * SECOND
    )  # after one that could not tell; then it doubles
    blind: int = 5  # such looks, then a person decides
    seen: int = 3  # the same, where a post was seen that may be it: it stays as it is
    lease: timedelta = MINUTE  # of a look: it waits for a place, then for a listing
    unanswered: int = 3  # tries; sending again may be what kills us, or keeps it busy
    window_margin: timedelta = (
        5 * MINUTE
    )  # of a window of keys: no clock is that far off
    rechecks: tuple[timedelta, ...] = (3 * MINUTE, 60 * MINUTE)  # after a send-again
    before_third_try: int = 3  # looks in vain before it goes out once more
    age_slack: timedelta = (
        5 * MINUTE
    )  # its posts may be told by another machine's clock than its answers


@dataclass(frozen=True)
class CircuitBreakers:
    """When a server that does not answer is left alone, and for how long."""

    failures: int = 5  # at least, of different posts
    share: float = 0.5  # of the calls that began since the first of them
    within: timedelta = MINUTE
    first_wait: timedelta = 30 * SECOND  # then it doubles
    longest_wait: timedelta = 5 * MINUTE  # breaking news is late after ten
    probe_lease: timedelta = 30 * SECOND  # until its intent


@dataclass(frozen=True)
class Backoff:
    """How long a channel waits at a limit, and how it finds out that it is over."""

    shortest: timedelta = 5 * SECOND  # whatever was said: nobody asks in circles
    longest: timedelta = timedelta(days=31)  # a longer one is a platform's mistake
    probed_every: timedelta = 15 * MINUTE  # a shorter wait passes by itself
    probe_lease: timedelta = 30 * SECOND  # until its intent


@dataclass(frozen=True)
class Retries:
    """A post whose call surely published nothing."""

    tries: int = 6  # counted ones, before an unavailable platform makes a post fail
    first_wait: timedelta = 5 * SECOND  # then it doubles
    longest_wait: timedelta = 10 * MINUTE
    keys_elsewhere: timedelta = 10 * SECOND  # where only another process has its key


@dataclass(frozen=True)
class Crashes:
    """Posts with which workers die."""

    enough: int = 3  # without an intent: the post itself must be what kills them
    first_wait: timedelta = 5 * SECOND  # of who was in hand at a death; then it trebles
    longest_wait: timedelta = MINUTE


@dataclass(frozen=True)
class Sessions:
    """Renewing a channel's session, one worker at a time."""

    lease: timedelta = 30 * SECOND  # whoever dies in it blocks no one longer
    awaited_s: float = 20.0  # how long the others wait for the one that renews
    fresh: timedelta = 5 * MINUTE  # one this young that is refused is refused for good


@dataclass(frozen=True)
class Rush:
    """What pages do while many posts go out on their machine."""

    posts: int = 20  # due together: fewer leave beside any page
    ahead_s: float = 0.08  # in which pages that have begun can end
    lasts_s: float = 0.1  # since the last of them was committed
    awaited_s: float = 0.5  # at most, of each rush: a long one keeps nobody from a page
    looked_every_s: float = 0.01
    apart_s: float = 2.0  # without one, and the next is another


@dataclass(frozen=True)
class Heartbeats:
    """Which processes live."""

    every: timedelta = 5 * SECOND
    alive: timedelta = 15 * SECOND  # since the last one: two may be late
    silent: timedelta = 10 * SECOND  # two beats missed
    lately: timedelta = 10 * MINUTE  # deaths within it are seen together
    forgotten: timedelta = timedelta(hours=1)
    before_death: timedelta = SECOND  # a beat may come while it dies


@dataclass(frozen=True)
class Awake:
    """Clocks that jump, and processes that were frozen."""

    jump: timedelta = (
        2 * SECOND
    )  # of the wall clock, that the boot clock does not confirm
    frozen_s: float = 2.0  # without a beat: stopped, or a machine that slept
    beat_s: float = 0.25


class BrokenEngine(Exception):
    """Its settings contradict one another; the sentences say where."""


@dataclass(frozen=True)
class Engine:
    """All of them; making one checks what must hold between them."""

    claims: Claims = field(default_factory=Claims)
    intents: Intents = field(default_factory=Intents)
    batches: Batches = field(default_factory=Batches)
    slots: Slots = field(default_factory=Slots)
    staging: Staging = field(default_factory=Staging)
    rounds: Rounds = field(default_factory=Rounds)
    catch_up: CatchUp = field(default_factory=CatchUp)
    looks: Looks = field(default_factory=Looks)
    circuit_breakers: CircuitBreakers = field(default_factory=CircuitBreakers)
    backoff: Backoff = field(default_factory=Backoff)
    retries: Retries = field(default_factory=Retries)
    crashes: Crashes = field(default_factory=Crashes)
    sessions: Sessions = field(default_factory=Sessions)
    rush: Rush = field(default_factory=Rush)
    heartbeats: Heartbeats = field(default_factory=Heartbeats)
    awake: Awake = field(default_factory=Awake)

    def __post_init__(self) -> None:
        if broken := list(broken_relations(self)):
            raise BrokenEngine(" ".join(broken))


def broken_relations(engine: Engine) -> Iterator[str]:
    """A sentence for each thing that must hold and does not."""
    for holds, sentence in (
        *_leases(engine),
        *_batches(engine),
        *_looks(engine),
        *_waits(engine),
        *_processes(engine),
    ):
        if not holds:
            yield sentence


Relations = Iterator[tuple[bool, str]]


def _leases(engine: Engine) -> Relations:
    claims, intents, breakers = engine.claims, engine.intents, engine.circuit_breakers
    probes = min(breakers.probe_lease, engine.backoff.probe_lease)
    yield (
        2 * claims.renewed_after_s * SECOND <= claims.lease,
        "A lease must last two renewals, as one may fail.",
    )
    yield (
        claims.hint_lost_after < claims.lease,
        "A lost hint must be seen before the lease of its claim runs out.",
    )
    yield (
        intents.acted_on_within < intents.margin,
        "A call that began late must end before its lease: the margin must be longer "
        "than the age at which an intent is acted on.",
    )
    yield (
        claims.lead + claims.lease < probes,
        "A probe's lease must outlast the claim that it begins with.",
    )


def _batches(engine: Engine) -> Relations:
    claims, batches = engine.claims, engine.batches
    yield (
        0 < claims.batch <= claims.backlog,
        "What is claimed at once must fit into the backlog.",
    )
    yield (
        0 < batches.gathered_s < batches.slot_awaited_s,
        "A group must be gathered before its first one is looked at again.",
    )
    yield (
        batches.database_tried_after_s < claims.renewed_after_s,
        "A database that was away must be tried before a lease is renewed.",
    )
    yield (
        batches.finished_within_s > engine.intents.deadline.total_seconds(),
        "A shutdown must wait longer than a call may take.",
    )


def _looks(engine: Engine) -> Relations:
    looks, slots = engine.looks, engine.slots
    apart = [looks.grid, *(grid for _, grid in looks.grids), looks.widest]
    yield apart == sorted(apart), "Looks must get rarer with time."
    yield (
        looks.pause > looks.grid,
        "Two clean looks must not fall on one moment: the pause must be longer than "
        "the grid.",
    )
    yield looks.clean >= 2, "One look that saw nothing proves nothing."
    yield looks.seen <= looks.blind, "What was seen must not be looked for longer."
    yield (
        looks.lease > slots.place_awaited_s * SECOND + engine.intents.deadline,
        "A look's lease must outlast the wait for a place, and its call.",
    )
    yield (
        list(looks.rechecks) == sorted(looks.rechecks),
        "Rechecks must come one after the other.",
    )


def _waits(engine: Engine) -> Relations:
    breakers, backoff = engine.circuit_breakers, engine.backoff
    for first, longest, what in (
        (breakers.first_wait, breakers.longest_wait, "a breaker"),
        (engine.retries.first_wait, engine.retries.longest_wait, "a retry"),
        (engine.crashes.first_wait, engine.crashes.longest_wait, "a crash"),
    ):
        yield first < longest, f"The first wait after {what} must not be the longest."
    yield 0 < breakers.share <= 1, "A breaker's share is one of all calls."
    yield (
        backoff.shortest < backoff.probed_every < backoff.longest,
        "Probes must come later than the shortest wait, and within the longest.",
    )
    yield (
        engine.staging.margin < engine.staging.ahead,
        "What is staged ahead must not be made anew when it is due.",
    )


def _processes(engine: Engine) -> Relations:
    hearts, awake = engine.heartbeats, engine.awake
    yield (
        2 * hearts.every <= hearts.silent < hearts.alive,
        "A process must miss two beats before it is silent, and be that before it "
        "counts as dead.",
    )
    yield (
        hearts.alive < hearts.lately < hearts.forgotten,
        "Deaths must be remembered for longer than it takes to see them.",
    )
    yield (
        4 * awake.beat_s <= awake.frozen_s,
        "A late beat on a busy machine must be no freeze.",
    )
    yield (
        engine.sessions.awaited_s < engine.sessions.lease.total_seconds(),
        "Who waits for a session must give up before its renewal may begin again.",
    )
    rush = engine.rush
    yield (
        rush.looked_every_s
        < rush.ahead_s
        < rush.lasts_s
        < rush.awaited_s
        < rush.apart_s,
        "A rush must be seen to end before a page is tired of it, and before the next.",
    )


engine = Engine()
