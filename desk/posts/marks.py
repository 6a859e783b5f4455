"""Marks: what a list of hundreds of posts shows of each, and no more.

Plain values: as posts they took a third of the inbox, which shows 300 of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from desk.lifecycle import State
from desk.models import Channel, Event, Post, User, WorkingCopy

ARTICLES: BindParameter[int] = bindparam("articles", expanding=True)
SHOWN = (
    Post.id,
    Post.state,
    Post.due_at,
    Post.was_due_at,
    Post.published_at,
    Post.reason_kind,
    Post.triage,
    Post.look_at,
    Post.needs_person,
    Post.twice_url,
    Post.share_id,
    Post.priority,
    (Post.revision > 1).label("begun"),
)
OF_ARTICLES: Select[*tuple[Any, ...]] = (
    select(
        Post.article_id,
        Channel.id.label("channel_id"),
        Channel.name,
        Channel.platform,
        *SHOWN,
    )
    .join(Channel)
    .where(Post.article_id.in_(ARTICLES))
)
COPIES = (
    select(WorkingCopy)
    .join(Post, Post.id == WorkingCopy.post_id)
    .where(Post.article_id.in_(ARTICLES), WorkingCopy.discarded_at.is_(None))
    .options(joinedload(WorkingCopy.person))
    .order_by(WorkingCopy.saved_at.desc())
)


@dataclass(frozen=True, slots=True)
class Named:
    """A channel, as a post names it."""

    id: int
    name: str
    platform: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A post in a list: named as a post names it."""

    channel: Named
    copies: Sequence[WorkingCopy]
    id: int  # from here on as in `SHOWN`
    state: str
    due_at: datetime | None
    was_due_at: datetime | None
    published_at: datetime | None
    reason_kind: str
    triage: str | None
    look_at: datetime | None
    needs_person: bool
    twice_url: str | None
    share_id: int
    priority: str
    begun: bool  # has anybody written on it?
    writer: str = ""  # who did so last, of a draft


def marks_of_articles(session: Session, ids: Sequence[int]) -> Mapping[int, list[Mark]]:
    """The posts of each of these articles, by the names of their channels."""
    asked = {"articles": ids}
    copies: dict[int, list[WorkingCopy]] = defaultdict(list)
    for copy in session.scalars(COPIES, asked):
        copies[copy.post_id].append(copy)
    rows = session.execute(OF_ARTICLES, asked).all()
    writers = _writers(session, [row.id for row in rows if _is_written(row)])
    marks: dict[int, list[Mark]] = defaultdict(list)
    channels: dict[int, Named] = {}
    for row in rows:
        article_id, id_, name, platform, post_id, *rest = row
        channel = channels.setdefault(id_, Named(id_, name, platform))
        written = copies.get(post_id, ()), post_id, *rest, writers.get(post_id, "")
        marks[article_id].append(Mark(channel, *written))
    for its in marks.values():
        its.sort(key=lambda mark: (mark.channel.name.lower(), mark.id))
    return marks


def _is_written(row: Row[Any]) -> bool:
    return row.state == State.DRAFT and bool(row.begun)


def _writers(session: Session, post_ids: Sequence[int]) -> dict[int, str]:
    """Who changed each of these last."""
    if not post_ids:
        return {}
    query = (
        select(Event.post_id, User.name)
        .join(User, User.id == Event.person_id)
        .where(Event.post_id.in_(post_ids))
        .order_by(Event.id)
    )
    return {row.post_id: row.name for row in session.execute(query)}
