"""Late receipts: what a receipt makes of a post, whenever and however it comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.base import Receipt
from desk import transition
from desk.engine_settings import engine
from desk.history import note
from desk.lifecycle import OFF_THE_QUEUE, Outcome, State
from desk.models import Attempt, Part, Post
from desk.publishing import live_twice, maybe_live
from desk.publishing.lateness import live_words
from desk.publishing.lookups import next_on_grid
from desk.transition import Lease

APART = dict(  # those of one burst share a listing
    zip(
        engine.looks.rechecks,
        (timedelta(minutes=2), timedelta(minutes=10)),
        strict=True,
    )
)
PERHAPS = "It was sent again, and may be live twice: look at the other post there."
OLDER = "The platform answered with a post that is older than this one."
ANOTHERS = "The platform answered with another post of ours."
EARLIER_WORDS = (
    "It went out before it was changed: what is live says what it said then."
)


def settle_attempt(attempt: Attempt, receipt: Receipt) -> None:
    """What this attempt published is known."""
    attempt.outcome = Outcome.PUBLISHED
    attempt.remote_id, attempt.url = receipt.remote_id, receipt.url
    attempt.reason = " ".join(receipt.warnings)


def accept_receipt(
    session: Session,
    post: Post,
    part: Part,
    receipt: Receipt,
    now: datetime,
    *,
    on_time: bool,
) -> None:
    """The platform has this part: late evidence wins in every state."""
    known = part.remote_id in (None, receipt.remote_id)
    by_link = part.remote_id == part.url  # a person knows only the link
    if not known and not (by_link and part.url == receipt.url):
        _live_twice(session, post, part, receipt, now)
        return
    if why := _unclear(session, part, receipt, now):
        ask_person(session, post, why, [receipt.url], now)
        return
    part.remote_id, part.url = receipt.remote_id, receipt.url
    part.account_total = receipt.total
    part.published_at = part.published_at or now
    post.resends = 0  # what was sent again is known: another part may be, once
    session.flush()
    if all(other.remote_id for other in post.parts):
        _publish(session, post, receipt, now)
    elif on_time:  # a thread goes on, under the same fence and a new lease
        held = Lease(now + engine.claims.lease, post.owner)
        said = f"Part {part.position} is live."
        transition.move(session, post, State.CLAIMED, now, said, lease=held)
    elif post.state != State.SENDING:  # else the call in the air has its own answer
        note(session, post, f"Part {part.position} is live after all.", now)
        continue_thread(session, post, now)


def _unclear(session: Session, part: Part, receipt: Receipt, now: datetime) -> str:
    """Why it may not be this part; an id that is on record for it is none to doubt.

    Nor is an answer that says what was sent: posts may be told by another clock than
    the answer's header.
    """
    if part.remote_id == receipt.remote_id:
        return ""
    if _belongs_elsewhere(session, part, receipt):
        return ANOTHERS
    strange = receipt.warnings and is_older(receipt, _first_try(part, now), now)
    return OLDER if strange else ""


def is_older(receipt: Receipt, sent_at: datetime, now: datetime) -> bool:
    """Whether an answer that came now names a post from before it was ever sent.

    By the platform's own clock alone; where it tells no time, it is believed.
    """
    return (
        receipt.age is not None and now - receipt.age < sent_at - engine.looks.age_slack
    )


def _first_try(part: Part, now: datetime) -> datetime:
    """When these words were first sent: a repeat under one key may name that one."""
    return min((attempt.intent_at for attempt in part.attempts), default=now)


def continue_thread(session: Session, post: Post, now: datetime) -> None:
    """Late evidence made a part live, and the thread has more of them."""
    if post.state in (State.UNCONFIRMED, State.SENDING):
        send_again(session, post, now)
        note(session, post, f"{live_words(post)}; the thread goes on.", now)
    elif post.state in OFF_THE_QUEUE:  # live parts: neither missed nor cancelled
        post.slot_at, post.reason = None, f"{live_words(post)}."
        transition.move(session, post, State.FAILED, now, post.reason)


def send_again(session: Session, post: Post, now: datetime) -> None:
    """What was in doubt is settled: it goes out (or on) as soon as it may."""
    transition.move(session, post, State.SCHEDULED, now)
    # looked for until just now: it goes out without one more look
    post.looks = engine.looks.clean
    post.not_before, post.next_at = now, now
    post.reason = ""
    look_later(post, now)


def look_later(post: Post, now: datetime) -> None:
    """Sent again: the desk looks for the tries before, whatever becomes of this one."""
    if maybe_live.was_sent_again(post):
        post.recheck_at = recheck_at(now, engine.looks.rechecks[0])


def recheck_at(since: datetime, wait: timedelta) -> datetime:
    """When it is looked for once more, so long after or a little later."""
    return next_on_grid(since + wait, APART[wait])


def _publish(session: Session, post: Post, receipt: Receipt, now: datetime) -> None:
    transition.move(session, post, State.PUBLISHED, now)
    post.published_at = post.published_at or now
    post.not_before = post.triage = None
    post.lookalikes = _also_named(post)
    said = [PERHAPS] if post.lookalikes else []
    said += [EARLIER_WORDS] if _is_outdated(post) else []
    post.reason = " ".join([*said, *receipt.warnings])
    look_later(post, now)
    note(session, post, f"Published: {receipt.url}", now)


def _also_named(post: Post) -> list[str]:
    """Links of other posts that answers to its tries named: they may be it as well."""
    return [
        one.url
        for part in post.parts
        for one in part.attempts
        if one.outcome == Outcome.PUBLISHED
        and one.url
        and one.remote_id != part.remote_id
        and one.url not in (part.url, post.twice_url)
    ]


def _is_outdated(post: Post) -> bool:
    """Whether a try from before it was changed is what readers see of it."""
    return any(
        one.outdated and one.remote_id == part.remote_id
        for part in post.parts
        for one in part.attempts
    )


def _live_twice(
    session: Session, post: Post, part: Part, receipt: Receipt, now: datetime
) -> None:
    post.twice_url = receipt.url
    if post.state == State.PUBLISHED:  # else why it failed, or waits, stays on record
        post.reason = live_twice.double_words(post)
    what = live_twice.Double(part, receipt.url, len(post.parts) > 1).name
    note(session, post, f"{what} is live twice: {receipt.url}", now)


def _belongs_elsewhere(session: Session, part: Part, receipt: Receipt) -> bool:
    query = select(Part.id).where(
        Part.channel_id == part.channel_id,
        Part.remote_id == receipt.remote_id,
        Part.id != part.id,
    )
    return session.scalar(query) is not None


def ask_person(
    session: Session, post: Post, why: str, links: Sequence[str], now: datetime
) -> None:
    """It may be live, and only a person can tell. `links`: of what may be it.

    Where it is live by another receipt it stays so: the links say what else may be it.
    """
    if post.state != State.PUBLISHED:
        transition.move(session, post, State.UNCONFIRMED, now)
        post.look_at = post.triage = None
        post.needs_person = True
    post.lookalikes, post.reason = list(links), why
    note(session, post, " ".join([why, *links]), now)
