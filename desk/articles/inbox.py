"""The inbox: articles that came in, with what became of each on every channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, selectinload

from desk import articles
from desk.articles import filters
from desk.articles.filters import Show as Show  # who asks for a page names it so
from desk.articles.filters import Which
from desk.articles.rows import Row
from desk.conflicts import refuse_changed
from desk.models import Article
from desk.posts import marks

SHOWN = 40  # articles on a page
SHOWN_OF_ONE = (
    selectinload(Article.picture),
    defer(Article.blocks),  # its whole text
    defer(Article.said),
    defer(Article.others),
)


@dataclass(frozen=True)
class Page:
    rows: list[Row] = field(default_factory=list)
    older: int | None = None  # the article before which the next page begins
    newest: int = 0  # the newest article of the desk that it could show
    newer: int = 0  # that came since


def page(
    session: Session,
    which: Which,
    now: datetime,
    before: int | None = None,
    until: int | None = None,
) -> Page:
    """The newest articles first, each with its posts by channel.

    `until`: the newest that was seen; what came since is counted, and stays out, so
    that no list moves under somebody's hand.
    """
    chosen = which.conditions(now)
    newest = until or session.scalar(select(func.max(Article.id))) or 0
    query = select(Article).options(*SHOWN_OF_ONE).where(*chosen, Article.id <= newest)
    if before is not None:
        query = query.where(Article.id < before)
    query = query.order_by(Article.id.desc()).limit(SHOWN + 1)
    found = list(session.scalars(query))
    shown = found[:SHOWN]
    older = shown[-1].id if len(found) > SHOWN else None
    newer = filters.count_newer(session, chosen, newest) if until else 0
    return Page(_with_posts(session, shown), older, newest, newer)


def next_unshared(
    session: Session, after: int, which: Which, now: datetime
) -> int | None:
    """The article that comes next in such a list and that nobody has shared yet."""
    unshared = Which(Show.UNSHARED).conditions(now)
    chosen = [*which.conditions(now), *unshared, Article.id < after]
    return session.scalar(select(func.max(Article.id)).where(*chosen))


def sections(session: Session) -> list[str]:
    """Of what stands in the inbox, by name."""
    query = select(Article.section).where(
        Article.section != "", Article.dismissed_at.is_(None)
    )
    return sorted(session.scalars(query.distinct()), key=str.lower)


def authors(session: Session) -> list[str]:
    """Of the newest that stand in the inbox, by name."""
    newest = (
        select(Article.authors)
        .where(Article.dismissed_at.is_(None))
        .order_by(Article.id.desc())
        .limit(filters.COUNTED)
    )
    return sorted(
        {one for its in session.scalars(newest) for one in its}, key=str.lower
    )


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


def _with_posts(session: Session, shown: Sequence[Article]) -> list[Row]:
    by_article = marks.marks_of_articles(session, [article.id for article in shown])
    return [Row(one, by_article.get(one.id, [])) for one in shown]
