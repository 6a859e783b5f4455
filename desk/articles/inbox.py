"""The inbox: articles that came in, with what became of each on every channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, defer, selectinload

from desk import articles
from desk.conflicts import refuse_changed
from desk.lifecycle import Priority, State
from desk.models import Article, Post
from desk.posts import marks, reasons
from desk.posts.marks import Mark

SHOWN = 40  # articles on a page
SHOWN_OF_ONE = (
    selectinload(Article.picture),
    defer(Article.blocks),  # its whole text
    defer(Article.said),
    defer(Article.others),
)
NOT_SHARED = frozenset({State.DRAFT, State.CANCELLED})


class Show(StrEnum):
    """Which articles: by what became of them."""

    ALL = "all"
    UNSHARED = "unshared"
    BREAKING = "breaking"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class Row:
    article: Article
    posts: list[Mark]

    @property
    def shared(self) -> list[Mark]:
        """Posts that have their time, or had it."""
        return [post for post in self.posts if post.state not in NOT_SHARED]

    @property
    def returned(self) -> list[Mark]:
        """Drafts that are to be changed first."""
        return [post for post in self.posts if reasons.was_sent_back(post)]

    @property
    def drafts(self) -> list[Mark]:
        """What one press shares."""
        drafts = [post for post in self.posts if post.state == State.DRAFT]
        return [post for post in drafts if not reasons.was_sent_back(post)]


@dataclass(frozen=True)
class Page:
    rows: list[Row] = field(default_factory=list)
    older: int | None = None  # the article before which the next page begins


def page(
    session: Session,
    show: Show = Show.ALL,
    section: str = "",
    before: int | None = None,
) -> Page:
    """The newest articles first, each with its posts by channel."""
    query = select(Article).options(*SHOWN_OF_ONE).where(*_which(show))
    if section:
        query = query.where(Article.section == section)
    if before is not None:
        query = query.where(Article.id < before)
    query = query.order_by(Article.id.desc()).limit(SHOWN + 1)
    found = list(session.scalars(query))
    shown = found[:SHOWN]
    older = shown[-1].id if len(found) > SHOWN else None
    return Page(_with_posts(session, shown), older)


def next_unshared(
    session: Session, after: int, show: Show = Show.ALL, section: str = ""
) -> int | None:
    """The article that comes next in such a list and that nobody has shared yet."""
    which = [*_which(show), *_which(Show.UNSHARED), Article.id < after]
    if section:
        which.append(Article.section == section)
    return session.scalar(select(func.max(Article.id)).where(*which))


def sections(session: Session) -> list[str]:
    """Of what stands in the inbox, by name."""
    query = select(Article.section).where(
        Article.section != "", Article.dismissed_at.is_(None)
    )
    return sorted(session.scalars(query.distinct()), key=str.lower)


def dismiss(
    session: Session, article_id: int, now: datetime, over: str | None = None
) -> Article:
    """Out of the inbox. Its posts stay as they are.

    `over`: the mark of when it was seen dismissed. Raises `Overtaken`.
    """
    article = articles.find_article(session, article_id)
    session.refresh(article, with_for_update=True)
    refuse_changed(over, article.dismissed_at)
    article.dismissed_at = article.dismissed_at or now
    return article


def bring_back(session: Session, article_id: int, over: str | None = None) -> Article:
    """In the inbox again. `over`: as for `dismiss`. Raises `Overtaken`."""
    article = articles.find_article(session, article_id)
    session.refresh(article, with_for_update=True)
    refuse_changed(over, article.dismissed_at)
    article.dismissed_at = None
    return article


def _which(show: Show) -> list[ColumnElement[bool]]:
    if show is Show.DISMISSED:
        return [Article.dismissed_at.is_not(None)]
    its = select(Post.id).where(Post.article_id == Article.id)
    which: list[ColumnElement[bool]] = [Article.dismissed_at.is_(None)]
    if show is Show.UNSHARED:
        which.append(~exists(its.where(Post.state.not_in(NOT_SHARED))))
    if show is Show.BREAKING:
        which.append(exists(its.where(Post.priority == Priority.BREAKING)))
    return which


def _with_posts(session: Session, shown: Sequence[Article]) -> list[Row]:
    by_article = marks.marks_of_articles(session, [article.id for article in shown])
    return [Row(one, by_article.get(one.id, [])) for one in shown]
