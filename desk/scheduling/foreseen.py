"""Foreseen: what may keep a post from its time, as far as the desk can tell."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk import channels, moments
from desk.channels import waiting
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Attempt, Channel, Part, Post
from desk.posts import repeats
from desk.publishing import quotas
from desk.publishing.quotas import CALLED

COMING = (State.SCHEDULED, State.CLAIMED, State.SENDING)


def remarks(
    desk: Desk,
    session: Session,
    post: Post,
    now: datetime,
    zone: ZoneInfo,
    text: str | None = None,
) -> list[str]:
    """What an editor should know of this post and its time, in sentences.

    Of now, where it has none; of this text, where it is still on its way into it.
    """
    said = post.text if text is None else text
    at, channel, found = post.due_at or now, post.channel, list[str]()
    if channel.not_before is not None and channel.not_before > max(at, now):
        found.append(f"{waiting.wait_words(channel, zone)}.")
    found.append(_crowded(session, post, channel, max(at, now), now))
    found.append(repeats.remark(desk, session, post, said, at))
    return list(filter(None, found))


def _crowded(
    session: Session, post: Post, channel: Channel, at: datetime, now: datetime
) -> str:
    """That its channel takes no more by then, and whose limit that is."""
    has = channels.quota_of(channel)
    if has is None:
        return ""
    others = _planned(session, channel.id, post.id, at - has.per, at)
    told = quotas.room_left(session, [channel], now)[channel.id]
    parts = len(post.parts)
    if told.until is not None and at < told.until:
        if others + parts <= max(0, told.posts):
            return ""
        left = max(0, told.posts)
        return (
            f"{channel.name} has {others + parts} posts to go by then, and the "
            f"platform says that it takes {left} more: the last go out later."
        )
    taken = others + parts + _called(session, channel.id, at - has.per)
    if taken <= has.ours:
        return ""
    return (
        f"{channel.name} would have {taken} posts within {moments.span(has.per)}, "
        f"past {waiting.limit(channel)}: the last go out later."
    )


def _planned(
    session: Session, channel_id: int, but: int, since: datetime, until: datetime
) -> int:
    """Parts that are to go out in this time, of other posts."""
    query = (
        select(func.count())
        .select_from(Part)
        .join(Post, Post.id == Part.post_id)
        .where(Post.channel_id == channel_id, Post.id != but)
        .where(Post.state.in_(COMING), Part.remote_id.is_(None))
        .where(Post.due_at > since, Post.due_at <= until)
    )
    return session.scalar(query) or 0


def _called(session: Session, channel_id: int, since: datetime) -> int:
    """Calls of this time that have ended: one in the air is a part still to go."""
    query = select(func.count()).where(
        Attempt.channel_id == channel_id, Attempt.intent_at > since, CALLED
    )
    return session.scalar(query.where(Attempt.outcome.is_not(None))) or 0
