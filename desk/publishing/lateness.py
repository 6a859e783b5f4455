"""Lateness: when it is too late for a post, and what is said of it then."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from desk import transition
from desk.channels import waiting
from desk.channels.backoff import is_waiting
from desk.lifecycle import State
from desk.models import Breaker, Channel, Hold, Post
from desk.models.channels import COUNTED, HoldKind
from desk.models.posts import ReasonKind, Triage
from desk.publishing import maybe_live
from desk.sendable import SCHEDULED

BATCH = 200
UTC = ZoneInfo("UTC")


def expire(session: Session, now: datetime, zone: ZoneInfo = UTC) -> int:
    """Scheduled posts that are too late for their class are missed, and say so.

    So are due ones whose wait is longer than that: it is told now, not at the end. But
    not while a probe may find out in time that the platform takes posts again, nor
    while calls are under way whose answers end a wait by our own count.
    Not what was put aside because the clock that judges it was set, nor what may have
    gone out before, unknown to an older database.
    """
    channel, other = aliased(Channel), aliased(Post)
    under_way = exists().where(
        other.channel_id == channel.id, other.lease_until.is_not(None)
    )
    waits = exists().where(
        channel.id == Post.channel_id,
        channel.not_before >= Post.expires_at,
        or_(channel.probe_at.is_(None), channel.probe_at >= Post.expires_at),
        ~and_(func.coalesce(channel.wait, "").in_(COUNTED), under_way),
    )
    shut = exists().where(
        channel.id == Post.channel_id,
        Breaker.circuit == channel.circuit,
        Breaker.open_until >= Post.expires_at,
    )
    late = or_(Post.expires_at <= now, Post.next_at >= Post.expires_at, waits, shut)
    query = (
        select(Post)
        .where(SCHEDULED, Post.due_at <= now, late, _judged())
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=Post)
    )
    posts = session.scalars(query).all()
    for post in posts:
        post.reason = post.reason or _unanswered(session, post)
        too_late(session, post, now, _waited_for(session, post, now, zone))
    return len(posts)


def _judged() -> ColumnElement[bool]:
    restored = exists().where(Hold.kind == HoldKind.COPY, Hold.ended_at.is_(None))
    aside = func.coalesce(Post.triage, "").in_((Triage.JUMPED, Triage.RESTORED))
    return and_(~aside, ~restored)


def _waited_for(session: Session, post: Post, now: datetime, zone: ZoneInfo) -> str:
    """The wait of its channel, where that is what keeps it; in words."""
    channel = session.get_one(Channel, post.channel_id)
    return waiting.wait_words(channel, zone) if is_waiting(channel, now) else ""


def _unanswered(session: Session, post: Post) -> str:
    """What its server's breaker says, where that is what it waited for."""
    query = select(Breaker.why).join(Channel, Channel.circuit == Breaker.circuit)
    query = query.where(Channel.id == post.channel_id, Breaker.open_until.is_not(None))
    return session.scalar(query) or ""


def too_late(session: Session, post: Post, now: datetime, cause: str = "") -> None:
    """A post that can't go out in time is missed; one partly live has failed.

    `cause`: of its channel's wait, such as "X asked us to wait until ...".
    """
    live = live_words(post)
    if live:
        post.reason = f"{live}; too late to go on by itself."
        post.reason += f" {cause}." if cause else ""
    elif cause:
        post.reason = f"{cause}, too late for a {post.priority} post."
    else:
        waited = f" It was waiting: {post.reason}" if post.reason else ""
        post.reason = f"{late_words(post)}{waited}"
        post.reason_kind = ReasonKind.DESK if waited else ReasonKind.LATE
    to = State.FAILED if live else State.MISSED
    transition.move(session, post, to, now, post.reason)


def late_words(post: Post) -> str:
    """That it was missed, by its class alone."""
    sent = "sent again" if maybe_live.may_be_live(post) else "sent"
    return f"Too late for a {post.priority} post, so it was not {sent}."


def live_words(post: Post) -> str:
    """How much of a thread is out, such as "2 of 5 live"; empty: nothing is."""
    live = sum(part.remote_id is not None for part in post.parts)
    return f"{live} of {len(post.parts)} live" if live else ""
