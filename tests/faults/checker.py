"""The checker: the platforms' logs beside the desk's history, and what is wrong.

I1 no key and no post is accepted twice. I2 every due post ends, none is stuck.
I3 published here means live there, under that id, and the other way round.
I4 what is in doubt is settled in a minute where the platform can be asked, and
rightly. I5 a history is linear: fences rise, one intent each, before the call.
I6 nothing goes out early, in words that were edited away, held, or cancelled.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

SETTLED_WITHIN = timedelta(seconds=60)
UNDER_WAY = ("scheduled", "claimed", "sending")
ENDINGS = ("published", "failed", "missed", "cancelled", "draft", "unconfirmed")
SURELY_NOT = ("rejected", "unauthorized", "rate limited", "unavailable", "not there")
BLIND = "Can't tell"  # how the desk notes a look that the platform did not answer
GIVES_UP = ("rejected", "unavailable")  # outcomes that may make a post fail


@dataclass(frozen=True)
class Accepted:
    """One request that a platform acted on, by its own log."""

    channel: str
    text: str
    at: datetime
    remote_id: str
    key: str = ""  # empty: the platform is told none


@dataclass(frozen=True)
class Attempt:
    """One try, as the desk has it on record."""

    number: int
    fence: int
    intent_at: datetime
    outcome: str | None


@dataclass(frozen=True)
class Event:
    at: datetime
    fence: int
    state: str
    what: str


@dataclass(frozen=True)
class Asked:
    """Something an editor asked for, and was told that it is done."""

    what: str  # edit, cancel, hold, reschedule
    at: datetime  # when the answer came
    old: str = ""  # of an edit: the words that must not go out any more
    until: datetime | None = None  # of a hold


@dataclass(frozen=True)
class Post:
    """A post of one part, as the desk knows it in the end. Its texts are its own."""

    number: int
    channel: str
    texts: tuple[str, ...]  # every one that it ever had; the last is the one to send
    state: str
    due_at: datetime | None
    remote_id: str | None = None
    needs_person: bool = False
    waits: str = ""  # what it may wait for, in words
    findable: bool = True  # its platform can be asked
    attempts: tuple[Attempt, ...] = ()
    events: tuple[Event, ...] = ()
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True)
class Violation:
    invariant: str
    sentence: str
    history: str = ""

    def __str__(self) -> str:
        return f"{self.invariant}: {self.sentence}\n{self.history}".rstrip()


@dataclass(frozen=True)
class Case:
    """One post, what its platform accepted of it, and when all was over."""

    post: Post
    accepted: Sequence[Accepted]
    ended_at: datetime


Rule = Callable[[Case], Iterator[str]]


def violations(
    accepted: Sequence[Accepted], posts: Sequence[Post], ended_at: datetime
) -> list[Violation]:
    """Everything that is wrong, each in a sentence with the post's history."""
    owners = {(post.channel, text): post for post in posts for text in post.texts}
    by_post: dict[int, list[Accepted]] = defaultdict(list)
    found = list(_keys_twice(accepted))
    for one in sorted(accepted, key=lambda one: one.at):
        owner = owners.get((one.channel, one.text))
        if owner is None:
            told = f'{one.channel} has "{one.text}", which no post of ours says.'
            found.append(Violation("I3", told))
        else:
            by_post[owner.number].append(one)
    for post in posts:
        case = Case(post, by_post[post.number], ended_at)
        for name, rule in RULES.items():
            found += [Violation(name, told, history(case)) for told in rule(case)]
    return found


def _keys_twice(accepted: Sequence[Accepted]) -> Iterator[Violation]:
    keys = Counter((one.channel, one.key) for one in accepted if one.key)
    for (channel, key), times in keys.items():
        if times > 1:
            yield Violation("I1", f"{channel} accepted key {key} {times} times.")


def _once(case: Case) -> Iterator[str]:
    if len(case.accepted) > 1:
        times = ", ".join(f"{one.at:%X.%f}" for one in case.accepted)
        yield f"{_name(case)} was accepted {len(case.accepted)} times: {times}."


def _ends(case: Case) -> Iterator[str]:
    post = case.post
    due = post.due_at is not None and post.due_at <= case.ended_at
    if post.state in UNDER_WAY and due and not post.waits:
        yield f"{_name(case)} is stuck as {post.state}."
    if post.state == "unconfirmed" and not post.needs_person:
        yield f"{_name(case)} is in doubt and nobody was told."
    if post.state not in (*UNDER_WAY, *ENDINGS):
        yield f"{_name(case)} ended as {post.state}, which is no ending."
    gave_up = any(one.outcome in GIVES_UP for one in post.attempts)
    if post.state in ("failed", "missed") and not gave_up:
        yield f"{_name(case)} was {post.state} though no platform refused it."
    if post.state in ("cancelled", "draft") and not _asked(case, "cancel"):
        yield f"{_name(case)} was dropped and nobody asked for it."


