"""The states of a post, the moves between them, and where a failure leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Flag, StrEnum, auto

from connectors.base import (
    ConnectorError,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
)
from desk.engine_settings import engine
from desk.refusal import Refusal, RefusalKind


class State(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in review"
    SCHEDULED = "scheduled"
    CLAIMED = "claimed"  # leased by the clock; nothing has left the house
    SENDING = "sending"  # the intent is committed; the platform may have it
    PUBLISHED = "published"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"  # we may have published it and can't tell yet
    MISSED = "missed"  # too late for its class, so it was not sent
    CANCELLED = "cancelled"


S = State

GONE = frozenset({S.FAILED, S.MISSED, S.CANCELLED})  # its slot may be another's by now


class Does(Flag):
    """What a move does, beside changing the state."""

    FENCE = auto()  # whoever was handed the post before may not act on it any more
    RELEASE = auto()  # its lease ends, its turn, and what it took of a quota
    LEASE = auto()  # someone holds it from then on, until a time
    SETTLE = auto()  # nobody looks for it, and nobody is asked about it
    FREE_SLOT = auto()  # it was free meanwhile


GO_ON = Does.LEASE  # whoever holds it goes on, under the same fence
CLAIM = Does.FENCE | Does.RELEASE | Does.LEASE
DOUBT = Does.FENCE | Does.RELEASE
REST = Does.FENCE | Does.RELEASE | Does.SETTLE
BACK = REST | Does.FREE_SLOT
LATE = {S.PUBLISHED: REST, S.UNCONFIRMED: DOUBT}  # late evidence wins in every state
LATE_BACK = {S.PUBLISHED: BACK, S.UNCONFIRMED: DOUBT | Does.FREE_SLOT}

# Every move that there is: from, to, and what it does. `desk/transition.py` makes them.
MOVES: dict[State, dict[State, Does]] = {
    S.DRAFT: {
        **dict.fromkeys((S.IN_REVIEW, S.SCHEDULED, *sorted(GONE)), REST),
        **LATE,
    },
    S.IN_REVIEW: {
        **dict.fromkeys((S.DRAFT, S.SCHEDULED, *sorted(GONE)), REST),
        **LATE,
    },
    S.SCHEDULED: {
        **dict.fromkeys((S.DRAFT, S.SCHEDULED, *sorted(GONE)), REST),
        S.CLAIMED: CLAIM,
        **LATE,
    },
    S.CLAIMED: {
        **dict.fromkeys((S.DRAFT, S.SCHEDULED, *sorted(GONE)), REST),
        S.SENDING: GO_ON,
        **LATE,
    },
    S.SENDING: {
        **dict.fromkeys((S.SCHEDULED, S.FAILED, S.MISSED), REST),
        S.CLAIMED: GO_ON,  # a thread, or one that may not go out after all
        **LATE,
    },
    S.UNCONFIRMED: {
        **dict.fromkeys((S.SCHEDULED, S.FAILED), REST),
        S.SENDING: GO_ON,  # the same bytes again
        **LATE,
    },
    S.FAILED: {
        **dict.fromkeys((S.DRAFT, S.SCHEDULED), BACK),
        S.CANCELLED: REST,
        **LATE_BACK,
    },
    S.MISSED: {
        **dict.fromkeys((S.DRAFT, S.SCHEDULED), BACK),
        **dict.fromkeys((S.CANCELLED, S.FAILED), REST),
        **LATE_BACK,
    },
    S.CANCELLED: {
        **dict.fromkeys((S.DRAFT, S.SCHEDULED), BACK),
        **dict.fromkeys((S.FAILED, S.MISSED), REST),
        **LATE_BACK,
    },
    S.PUBLISHED: {S.PUBLISHED: REST},
}

EDITABLE = frozenset(
    {S.DRAFT, S.IN_REVIEW, S.SCHEDULED, S.CLAIMED, S.FAILED, S.MISSED, S.CANCELLED}
)
UNDECIDED = frozenset({S.DRAFT, S.IN_REVIEW})  # what is typed counts at once
OFF_THE_QUEUE = UNDECIDED | {S.MISSED, S.CANCELLED}  # it is not to go out as it is
GOING_OUT = frozenset({S.CLAIMED, S.SENDING})  # screens say "publishing"


class Outcome(StrEnum):
    """How an attempt ended. While it has none, no answer came so far."""

    PUBLISHED = "published"
    REJECTED = "rejected"
    UNAUTHORIZED = "unauthorized"
    RATE_LIMITED = "rate limited"
    UNAVAILABLE = "unavailable"  # it never reached the platform
    UNKNOWN = "unknown"  # no answer came: it may be live
    NOT_THERE = "not there"  # nobody found it afterwards: a claim, which may be wrong
    DELETED = "deleted"  # it was live, and a person took it down


# The platform refused, and its reason is in its own words.
REFUSED = (Outcome.REJECTED, Outcome.UNAUTHORIZED, Outcome.RATE_LIMITED)


class Priority(StrEnum):
    """The class of a post: who goes first, and how late is too late."""

    BREAKING = "breaking"
    NORMAL = "normal"
    EVERGREEN = "evergreen"


DEADLINES = {
    Priority.BREAKING: timedelta(minutes=10),
    Priority.NORMAL: timedelta(minutes=60),
    Priority.EVERGREEN: timedelta(hours=24),
}


class IllegalMove(Refusal):
    """A post in this state can't do that; says so in a sentence."""

    kind = RefusalKind.CONFLICT


