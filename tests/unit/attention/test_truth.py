"""Truth: no two sentences of a screen contradict each other, whatever became of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from connectors.base import CantTell, Found, NotThere, OutcomeUnknown, Rejected
from desk import db, holds, report
from desk.attention import causes
from desk.attention.causes import Group, Sure
from desk.desk import Desk
from desk.lifecycle import REFUSED, State
from desk.models import Attempt, Part, Post
from desk.models.posts import ReasonKind, Triage
from desk.publishing import lateness, live_twice
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps

UTC = ZoneInfo("UTC")
NIGHT = "This account may not post at night."
# claims that readers can see nothing of it, and that they may see something
NOTHING = re.compile(
    r"nothing (of it )?was (sent|published)|surely not sent|it was not sent\.|"
    r"not sent to|still not there|is not there|not on the platform|send all",
    re.IGNORECASE,
)
SOMETHING = re.compile(
    r"can't tell|may be live|may have (gone|been)|live twice|it is live|surely sent|"
    r"partly|\d of \d live|looks again|is live",
    re.IGNORECASE,
)
ENDS: dict[str, Sequence[str | None]] = {
    "never tried": (),
    "refused": ("rejected",),
    "lost": ("unknown",),
    "absent": ("not there",),
    "absent, then refused": ("not there", "rejected"),
    "absent, then limited": ("not there", "rate limited"),
    "absent, then lost": ("not there", "unknown"),
    "in vain, then refused": ("unknown", "rejected"),
}
STATES = (
    State.DRAFT,
    State.IN_REVIEW,
    State.SCHEDULED,
    State.FAILED,
    State.MISSED,
    State.CANCELLED,
    State.UNCONFIRMED,
    State.PUBLISHED,
)


@dataclass(frozen=True)
class Case:
    """What may be known of a post."""

    state: State
    end: str = "never tried"
    awaited: bool = False  # a recheck is pending
    seen: bool = False  # a post there may be it
    thread: bool = False
    twice: bool = False
    triage: str | None = None

    def is_possible(self) -> bool:
        tried = bool(ENDS[self.end])
        live = self.thread or self.state is State.PUBLISHED
        return all(
            (
                "absent" in self.end or not self.awaited,
                tried or not self.seen,
                live or not self.twice,
                tried or self.state not in (State.UNCONFIRMED, State.PUBLISHED),
                self.triage is None or self.state is State.SCHEDULED,
                # a thread with a live part is neither missed, dropped nor a draft
                not self.thread
                or self.state
                in (State.SCHEDULED, State.FAILED, State.UNCONFIRMED, State.PUBLISHED),
            )
        )


def cases() -> Iterator[Case]:
    flags = (False, True)
    for state, end, awaited, seen, thread, twice in product(
        STATES, ENDS, flags, flags, flags, flags
    ):
        one = Case(state, end, awaited, seen, thread, twice)
        yield from (one, *(replace(one, triage=why) for why in Triage))


def attempt(part: Part, number: int, outcome: str | None, url: str = "") -> Attempt:
    at = part.post.created_at
    return Attempt(
        channel_id=part.channel_id,
        number=number,
        fence=3,
        key=f"{part.key}{number}{outcome}",
        body="",
        digest=f"{number}",
        worker="test",
        intent_at=at,
        deadline_at=at,
        outcome=outcome,
        reason=NIGHT if outcome in REFUSED else "",
        remote_id=url or None,
        url=url or None,
    )


def stage(desk: Desk, post_id: int, case: Case) -> None:
    """Make it so, with the words that the desk itself would have written."""
    with desk.db.writing() as session:
        post, now = session.get_one(Post, post_id), db.now(session)
        for part in post.parts:
            part.attempts.clear()
            part.remote_id = part.url = None
        del post.parts[1 + case.thread :]
        session.flush()
        first, last = post.parts[0], post.parts[-1]
        for number, outcome in enumerate(ENDS[case.end], 1):
            last.attempts.append(attempt(last, number, outcome))
        live = {State.PUBLISHED: post.parts}.get(
            case.state, [first] if case.thread else []
        )
        for part in live:
            part.remote_id = part.url = f"https://scripted.example/part-{part.id}"
            made = attempt(part, 8, "published", part.url)
            part.attempts.append(made)
        post.twice_url = None
        if case.twice:
            post.twice_url = "https://scripted.example/other"
            first.attempts.append(attempt(first, 9, "published", post.twice_url))
        post.state, post.triage = State.SCHEDULED, None
        post.due_at = post.next_at = now
        post.published_at = now if case.state is State.PUBLISHED else None
        post.needs_person = case.state is State.UNCONFIRMED
        post.look_at = None
        post.recheck_at = now if case.awaited else None
        post.lookalikes = ["https://scripted.example/7"] if case.seen else []
        post.reason = ""
        session.flush()
        session.expire(post)
        _reasoned(post, case)
        if case.state is State.MISSED:
            lateness.too_late(session, post, now)
        post.state, post.triage = case.state, case.triage


def _reasoned(post: Post, case: Case) -> None:
    if case.state is State.FAILED:
        live = lateness.live_words(post)
        post.reason = f"{live}. {NIGHT}" if live else NIGHT
        post.reason_kind = ReasonKind.DESK if live else ReasonKind.PLATFORM
    if case.twice and case.state is State.PUBLISHED:
        post.reason = live_twice.double_words(post)


def groups(desk: Desk) -> list[Group]:
    with desk.db.reading() as session:
        return causes.needing(session, factories.now_of(desk))


def page(desk: Desk, post_id: int) -> list[str]:
    with desk.db.reading() as session:
        now = factories.now_of(desk)
        told = report.account(session, post_id)
        said = report.state_words(told.post, UTC, now)
        sure = causes.sure(told.post)
        shown = told.post.state in ("failed", "missed", "unconfirmed")
        chip = [sure] if shown or told.post.triage or sure is Sure.CANT_TELL else []
        return [*chip, said, *(line.words for line in told.attempts)]


def entry(group: Group, post: Post) -> list[str]:
    bulk = ["Send all again"] if group.bulk else []
    return [group.title, group.sure, group.happened, group.more(post), *bulk]


def contradictions(case: Case, said: Sequence[str]) -> Iterator[str]:
    nothing = [one for one in said if NOTHING.search(one)]
    something = [one for one in said if SOMETHING.search(one)]
    if nothing and something:
        yield f"{case}: {nothing} beside {something}"


@pytest.mark.slow
def test_no_screen_contradicts_itself(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    single = factories.make_scheduled(desk, channel)
    thread = steps.make_thread(desk, "One", "Two", channel_id=channel)
    steps.alter(desk, single, state="cancelled")
    steps.alter(desk, thread, state="cancelled")
    found, walked = list[str](), 0
    for case in cases():
        if not case.is_possible():
            continue
        post_id = thread if case.thread else single
        stage(desk, post_id, case)
        walked += 1
        found += contradictions(case, page(desk, post_id))
        for group in groups(desk):
            for post in group.posts:
                found += contradictions(case, entry(group, post))
        steps.alter(desk, post_id, state="cancelled", triage=None, twice_url=None)

    assert walked > 300
    assert found == []


def test_what_may_be_live_stands_under_nobody_elses_surely_not(any_desk: Desk) -> None:
    post_id = steps.unconfirmed(any_desk, taken=False)
    steps.look(any_desk, post_id, times=2)
    channel = factories.look_up(any_desk, post_id).channel_id
    Scripted.script.append(Rejected(NIGHT))
    factories.run_due(any_desk)
    Scripted.script.append(Rejected(NIGHT))
    other = factories.make_scheduled(any_desk, channel, "Another")
    factories.run_due(any_desk)

    told = {group.posts[0].id: group for group in groups(any_desk)}

    assert (told[post_id].sure, told[post_id].bulk) == (Sure.CANT_TELL, False)
    assert (told[other].sure, told[other].bulk) == (Sure.NOT_SENT, True)
    assert "Nothing" not in told[post_id].happened
    assert "looks again" in told[post_id].happened


@pytest.mark.parametrize(
    ("last", "sure"),
    [
        (CantTell("Behind."), Sure.CANT_TELL),
        (CantTell("New.", seen=(steps.receipt("7"),)), Sure.CANT_TELL),
        (NotThere(), Sure.NOT_SENT),
        (Found((steps.receipt("7"),)), Sure.SENT),
    ],
)
def test_after_the_last_look_it_says_what_is_known(
    any_desk: Desk, last: CantTell | NotThere | Found, sure: Sure
) -> None:
    post_id = steps.unconfirmed(any_desk, taken=False)
    steps.look(any_desk, post_id, times=2)
    Scripted.script.append(Rejected(NIGHT))
    factories.run_due(any_desk)
    for one in (NotThere(), last):
        at = factories.look_up(any_desk, post_id).recheck_at
        assert at is not None
        with any_desk.db.writing() as session:
            for part in session.get_one(Post, post_id).parts:
                for tried in part.attempts:
                    tried.intent_at -= at - db.now(session)
        Scripted.looks.append(one)
        steps.alter(any_desk, post_id, recheck_at=factories.now_of(any_desk))
        factories.reconcile(any_desk, factories.now_of(any_desk))

    post = factories.look_up(any_desk, post_id)

    assert (post.recheck_at, causes.sure(post)) == (None, sure)
    assert not list(contradictions(Case(State(post.state)), page(any_desk, post_id)))


def test_of_two_lost_tries_nobody_says_that_they_are_not_there(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=False)
    steps.look(desk, post_id, times=2)
    Scripted.script.append(OutcomeUnknown(steps.CUT))
    factories.run_due(desk)
    Scripted.looks.extend([NotThere()] * 2)

    post = steps.look(desk, post_id, times=2)

    assert post.needs_person
    said = [*page(desk, post_id), post.reason]
    assert not [one for one in said if NOTHING.search(one)]


def test_a_held_post_that_was_sent_before_says_so(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=False)
    steps.within(desk, holds.hold)
    steps.look(desk, post_id, times=2)
    steps.within(desk, holds.lift)

    (group,) = groups(desk)

    assert group.sure is Sure.CANT_TELL
    assert group.happened.startswith("Send, move or drop it. It may be live")
