"""News: what a person must know now, or in time before a post is due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk import heartbeats, moments, needs, preferences
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post
from desk.needs import Trouble
from desk.publishing.sendable import SCHEDULED

MOST = 1000  # posts in one round; with more of them nothing counts as over
SOON = timedelta(minutes=15)  # this long before posts are due, a missing worker is news
PASSES = timedelta(seconds=30)  # a worker that is starting again is none
LONGEST = 60  # characters of a post that are shown

ABOUT = {
    State.FAILED: "failed",
    State.MISSED: "missed",
    State.UNCONFIRMED: "not confirmed",
    State.IN_REVIEW: "waiting for approval",
    State.SCHEDULED: "put aside",
    State.PUBLISHED: "live twice",
}


@dataclass(frozen=True)
class News:
    """One thing; its key stays the same for as long as it lasts."""

    key: str
    words: str
    link: str  # within the desk, such as /posts/7
    since: datetime
    about: str = ""  # what many of its kind have in common, such as "failed"
    where: str = ""  # and on which channel
    patience: timedelta = timedelta(0)  # it may pass by itself


def now_true(desk: Desk, session: Session, now: datetime) -> list[News]:
    """All that needs a person at this moment."""
    zone = preferences.zone(session, desk.settings)
    return [
        *_processes(session, now),
        *_channels(session, zone, now),
        *_posts(session, now),
    ]


def _processes(session: Session, now: datetime) -> Iterator[News]:
    if heartbeats.alive(session, "publish", now):
        return
    soon = select(func.count()).select_from(Post)
    count = session.scalar(soon.where(SCHEDULED, Post.next_at <= now + SOON))
    if count:
        due = f"{count} posts are due" if count > 1 else "a post is due"
        words = (
            f"No worker is alive, and {due} within {moments.span(SOON)}: the clock "
            "publishes by itself. Look at “desk doctor”."
        )
        yield News("no worker", words, "/status", now, patience=PASSES)


def _channels(session: Session, zone: ZoneInfo, now: datetime) -> Iterator[News]:
    for one in needs.channels(session, now):
        channel = one.channel
        since = channel.stopped_at if one.trouble is Trouble.STOPPED else None
        key = f"channel {channel.id} {one.trouble} {since or ''}".strip()
        words = one.words(zone, now)
        yield News(key, words, f"/channels/{channel.id}", since or now)


def _posts(session: Session, now: datetime) -> Iterator[News]:
    for post in needs.posts(session, now, MOST):
        text = " ".join(post.text.split())
        shown = text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"
        about = ABOUT.get(State(post.state), "waiting for you")
        reason = f": {post.reason}" if post.reason else "."
        yield News(
            f"post {post.id} {post.state} {post.triage or ''}".strip(),
            f"{post.channel.name}, {about}: “{shown}”{reason}",
            f"/posts/{post.id}",
            post.due_at or now,
            about,
            post.channel.name,
        )
