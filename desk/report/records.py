"""Records: what went out and what did not, over any range, a page at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVarTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Select,
    and_,
    func,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from desk.lifecycle import State
from desk.models import Article, Attempt, Part, Post
from desk.posts.loading import load_for_list

Row = TypeVarTuple("Row")
PAGE = 50
ASCII = re.compile(r"[\x00-\x7f]+")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Fate(StrEnum):
    """What became of a post, in the words of the screens."""

    LIVE = "live"
    FAILED = "failed"
    MISSED = "missed"
    UNCONFIRMED = "not confirmed"
    CANCELLED = "cancelled"
    TO_COME = "to come"


FATES: dict[State, Fate] = {
    State.PUBLISHED: Fate.LIVE,
    State.FAILED: Fate.FAILED,
    State.MISSED: Fate.MISSED,
    State.UNCONFIRMED: Fate.UNCONFIRMED,
    State.CANCELLED: Fate.CANCELLED,
    State.IN_REVIEW: Fate.TO_COME,
    State.SCHEDULED: Fate.TO_COME,
    State.CLAIMED: Fate.TO_COME,
    State.SENDING: Fate.TO_COME,
}


class Sort(StrEnum):
    NEWEST = "newest"  # by when it was due
    OLDEST = "oldest"
    LATEST = "latest"  # by how late it went out


@dataclass(frozen=True)
class Filter:
    """Which records: due from `since` until before `until`, and what else is asked."""

    since: datetime | None = None
    until: datetime | None = None
    channel_id: int | None = None
    fate: Fate | None = None
    priority: str | None = None  # the class of a post
    words: str = ""  # in its text, or its article's headline


@dataclass(frozen=True)
class After:
    """Where a page ended: the value it was sorted by, and the post's number."""

    value: int  # microseconds of a time since 1970, or milliseconds of a lateness
    post_id: int

    @property
    def written(self) -> str:
        return f"{self.value}.{self.post_id}"

    @classmethod
    def read(cls, text: str) -> After:
        """Raises `ValueError` where this is nothing that `written` gave."""
        value, post_id = text.split(".")
        if max(len(value), len(post_id)) > 18:
            raise ValueError(text)
        return cls(int(value), int(post_id))


@dataclass(frozen=True)
class Page:
    posts: list[Post]
    tries: dict[int, int] = field(default_factory=dict)  # post id -> attempts
    after: After | None = None  # None: this is the last page


class epoch_ms(GenericFunction[int]):  # noqa: N801  # SQLAlchemy names SQL functions so
    """A time as milliseconds since 1970, in whichever database."""

    type = BigInteger()
    inherit_cache = True


@compiles(epoch_ms)
def _epoch_ms(element: epoch_ms, compiler: SQLCompiler, **how: Any) -> str:
    inner = compiler.process(element.clauses, **how)
    return f"CAST(ROUND(EXTRACT(EPOCH FROM {inner}) * 1000) AS BIGINT)"


@compiles(epoch_ms, "sqlite")
def _epoch_ms_sqlite(element: epoch_ms, compiler: SQLCompiler, **how: Any) -> str:
    inner = compiler.process(element.clauses, **how)
    since_1970 = f"julianday({inner}) - 2440587.5"
    return f"CAST(ROUND(({since_1970}) * 86400000) AS INTEGER)"


class any_case(GenericFunction[bool]):  # noqa: N801  # as SQL's functions are called
    """One of two ways to ask the same.

    For the second SQLite needs no Python, which folds a row in 2 µs: its LIKE knows the
    capitals of ASCII by itself. PostgreSQL's knows none, and its lower() all of them.
    """

    type = Boolean()
    inherit_cache = True


@compiles(any_case)
def _folded(element: any_case, compiler: SQLCompiler, **how: Any) -> str:
    folded, _ = element.clauses
    return compiler.process(folded, **how)


@compiles(any_case, "sqlite")
def _liked(element: any_case, compiler: SQLCompiler, **how: Any) -> str:
    _, likely = element.clauses
    return f"({compiler.process(likely, **how)})"