def _same_there(case: Case) -> Iterator[str]:
    post, there = case.post, {one.remote_id for one in case.accepted}
    if post.state == "published" and post.remote_id not in there:
        yield f"{_name(case)} is published as {post.remote_id}, which nobody sees."
    if there and post.state not in ("published", "unconfirmed"):
        yield f"{_name(case)} is live and the desk calls it {post.state}."


def _settled(case: Case) -> Iterator[str]:
    post = case.post
    if post.findable and post.state == "unconfirmed":
        yield f"{_name(case)} is in doubt though its platform can be asked."
    for began, ended in _doubts(post, case.ended_at):
        if post.findable and ended - began > SETTLED_WITHIN:
            seconds = (ended - began).total_seconds()
            yield f"{_name(case)} was in doubt for {seconds:.0f} s."
    for attempt, until in _spans(case):
        if attempt.outcome in SURELY_NOT and any(
            attempt.intent_at <= one.at < until for one in case.accepted
        ):
            yield (
                f"Try {attempt.number} of {_name(case)} is on record as "
                f"{attempt.outcome}, and the platform had accepted it."
            )


def _linear(case: Case) -> Iterator[str]:
    post = case.post
    for before, after in pairwise(post.attempts):
        if after.fence <= before.fence:
            yield f"{_name(case)} has two intents under fence {after.fence}."
        if after.number != before.number + 1 or after.intent_at < before.intent_at:
            yield f"The tries of {_name(case)} are out of order at {after.number}."
    for earlier, later in pairwise(post.events):
        if later.fence < earlier.fence:
            yield f"The fence of {_name(case)} fell to {later.fence}: {later.what}"
        if earlier.state == "published" != later.state:
            yield f"{_name(case)} was published, and then {later.state}."
    sending = Counter(one.fence for one in post.events if one.state == "sending")
    for fence, times in sending.items():
        if times > 1:
            yield f"{_name(case)} was sending {times} times under fence {fence}."
    for one in case.accepted:
        if not any(attempt.intent_at <= one.at for attempt in post.attempts):
            yield f"{_name(case)} was accepted before an intent was on record."


def _as_asked(case: Case) -> Iterator[str]:
    post, old = case.post, {one.old for one in case.post.asked if one.what == "edit"}
    for one in case.accepted:
        if post.due_at is not None and one.at < post.due_at:
            early = (post.due_at - one.at).total_seconds()
            yield f"{_name(case)} went out {early:.3f} s early."
        if one.text in old:
            yield f'{_name(case)} went out as "{one.text}", which was edited away.'
        if _asked(case, "cancel"):
            yield f"{_name(case)} went out and was cancelled."
    for hold in _asked(case, "hold"):
        end = hold.until or case.ended_at
        if any(hold.at < attempt.intent_at < end for attempt in post.attempts):
            yield f"{_name(case)} got an intent while it was held."


RULES: dict[str, Rule] = {
    "I1": _once,
    "I2": _ends,
    "I3": _same_there,
    "I4": _settled,
    "I5": _linear,
    "I6": _as_asked,
}


def history(case: Case) -> str:
    """Everything known about one post, in the order in which it happened."""
    post = case.post
    lines = [(one.at, f"{one.fence:>4} {one.state}: {one.what}") for one in post.events]
    lines += [
        (one.intent_at, f"{one.fence:>4} try {one.number}: {one.outcome}")
        for one in post.attempts
    ]
    lines += [(one.at, f"     asked: {one.what} {one.old}") for one in post.asked]
    lines += [
        (one.at, f'     ACCEPTED "{one.text}" as {one.remote_id}')
        for one in case.accepted
    ]
    due = f"{post.due_at:%X.%f}" if post.due_at else "never"
    head = f"    {post.channel}, due {due}, {post.state}, {post.waits or 'no wait'}"
    told = [f"    {at:%X.%f} {line}" for at, line in sorted(lines)]
    return "\n".join([head, *told])


def _doubts(post: Post, ended_at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From when to when it was unconfirmed, and its platform could be asked.

    A look that found nobody at home begins the minute anew; so does another try.
    """
    began: datetime | None = None
    for event in post.events:
        if event.state == "unconfirmed":
            blind = event.what.startswith(BLIND)
            began = event.at if blind else began or event.at
        elif event.state == "sending":
            began = None  # asked by sending the same bytes again: a new doubt
        elif began is not None:
            yield began, event.at
            began = None
    if began is not None:
        yield began, ended_at


def _spans(case: Case) -> Iterator[tuple[Attempt, datetime]]:
    """Each attempt, and when the next one began."""
    tries = case.post.attempts
    begins = [one.intent_at for one in tries[1:]]
    yield from zip(tries, [*begins, case.ended_at], strict=True) if tries else ()


def _asked(case: Case, what: str) -> list[Asked]:
    return [one for one in case.post.asked if one.what == what]


def _name(case: Case) -> str:
    return f'Post {case.post.number} "{case.post.texts[-1]}"'
