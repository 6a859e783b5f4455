"""Marks: what a list of hundreds of posts shows of each, and no more.

Plain values: as posts they took a third of the inbox, which shows 300 of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from desk.models import Channel, Post, WorkingCopy

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
)
OF_ARTICLES: Select[*tuple[Any, ...]] = (
    select(Post.article_id, Channel.name, *SHOWN)
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
    name: str


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


def marks_of_articles(session: Session, ids: Sequence[int]) -> Mapping[int, list[Mark]]:
    """The posts of each of these articles, by the names of their channels."""
    asked = {"articles": ids}
    copies: dict[int, list[WorkingCopy]] = defaultdict(list)
    for copy in session.scalars(COPIES, asked):
        copies[copy.post_id].append(copy)
    marks: dict[int, list[Mark]] = defaultdict(list)
    for article_id, name, post_id, *rest in session.execute(OF_ARTICLES, asked):
        mark = Mark(Named(name), copies.get(post_id, ()), post_id, *rest)
        marks[article_id].append(mark)
    for its in marks.values():
        its.sort(key=lambda mark: (mark.channel.name.lower(), mark.id))
    return marks
