"""Rechecking: after a send-again, whether the first try shows up after all.

“Not there” was proven as well as it can be, and a platform may still publish late, or
list late. So the desk looks again, minutes and an hour later, and says “live twice”.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from connectors.base import CantTell, Finding, Found, NotThere, Sought
from desk.lifecycle import State
from desk.models import Part, Post
from desk.posts.history import note
from desk.publishing import evidence, looks
from desk.publishing.claiming import Claim

PERHAPS = "It was sent again, and may be live twice: look at the other post there."
MAY_BE_LIVE = "It may be live after all: look at the post there."
LAST = "The desk can't tell any more whether it is live twice: look there once."


@dataclass(frozen=True)
class Again:
    """A post that was sent again, and its tries that were called absent."""

    claim: Claim
    post: Post
    part: Part

    @property
    def sought(self) -> list[Sought]:
        return looks.of_part(self.part)


def awaited() -> ColumnElement[bool]:
    """It has had its answer, or a person is asked, and the desk looks again."""
    asked = and_(Post.state == State.UNCONFIRMED, Post.needs_person)
    over = or_(Post.state.in_((State.PUBLISHED, State.FAILED)), asked)
    return and_(Post.recheck_at.is_not(None), over)


def is_awaited(post: Post) -> bool:
    """The same of a post at hand."""
    asked = post.state == State.UNCONFIRMED and post.needs_person
    return asked or post.state in (State.PUBLISHED, State.FAILED)


def again(claim: Claim, post: Post) -> Sequence[Again]:
    """One for each part of it that was sent again."""
    return [
        Again(claim, post, part)
        for part in post.parts
        if any(one.outcome == evidence.NOT_THERE for one in part.attempts)
    ]


def settle(session: Session, one: Again, finding: Finding, now: datetime) -> None:
    post = _awaited(session, one.post.id)
    if post is None:
        return
    part = session.get_one(Part, one.part.id)
    if isinstance(finding, Found):
        tries = [one for one in part.attempts if one.outcome in looks.IN_DOUBT]
        late = looks.ours(session, part, finding.receipts)
        for receipt, attempt in zip(late, tries, strict=False):
            evidence.settle_attempt(attempt, receipt)
            evidence.accept(session, post, part, receipt, now, on_time=False)
    if isinstance(finding, CantTell) and finding.seen and post.twice_url is None:
        _doubt(session, post, finding, now)
    _look_later(session, post, now, told=isinstance(finding, Found | NotThere))


def _doubt(session: Session, post: Post, said: CantTell, now: datetime) -> None:
    """There is a post that may be its first try: a person sees its link."""
    links = [one.url for one in said.seen]
    if post.lookalikes != links:
        why = PERHAPS if post.state == State.PUBLISHED else MAY_BE_LIVE
        post.lookalikes, post.reason = links, why
        note(session, post, f"{why} {' '.join(links)}", now)


def in_vain(session: Session, post_id: int, now: datetime) -> None:
    """The desk could not even look."""
    if (post := _awaited(session, post_id)) is not None:
        _look_later(session, post, now, told=False)


def _awaited(session: Session, post_id: int) -> Post | None:
    query = select(Post).where(Post.id == post_id, awaited())
    return session.scalar(query.with_for_update())


def _look_later(session: Session, post: Post, now: datetime, *, told: bool) -> None:
    post.recheck_at = _next(post, now)
    if post.recheck_at is None and not told:
        note(session, post, LAST, now)


def _next(post: Post, now: datetime) -> datetime | None:
    """The next look; none where it is known by now, or the last one was made."""
    sent = [attempt.intent_at for part in post.parts for attempt in part.attempts]
    since = post.published_at or max(sent, default=None)
    if since is None or post.twice_url is not None:
        return None
    return next((since + at for at in evidence.RECHECKS if since + at > now), None)
