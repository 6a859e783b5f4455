"""Filters of the inbox: which articles stand in it, by what became of them."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    bindparam,
    case,
    cast,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from desk.lifecycle import GOING_OUT, Priority, State
from desk.models import Article, Label, Post, Share
from desk.models.base import Instant, UtcDateTime
from desk.models.shares import share_labels
from desk.partial_indexes import IS_DRAFT, IS_EVERGREEN

COUNTED = 200  # of the newest: so many does a filter look at to say how many it has
NEWER = 100  # that came since a page was drawn; more are "100"
RESTS = timedelta(days=14)  # after which an evergreen story may be shared again
RESTED = bindparam("rested", type_=UtcDateTime())  # not live since then
AGAIN_LABEL = "evergreen"  # marks a story for it as its class does
NOT_SHARED = frozenset({State.DRAFT, State.CANCELLED})
PLANNED = frozenset({State.IN_REVIEW, State.SCHEDULED, *GOING_OUT})


class Show(StrEnum):
    """Which articles: by what became of them."""

    ALL = "all"
    UNSHARED = "unshared"
    PARTLY = "partly"
    BREAKING = "breaking"
    AGAIN = "again"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class Which:
    """The articles that a list shows."""

    show: Show = Show.ALL
    section: str = ""
    words: str = ""  # in headline, section or authors
    author: str = ""  # by name, one of them

    def conditions(self, now: datetime) -> list[ColumnElement[bool]]:
        which = _which(self.show, now - RESTS)
        if self.section:
            which.append(Article.section == self.section)
        if self.author:
            which.append(_is_by(self.author))
        if words := self.words.strip().lower():
            which.append(_says(words))
        return which


@dataclass(frozen=True)
class Counts:
    """How many articles each filter has, of the newest ones."""

    by_show: dict[Show, int]
    more: bool  # the inbox has older ones, which are not counted


def count_newer(
    session: Session, chosen: Collection[ColumnElement[bool]], newest: int
) -> int:
    """How many of these came after that one, up to a hundred."""
    came = select(Article.id).where(*chosen, Article.id > newest).limit(NEWER)
    return session.scalar(select(func.count()).select_from(came.subquery())) or 0


def counts(session: Session, now: datetime) -> Counts:
    asked = {RESTED.key: now - RESTS}
    all_, shared, partly, breaking, again = session.execute(_counting(), asked).one()
    found = {
        Show.ALL: all_,
        Show.UNSHARED: all_ - shared,
        Show.PARTLY: partly,
        Show.BREAKING: breaking,
        Show.AGAIN: again,
    }
    return Counts({show: int(n) for show, n in found.items()}, all_ == COUNTED)


@cache
def _counting() -> Select[*tuple[int, ...]]:
    """Asked on every page of the inbox, and so made once."""
    newest = (
        select(Article.id)
        .where(Article.dismissed_at.is_(None))
        .order_by(Article.id.desc())
        .limit(COUNTED)
        .subquery()
    )
    each = (
        select(
            _any(Post.state.not_in(NOT_SHARED)).label("shared"),
            _any(Post.state == State.DRAFT).label("draft"),
            _any(Post.priority == Priority.BREAKING).label("breaking"),
        )
        .select_from(newest.outerjoin(Post, Post.article_id == newest.c.id))
        .group_by(newest.c.id)
        .subquery()
    )
    again = select(Article.id).where(*_which(Show.AGAIN, RESTED)).limit(COUNTED)
    return select(
        func.count(),
        func.coalesce(func.sum(each.c.shared), 0),
        func.coalesce(func.sum(each.c.shared * each.c.draft), 0),
        func.coalesce(func.sum(each.c.breaking), 0),
        select(func.count()).select_from(again.subquery()).scalar_subquery(),
    ).select_from(each)


def _any(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.max(case((condition, 1), else_=0))


def _which(show: Show, rested: Instant) -> list[ColumnElement[bool]]:
    if show is Show.DISMISSED:
        return [Article.dismissed_at.is_not(None)]
    its = select(Post.id).where(Post.article_id == Article.id)
    shared = exists(its.where(Post.state.not_in(NOT_SHARED)))
    which: list[ColumnElement[bool]] = [Article.dismissed_at.is_(None)]
    if show is Show.UNSHARED:
        which.append(~shared)
    if show is Show.PARTLY:
        which.extend((Article.id.in_(select(Post.article_id).where(IS_DRAFT)), shared))
    if show is Show.BREAKING:
        which.append(exists(its.where(Post.priority == Priority.BREAKING)))
    if show is Show.AGAIN:
        which.extend(_again(rested))
    return which


def _again(rested: Instant) -> list[ColumnElement[bool]]:
    """Marked to be shared again, live once, and neither planned nor live of late."""
    labelled = (
        select(Share.article_id)
        .join(share_labels)
        .join(Label)
        .where(Label.name == AGAIN_LABEL)
    )
    its = select(Post.id).where(Post.article_id == Article.id)
    of_late = or_(Post.published_at > rested, Post.state.in_(PLANNED))
    return [
        or_(
            Article.id.in_(select(Post.article_id).where(IS_EVERGREEN)),
            Article.id.in_(labelled),
        ),
        exists(its.where(Post.state == State.PUBLISHED)),
        ~exists(its.where(of_late)),
    ]


def _is_by(author: str) -> ColumnElement[bool]:
    """Authors are kept as JSON: a whole name stands between its quotes."""
    return cast(Article.authors, String).contains(json.dumps(author), autoescape=True)


def _says(words: str) -> ColumnElement[bool]:
    """In any case. Authors are kept as JSON, which writes letters in its own way."""
    said = (func.lower(Article.headline), func.lower(Article.section))
    found = [one.contains(words, autoescape=True) for one in said]
    kept = func.lower(cast(Article.authors, String))
    for name in {words, words.title()}:
        written = json.dumps(name)[1:-1].lower()
        found.append(kept.contains(written, autoescape=True))
    return or_(*found)
