"""Rules: what a person must know now, and what will need one before it is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, not_, or_, select
from sqlalchemy.orm import Session

from desk import attention, heartbeats, holds, installation, overdue, preferences
from desk.attention import Trouble, TroubledChannel
from desk.channels import circuit_breakers
from desk.desk import Desk
from desk.engine_settings import engine
from desk.lifecycle import State
from desk.models import Channel, Event, Part, Post
from desk.models.posts import EventKind, Triage
from desk.sendable import SCHEDULED, held

MOST = 5000
TITLE = 60  # characters of a post's text
SILENT = timedelta(minutes=3)  # a server does not answer
STARTING = timedelta(seconds=30)  # what is missing may only be starting
LATE = timedelta(seconds=60)
ASIDE: dict[str, str] = {  # by why a post was put aside
    Triage.LINK: "held, the story behind the link is not up",
    Triage.RESTORED: "put aside, this desk is a copy or a restore",
    Triage.JUMPED: "put aside, the clock was set",
}


@dataclass(frozen=True)
class Alert:
    """One thing; `about` and `where` say which others may stand in a list with it."""

    key: str
    words: str
    link: str  # a path of the dashboard
    since: datetime
    about: str = ""  # "failed"
    where: str = ""  # the channel's name
    patience: timedelta = timedelta()


def current_alerts(desk: Desk, session: Session, now: datetime) -> list[Alert]:
    """Everything that a person must know at this moment."""
    zone = preferences.zone(session, desk.settings)
    return [
        *_posts(session, now),
        *_channels(session, now, zone),
        *_silent(session, now),
        *_not_uploaded(session, now),
        *_engine(session, now),
        *_copy(session),
    ]


def _posts(session: Session, now: datetime) -> Iterator[Alert]:
    """What needs a person; not what a person did: holds, and posts in review."""
    asked = and_(
        Post.state != State.IN_REVIEW,
        or_(Post.triage.is_not(None), not_(SCHEDULED), not_(held())),
    )
    query = (
        select(
            Post.id,
            Post.state,
            Post.triage,
            Post.twice_url,
            Post.reason,
            Post.due_at,
            func.substr(Post.text, 1, TITLE).label("title"),
            Channel.name,
        )
        .join(Channel, Channel.id == Post.channel_id)
        .where(attention.needs_you(now), asked)
        .order_by(Post.due_at.desc(), Post.id.desc())
        .limit(MOST)
    )
    for row in session.execute(query):
        about = _about(row.state, row.triage, row.twice_url)
        title = " ".join(row.title.split())
        yield Alert(
            key=f"post:{row.id}:{about}",
            words=f"“{title}” on {row.name}: {row.reason or about}",
            link=f"/posts/{row.id}",
            since=row.due_at or now,
            about=about,
            where=row.name,
        )


def _about(state: str, triage: str | None, twice_url: str | None) -> str:
    if twice_url:
        return "live twice"
    match State(state):
        case State.UNCONFIRMED:
            return "maybe live, please look"
        case State.SCHEDULED:
            return ASIDE.get(triage or "", "put aside")
        case other:
            return other.value


def _channels(session: Session, now: datetime, zone: ZoneInfo) -> Iterator[Alert]:
    for one in attention.channels(session, now):
        if one.trouble is not Trouble.AWAY:  # told by server, not by channel
            yield Alert(
                key=f"channel:{one.channel.id}:{one.trouble}",
                words=one.words(zone, now),
                link=f"/channels/{one.channel.id}",
                since=_since(one, now),
            )


def _since(one: TroubledChannel, now: datetime) -> datetime:
    if one.trouble is Trouble.LIMITED:
        return one.channel.wait_from_at or now
    return one.channel.stopped_at or one.until or now


def _silent(session: Session, now: datetime) -> Iterator[Alert]:
    for breaker in circuit_breakers.standing_breakers(session, now).values():
        if breaker.began_at > now - SILENT:
            continue
        words = f"{breaker.circuit} does not answer: {breaker.why} Its posts wait."
        yield Alert(f"silent:{breaker.circuit}", words, "/status", breaker.began_at)


def _not_uploaded(session: Session, now: datetime) -> Iterator[Alert]:
    """Due in minutes, and what it needs could not be uploaded yet."""
    query = (
        select(Post.id, Post.next_at, func.max(Event.what).label("what"), Channel.name)
        .join(Channel, Channel.id == Post.channel_id)
        .join(Part, and_(Part.post_id == Post.id, Part.staged.is_(None)))
        .join(Event, Event.post_id == Post.id)
        .where(
            SCHEDULED,
            Post.next_at > now,
            Post.next_at <= now + engine.staging.ahead,
            ~held(),
        )
        .where(Part.position == 1, Event.kind == EventKind.NOT_UPLOADED)
        .where(Event.at > now - engine.staging.ahead)
        .group_by(Post.id, Post.next_at, Channel.name)
    )
    for row in session.execute(query):
        minutes = max(1, round((row.next_at - now).total_seconds() / 60))
        words = f"Post {row.id} on {row.name}, due in {minutes} min: {row.what}"
        yield Alert(f"upload:{row.id}", words, f"/posts/{row.id}", row.next_at)


def _engine(session: Session, now: datetime) -> Iterator[Alert]:
    """Nobody there to publish, or late, with posts that should go out."""
    soon = select(Post.id).where(
        SCHEDULED, Post.next_at <= now + engine.staging.ahead, ~held()
    )
    due = session.scalar(soon.limit(1)) is not None
    for kind, work in (("worker", "publish"), ("clock", "clock")):
        if due and not heartbeats.alive(session, work, now):
            words = f"No {kind} is running, and posts are due. Start one: “desk up”."
            yield Alert(f"no {kind}", words, "/status", now, patience=STARTING)
    late = overdue.oldest(session, now)
    if late is not None and late > LATE:
        words = f"A post is {late.total_seconds():.0f} s overdue: ask “desk doctor”."
        yield Alert("late", words, "/status", now - late)


def _copy(session: Session) -> Iterable[Alert]:
    hold = installation.copy_hold(session)
    if hold is None:
        return []
    return [Alert(f"copy:{hold.id}", holds.hold_reason(hold), "/needs", hold.began_at)]