def move(old: str, new: State) -> Does:
    """What this move does, where it is one that a post may make."""
    does = MOVES[State(old)].get(new)
    if does is None:
        raise IllegalMove(f"A post that is {old} cannot become {new}.")
    return does


@dataclass(frozen=True)
class Next:
    """Where a post goes after an attempt that gave no receipt."""

    state: State
    wait_until: datetime | None = None  # before it is sent, or looked for, again
    counts: bool = False  # as a try
    stops_channel: bool = False
    holds_channel: bool = False  # until `wait_until`
    resend: bool = True  # the same bytes may go again where the class allows it


def after(
    error: ConnectorError,
    tries: int,
    now: datetime,
    jitter: float,
    unknown: bool,
    called: bool = True,
) -> Next:
    """Where a failed attempt leads.

    `tries`: counted tries so far, this one included; `jitter`: from 0 to 1;
    `unknown`: an earlier attempt at the same part has no answer yet. Then this
    error says nothing of that one, and the post stays unconfirmed. `called`: the
    platform was; else the trouble is the desk's own, and no such try counts.
    """
    back = State.UNCONFIRMED if unknown else State.SCHEDULED
    match error:
        case Unauthorized():
            return Next(back, stops_channel=True)
        case RateLimited(until=until):
            return Next(back, until, holds_channel=True)
        case Unavailable() if not called:
            return Next(back, now + backoff(tries, jitter))
        case Unavailable() if unknown or tries < engine.retries.tries:
            return Next(back, now + backoff(tries, jitter), counts=True)
        case Rejected() if unknown:
            return Next(back, resend=False)  # refused: look, then a person decides
        case Rejected() | Unavailable():
            return Next(State.FAILED, counts=True)
        case _:  # `OutcomeUnknown`, and whatever is none of the five
            return Next(State.UNCONFIRMED)


def backoff(tries: int, jitter: float) -> timedelta:
    """Full jitter: anywhere up to a ceiling that doubles, but never under a second."""
    ceiling = min(
        engine.retries.longest_wait,
        engine.retries.first_wait * float(2 ** min(tries - 1, 10)),
    )
    return max(timedelta(seconds=1), ceiling * jitter)


def deadline(priority: str, own_s: dict[str, int] | None = None) -> timedelta:
    """How late a post of this class may go out; a channel may set its own."""
    if own_s and priority in own_s:
        return timedelta(seconds=own_s[priority])
    return DEADLINES[Priority(priority)]
