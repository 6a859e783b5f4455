"""Report: what went out, what is about to, and what needs a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk import attention, moments
from desk.attention.causes import doubt_words
from desk.channels import circuit_breakers, waiting
from desk.lifecycle import GOING_OUT, REFUSED, Outcome, State
from desk.models import Arrival, Attempt, Breaker, Event, Hold, Post
from desk.models.posts import Triage
from desk.posts import find_post, reasons
from desk.posts.loading import load_for_page, with_tries
from desk.publishing import live_twice, maybe_live
from desk.report.boards import counted, going_out
from desk.scheduling import leaving
from desk.sendable import SCHEDULED
from desk.shares import commenting
from desk.shares.blank import ON_BLANK

LATE_COMMITS = 1000  # how many events another one may overtake
HIGHEST = select(func.coalesce(func.max(Event.id), 0)).scalar_subquery()
LAST = select(func.count()).where(Event.id > HIGHEST - LATE_COMMITS).scalar_subquery()
HOLDS = select(func.count(Hold.id) + func.count(Hold.ended_at)).scalar_subquery()
NEWEST = func.coalesce(func.max(Arrival.id), 0)
ARRIVED = select(NEWEST + func.count(Arrival.settled_at)).scalar_subquery()
VERSION = select(
    HIGHEST * (LATE_COMMITS + 1) + LAST + HOLDS + ARRIVED + commenting.CHANGES
)
COUNTS = select(
    counted(going_out()),
    counted(attention.needs_you(attention.NOW)),
    counted(leaving.is_leaving()),
)
SENDING = "sending"  # of an attempt without an outcome so far
UNANSWERED = (SENDING, Outcome.UNKNOWN, Outcome.NOT_THERE)
WORDS: dict[str, str] = {
    Outcome.PUBLISHED: "It is live.",
    Outcome.DELETED: "It was live, and was deleted there by hand.",
    Outcome.REJECTED: "The platform refused it; this try published nothing.",
    Outcome.UNAUTHORIZED: (
        "Our credential was not accepted; this try published nothing."
    ),
    Outcome.RATE_LIMITED: "The platform asked us to wait; this try published nothing.",
    Outcome.UNAVAILABLE: "It never reached the platform; this try published nothing.",
    Outcome.UNKNOWN: "No answer came back: it may have been published.",
    Outcome.NOT_THERE: "No answer came back, and it was taken as not there then.",
}


@dataclass(frozen=True)
class AttemptLine:
    """One attempt, in words for an editor."""

    number: int
    part: int
    due_at: datetime | None
    at: datetime  # of its intent
    replied_at: datetime | None
    fence: int
    worker: str
    outcome: str
    words: str
    url: str | None
    remote_id: str | None
    digest: str  # SHA-256 of what was sent

    @property
    def late_s(self) -> float | None:
        """Seconds from the time it was due to its intent."""
        return (self.at - self.due_at).total_seconds() if self.due_at else None

    @property
    def took_s(self) -> float | None:
        """Seconds from its intent to the answer."""
        if self.replied_at is None:
            return None
        return (self.replied_at - self.at).total_seconds()

    @property
    def answered(self) -> bool:
        """The platform said something; else the desk gave up waiting."""
        return self.outcome not in UNANSWERED


@dataclass(frozen=True)
class PostAccount:
    """Everything that is on record about one post."""

    post: Post
    attempts: list[AttemptLine]
    events: list[Event]

    @property
    def last_by_hand(self) -> Event | None:
        """The last thing that a person did to it, not the desk."""
        return next((event for event in reversed(self.events) if event.by), None)


@dataclass(frozen=True)
class Counts:
    """What the shell shows on every page."""

    publishing: int
    needs_you: int
    leaving: list[Post]  # in a moment, and can still be stopped


def counts(session: Session, now: datetime) -> Counts:
    found = session.execute(COUNTS, leaving.moments_of(now)).one()
    publishing, posts, many = found
    return Counts(
        publishing,
        posts + len(attention.channels(session, now)),
        leaving.leaving(session, now) if many else [],
    )


def planned(session: Session) -> int:
    """How many posts have a time, and wait for it."""
    return session.scalar(select(counted(SCHEDULED))) or 0


def list_posts(
    session: Session,
    *,
    state: str | None = None,
    channel_id: int | None = None,
    article_id: int | None = None,
    share_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 200,
) -> list[Post]:
    """Posts, the latest due first; drafts stand last.

    What nothing was written on yet is in no list but that of its share.
    """
    query = load_for_page(select(Post))
    if share_id is None:
        query = query.where(~ON_BLANK)
    if state is not None:
        query = query.where(Post.state == state)
    if channel_id is not None:
        query = query.where(Post.channel_id == channel_id)
    if article_id is not None:
        query = query.where(Post.article_id == article_id)
    if share_id is not None:
        query = query.where(Post.share_id == share_id)
    if since is not None:
        query = query.where(Post.due_at >= since)
    if until is not None:
        query = query.where(Post.due_at < until)
    query = query.order_by(Post.due_at.desc().nulls_last(), Post.id.desc())
    return list(session.scalars(query.limit(limit)))


def account(session: Session, post_id: int) -> PostAccount:
    """One post with its attempts and its history, in plain words."""
    query = select(Post).where(Post.id == find_post(session, post_id).id)
    post = session.scalars(
        load_for_page(query).options(with_tries()),
        execution_options={"populate_existing": True},
    ).one()
    told = select(Event).where(Event.post_id == post_id).order_by(Event.id)
    return account_of(post, list(session.scalars(told)))


def account_of(post: Post, events: Sequence[Event]) -> PostAccount:
    """The same of a post that was loaded with its tries, and of its history."""
    tried = [attempt for part in post.parts for attempt in part.attempts]
    tried.sort(key=lambda attempt: attempt.id)
    its = [event for event in events if event.post_id == post.id]
    return PostAccount(post, [_line(one, post.due_at) for one in tried], its)


def silence(session: Session, post: Post, now: datetime) -> str:
    """That its server keeps a due post waiting, and why; nothing where it answers."""
    if post.state != State.SCHEDULED or post.due_at is None or post.due_at > now:
        return ""
    query = select(Breaker.why).where(Breaker.circuit == post.channel.circuit)
    why = session.scalar(query.where(circuit_breakers.known_silent(now)))
    if why is None:
        return ""
    return f"The server of {post.channel.name} does not answer. {why}".strip()


def version(session: Session) -> int:
    """Rises with every change that a screen could show.

    PostgreSQL may commit event 10 after event 11: the count of the last events
    rises then, where their highest number does not.
    """
    return session.scalar(VERSION) or 0


def state_words(post: Post, zone: ZoneInfo, now: datetime) -> str:
    """The state of a post in words for an editor, with the tries that may be live."""
    words, earlier = _state_words(post, zone, now), ""
    if post.state not in GOING_OUT and post.triage != Triage.RESTORED:
        earlier = maybe_live.earlier_words(post)
    return f"{words.rstrip('.')}. {earlier}" if earlier else words


def _state_words(post: Post, zone: ZoneInfo, now: datetime) -> str:
    match State(post.state):
        case State.SCHEDULED if post.triage and post.look_at:
            return "Checking whether it went out before"
        case State.SCHEDULED if post.triage:
            return f"Waits for you: {post.reason}"
        case State.SCHEDULED if post.not_before and post.not_before > now:
            again = moments.clock(post.not_before, zone)
            return f"Trying again at {again}: {post.reason}"
        case State.SCHEDULED if post.channel and post.channel.stopped_at:
            return f"Waits until {post.channel.name} is reconnected"
        case State.SCHEDULED if _kept_waiting(post, now):
            return f"Waits: {waiting.wait_words(post.channel, zone)}"
        case State.SCHEDULED if post.due_at and post.due_at < now:
            return f"Waits since {moments.local(post.due_at, zone)}"
        case State.SCHEDULED if post.due_at:
            return f"Scheduled for {moments.local(post.due_at, zone)}"
        case State.CLAIMED | State.SENDING:
            return "Publishing"
        case State.PUBLISHED if post.published_at and post.twice_url:
            several = len(post.parts) > 1
            twice = live_twice.double_title(post) if several else "Live twice"
            return f"{twice}, published {moments.local(post.published_at, zone)}"
        case State.PUBLISHED if post.published_at:
            return f"Published {moments.local(post.published_at, zone)}"
        case State.UNCONFIRMED if post.needs_person:
            return doubt_words(post.reason)
        case State.UNCONFIRMED:
            return "Checking with the platform whether it is live"
        case State.FAILED | State.MISSED:
            return f"{post.state.capitalize()}: {post.reason}"
        case State.DRAFT if reasons.was_sent_back(post):
            return reasons.reason_words(post)
        case State.IN_REVIEW:
            return "Awaiting approval"
        case _:
            return post.state.capitalize()


def _kept_waiting(post: Post, now: datetime) -> bool:
    """Does its channel wait for longer than until it is due?"""
    ends = post.channel.not_before if post.channel else None
    return ends is not None and ends > max(now, post.due_at or now)


def lateness_s(post: Post) -> float | None:
    """Seconds from the time it was due to the platform's answer."""
    if post.published_at is None or post.due_at is None:
        return None
    return round((post.published_at - post.due_at).total_seconds(), 3)


def public_url(post: Post) -> str | None:
    """Where the reader finds it: the first part's link."""
    return next((part.url for part in post.parts if part.url), None)


def _line(attempt: Attempt, due_at: datetime | None) -> AttemptLine:
    return AttemptLine(
        number=attempt.number,
        part=attempt.part.position,
        due_at=due_at,
        at=attempt.intent_at,
        replied_at=attempt.replied_at,
        fence=attempt.fence,
        worker=attempt.worker,
        outcome=attempt.outcome or SENDING,
        words=_words(attempt),
        url=attempt.url,
        remote_id=attempt.remote_id,
        digest=attempt.digest,
    )


def _words(attempt: Attempt) -> str:
    """What became of it, and why: in the platform's own words where they are its."""
    words = WORDS.get(attempt.outcome or "", "Sending; no answer yet.")
    if not attempt.reason or attempt.outcome == Outcome.PUBLISHED:
        return words
    if attempt.outcome in REFUSED:
        return f"{words} It said: “{attempt.reason}”"
    return f"{words} {attempt.reason}"