def lateness_ms() -> ColumnElement[int]:
    return epoch_ms(Post.published_at) - epoch_ms(Post.due_at)


def chosen(which: Filter) -> ColumnElement[bool]:
    """The posts of a filter. Drafts are no records: they had no time to go out at."""
    asked = [Post.due_at.is_not(None), Post.state != State.DRAFT]
    if which.since is not None:
        asked.append(Post.due_at >= which.since)
    if which.until is not None:
        asked.append(Post.due_at < which.until)
    if which.channel_id is not None:
        asked.append(Post.channel_id == which.channel_id)
    if which.fate is not None:
        asked.append(Post.state.in_(states_of(which.fate)))
    if which.priority is not None:
        asked.append(Post.priority == which.priority)
    if words := which.words.strip().lower():
        asked.append(_says(words))
    return and_(*asked)


def states_of(fate: Fate) -> list[State]:
    return [state for state, its in FATES.items() if its is fate]


def page(
    session: Session,
    which: Filter,
    sort: Sort = Sort.NEWEST,
    after: After | None = None,
    size: int = PAGE,
) -> Page:
    """One page, sorted; `after`: where the one before it ended."""
    query = sorted_by(select(Post).where(chosen(which)), sort, after)
    found = list(session.scalars(load_for_list(query.limit(size + 1))))
    posts = found[:size]
    more = None
    if len(found) > size:
        more = end_of(session, posts[-1].id, posts[-1].due_at, sort)
    return Page(posts, tries(session, [post.id for post in posts]), more)


def tries(session: Session, post_ids: list[int]) -> dict[int, int]:
    """How many attempts each post took."""
    query = (
        select(Part.post_id, func.count().label("tries"))
        .join(Attempt)
        .where(Part.post_id.in_(post_ids))
        .group_by(Part.post_id)
    )
    return {row.post_id: row.tries for row in session.execute(query)}


def _says(words: str) -> ColumnElement[bool]:
    headline = select(Article.id).where(
        Article.id == Post.article_id,
        _in_any_case(Article.headline, words),
    )
    in_text = _in_any_case(Post.text, words)
    return or_(in_text, headline.correlate(Post).exists())


def _in_any_case(column: InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    """Whether it says these small letters, as small or as capital ones."""
    folded = func.lower(column).contains(words, autoescape=True)
    plain = max(ASCII.findall(words), key=len, default="")
    if not plain:
        return folded
    likely = column.contains(plain, autoescape=True)
    return any_case(folded, likely if plain == words else and_(likely, folded))


def sorted_by(
    query: Select[*Row], sort: Sort, after: After | None = None
) -> Select[*Row]:
    """Post numbers break ties, so that no page repeats or leaves out a post."""
    if sort is Sort.LATEST:
        late = lateness_ms()
        query = query.where(Post.published_at.is_not(None))
        query = query.order_by(late.desc(), Post.id.desc())
        return query.where(_below(late, after.value, after)) if after else query
    due = Post.due_at
    if sort is Sort.NEWEST:
        query = query.order_by(due.desc(), Post.id.desc())
        return query.where(_below(due, _time(after), after)) if after else query
    query = query.order_by(due, Post.id)
    if after is None:
        return query
    at = _time(after)
    return query.where(due >= at, or_(due > at, Post.id > after.post_id))


def end_of(
    session: Session, post_id: int, due_at: datetime | None, sort: Sort
) -> After:
    """Where a page ends whose last post this is."""
    if sort is Sort.LATEST:
        late = session.scalar(select(lateness_ms()).where(Post.id == post_id))
        return After(late or 0, post_id)
    return After(((due_at or EPOCH) - EPOCH) // MICROSECOND, post_id)


def _below(value: Any, last: object, after: After) -> ColumnElement[bool]:
    """Sorts behind the last post of the page before, the greatest first."""
    below: ColumnElement[bool] = or_(value < last, Post.id < after.post_id)
    return and_(value <= last, below)


def _time(after: After) -> datetime:
    return EPOCH + after.value * MICROSECOND
