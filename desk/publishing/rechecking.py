"""Rechecking: whether a try that was called absent shows up after all.

“Not there” was proven as well as it can be, or a person said it, and a platform may
still publish late, or list late. So the desk looks again, minutes and an hour after a
send-again, whatever became of the post since; and before it goes out once more.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from connectors.base import CantTell, Connector, Finding, Found, NotThere, Sought
from desk import db, transition
from desk.channels import circuit_breakers
from desk.desk import Desk
from desk.engine_settings import engine
from desk.history import note
from desk.lifecycle import GOING_OUT, Outcome, State
from desk.models import Part, Post
from desk.publishing import (
    concurrency,
    late_receipts,
    lookup_results,
    lookups,
    maybe_live,
)
from desk.publishing.claiming import Claim
from desk.publishing.fencing import fence_stands
from desk.publishing.leases import give_back

MAY_BE_IT = "The desk can't tell whether a post there is an earlier try of this one."
LAST = "The desk can't tell any more whether an earlier try is live: look there once."
UNSEEN = "It could not be looked for before it was sent again: {}"
FRESH = 2  # fences of a post that was never claimed before: scheduled, and claimed
WITHDRAWN = (State.DRAFT, State.IN_REVIEW, State.CANCELLED)  # nobody wants it sent


@dataclass(frozen=True)
class Again:
    """A post that was sent again, and its tries that were called absent."""

    claim: Claim
    post: Post
    part: Part

    @property
    def sought(self) -> list[Sought]:
        return lookups.sought_of_part(self.part)


def may_show_up() -> ColumnElement[bool]:
    """Whatever became of it since: it may show up.

    Not while it goes out or is looked for anyway; its turn comes after that.
    """
    going_out = Post.state.in_(GOING_OUT)
    return and_(
        Post.recheck_at.is_not(None), ~going_out, ~lookup_results.desk_is_looking()
    )


def which_may_show_up(session: Session, post_ids: Collection[int]) -> set[int]:
    query = select(Post.id).where(Post.id.in_(post_ids), may_show_up())
    return set(session.scalars(query))


def rechecks_of(claim: Claim, post: Post) -> Sequence[Again]:
    """One for each part of it that was sent again, or whose try has no answer."""
    parts = [
        part
        for part in post.parts
        if maybe_live.may_be_second(post, part) or maybe_live.is_unanswered(part)
    ]
    return [Again(claim, post, part) for part in parts]


def end_rechecks(session: Session, post_ids: Collection[int]) -> None:
    """No try of theirs is left to be looked for: each is known by now."""
    over = update(Post).where(Post.id.in_(post_ids), may_show_up())
    session.execute(over.values(recheck_at=None))


def settle_recheck(
    session: Session, one: Again, finding: Finding, now: datetime
) -> None:
    post = _awaited(session, one.post.id)
    if post is None:
        return
    lookup_results.count_answer(session, one.post.channel.circuit, finding, now)
    part = session.get_one(Part, one.part.id)
    match finding:
        case Found():
            _found(session, post, part, finding, now)
        case CantTell(seen=seen) if seen and post.twice_url is None:
            _may_be_it(session, post, part, [one.url for one in seen], now)
        case NotThere() if post.lookalikes and not post.needs_person:
            post.lookalikes, post.reason = [], ""
            note(session, post, "What may have been it is gone.", now)
    _look_later(session, post, now, told=isinstance(finding, Found | NotThere))


def _found(
    session: Session, post: Post, part: Part, finding: Found, now: datetime
) -> None:
    tries = [one for one in part.attempts if one.outcome in maybe_live.OPEN]
    late = lookups.own_receipts(session, part, finding.receipts)
    for receipt, attempt in zip(late, tries, strict=False):
        late_receipts.settle_attempt(attempt, receipt)
        late_receipts.accept_receipt(session, post, part, receipt, now, on_time=False)


def _may_be_it(
    session: Session, post: Post, part: Part, links: Sequence[str], now: datetime
) -> None:
    """There is a post that nobody else explains: a person sees its link.

    Where someone wants it sent it waits for them; nothing goes out over a doubt.
    """
    if post.lookalikes == links:
        return
    if part.remote_id is not None and post.state != State.PUBLISHED:
        what = f"Part {part.position} may be live twice:"
        note(session, post, " ".join([what, *links]), now)
    elif post.state == State.PUBLISHED or post.state in WITHDRAWN:
        why = late_receipts.PERHAPS if post.state == State.PUBLISHED else MAY_BE_IT
        post.lookalikes, post.reason = list(links), why
        note(session, post, " ".join([why, *links]), now)
    else:
        late_receipts.ask_person(session, post, MAY_BE_IT, links, now)


def recheck_later(session: Session, post_id: int, now: datetime) -> None:
    """The desk could not even look."""
    if (post := _awaited(session, post_id)) is not None:
        _look_later(session, post, now, told=False)


def _awaited(session: Session, post_id: int) -> Post | None:
    query = select(Post).where(Post.id == post_id, may_show_up())
    return session.scalar(query.with_for_update())


def _look_later(session: Session, post: Post, now: datetime, *, told: bool) -> None:
    post.recheck_at = _next(post, now)
    if post.recheck_at is None and not told:
        _give_up(post)
        note(session, post, LAST, now)


def _give_up(post: Post) -> None:
    """It was called absent, and by the last look nobody could say so."""
    for part in post.parts:
        for one in part.attempts:
            if one.outcome == Outcome.NOT_THERE:
                one.outcome = Outcome.UNKNOWN


def _next(post: Post, now: datetime) -> datetime | None:
    """The next look; none where it is known by now, or the last one was made."""
    sent = [attempt.intent_at for part in post.parts for attempt in part.attempts]
    since = post.published_at or max(sent, default=None)
    if since is None or not maybe_live.was_sent_again(post):
        return None
    left = (wait for wait in engine.looks.rechecks if since + wait > now)
    return next((late_receipts.recheck_at(since, wait) for wait in left), None)


def earlier_tries(post: Post) -> list[Sought]:
    """What is looked for before this post goes out; mostly nothing.

    A try that was called absent, or that has no answer, may be live by now. But not
    what was just looked for, by the desk or a person.
    """
    part = next((part for part in post.parts if part.remote_id is None), None)
    if part is None or post.looks or post.fence <= FRESH:
        return []
    wanted = maybe_live.is_unanswered(part) or maybe_live.may_be_second(post, part)
    return lookups.sought_of_part(part) if wanted else []


def may_send_again(
    desk: Desk, claim: Claim, part: Part, connector: Connector, sought: Sequence[Sought]
) -> bool:
    """Look for the tries of a part that is about to be sent once more."""
    with concurrency.place_for_call(connector, part.channel_id) as may:
        if may:
            told = lookups.look_at_account(desk, connector, part.channel_id, sought)
            finding = lookups.sum_up_findings(told)
    with desk.db.writing() as session:
        now = db.now(session)
        query = select(Post).where(
            fence_stands([claim.pair]), Post.state == State.CLAIMED
        )
        post = session.scalar(query.with_for_update())
        if post is None or not may:
            give_back(session, [claim.pair])
            return False
        return _settle_first(session, post, part.id, connector, finding, now)


def _settle_first(
    session: Session,
    post: Post,
    part_id: int,
    connector: Connector,
    finding: Finding,
    now: datetime,
) -> bool:
    circuit = circuit_breakers.circuit_of(connector)
    lookup_results.count_answer(session, circuit, finding, now)
    post.looks = 1
    if isinstance(finding, NotThere):
        return True
    part = session.get_one(Part, part_id)
    transition.move(session, post, State.SCHEDULED, now)
    post.looks, post.crash_count = 0, 0
    match finding:
        case Found():
            _found(session, post, part, finding, now)
        case CantTell(seen=seen) if seen:
            _may_be_it(session, post, part, [one.url for one in seen], now)
    if post.state == State.SCHEDULED and part.remote_id is None:
        said = (
            finding
            if isinstance(finding, CantTell)
            else CantTell(lookup_results.ANOTHERS)
        )
        _could_not_look(session, post, connector, said, now)
    return False


def _could_not_look(
    session: Session, post: Post, connector: Connector, said: CantTell, now: datetime
) -> None:
    """It waits a little and is looked for again; then a person decides."""
    circuit = circuit_breakers.circuit_of(connector)
    if not (
        said.away and circuit_breakers.still_silent(session, circuit, said.reason, now)
    ):
        post.blind_looks += 1
    if post.blind_looks >= engine.looks.before_third_try:
        late_receipts.ask_person(session, post, UNSEEN.format(said.reason), [], now)
        return
    post.reason = said.reason
    post.not_before = post.next_at = now + timedelta(seconds=30)
    note(session, post, f"Looked for before it goes out again: {said.reason}", now)
