"""Filling a desk with posts: many at once, as scheduling would have left them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from desk import db, lifecycle
from desk.desk import Desk
from desk.lifecycle import Priority, State
from desk.models import Article, Part, Post, Share
from desk.posts import new_key

BATCH = 5000
DRAFTED = 12  # of the newest articles: nothing of them has gone out yet
TEXT = "The ferry returns after eleven months in dry dock, says story number"

Row = dict[str, object]


def schedule(desk: Desk, channels: Sequence[int], dues: Sequence[datetime]) -> None:
    """A post for each of these times, on one channel after the other."""
    deadline = lifecycle.deadline(Priority.NORMAL)
    for first in range(0, len(dues), BATCH):
        with desk.db.writing() as session:
            now = db.now(session)
            rows = [
                {
                    "channel_id": channels[number % len(channels)],
                    "state": State.SCHEDULED,
                    "text": f"{TEXT} {number}.",
                    "due_at": due,
                    "next_at": due,
                    "expires_at": due + deadline,
                    "fence": 1,
                    "created_at": now,
                }
                for number, due in enumerate(dues[first : first + BATCH], first)
            ]
            _add(session, rows)


def schedule_others(desk: Desk, channels: Sequence[int], count: int) -> None:
    """Posts of the next months, none due while anything is measured."""
    with desk.db.reading() as session:
        soon = db.now(session) + timedelta(days=2)
    schedule(desk, channels, list(_spread(soon, count)))
    tidy(desk)


def tell_stories(desk: Desk, channels: Sequence[int], count: int) -> None:
    """Articles of the last months, each live on these channels; a few are drafts."""
    with desk.db.writing() as session:
        now = db.now(session)
        for first in range(0, count, BATCH // 10):
            numbers = range(first, min(count, first + BATCH // 10))
            articles = [_article(number, now) for number in numbers]
            made = insert(Article).returning(Article.id, sort_by_parameter_order=True)
            for article_id in session.scalars(made, articles).all():
                newest = article_id > count - DRAFTED
                _add(session, _its_posts(article_id, channels, count, newest, now))
    tidy(desk)


def _article(number: int, now: datetime) -> Row:
    return {
        "slug": f"story-{number}",
        "identity": f"https://paper.example/{number}",
        "headline": f"{TEXT} {number}",
        "section": f"Section {number % 12}",
        "authors": ["Ines Marlow"],
        "link": f"https://paper.example/{number}",
        "blocks": [{"kind": "paragraph", "text": f"{TEXT}. " * 8}] * 12,
        "created_at": now,
    }


def _its_posts(
    article_id: int, channels: Sequence[int], count: int, newest: bool, now: datetime
) -> list[Row]:
    due = now - timedelta(minutes=7 * (count - article_id) + 1)
    return [
        {
            "channel_id": channel_id,
            "article_id": article_id,
            "state": State.DRAFT if newest else State.PUBLISHED,
            "text": f"{TEXT} {article_id}.",
            "due_at": None if newest else due,
            "published_at": None if newest else due,
            "fence": 1,
            "created_at": due,
        }
        for channel_id in channels
    ]


def _shared(session: Session, rows: list[Row]) -> list[Row]:
    """Those of one story are one share; any other is one of its own."""
    key = [row.get("article_id") or -number for number, row in enumerate(rows)]
    first = dict(zip(reversed(key), reversed(rows), strict=True))
    made = insert(Share).returning(Share.id, sort_by_parameter_order=True)
    names = ("article_id", "text", "created_at")
    said = [{name: row.get(name) for name in names} for row in first.values()]
    ids = dict(zip(first, session.scalars(made, said), strict=True))
    return [{**row, "share_id": ids[one]} for one, row in zip(key, rows, strict=True)]


def tidy(desk: Desk) -> None:
    """What a database does by itself some minutes after so many new rows."""
    if desk.db.is_sqlite:
        return
    with desk.db.engine.connect() as link:
        link.execution_options(isolation_level="AUTOCOMMIT")
        link.execute(text("VACUUM ANALYZE"))


def _spread(first: datetime, count: int) -> Iterator[datetime]:
    for number in range(count):
        yield first + timedelta(seconds=number * 5)


def _add(session: Session, rows: list[Row]) -> None:
    made = insert(Post).returning(Post.id, sort_by_parameter_order=True)
    ids = session.scalars(made, _shared(session, rows)).all()
    parts = [
        {"post_id": post_id, "channel_id": row["channel_id"], "key": new_key()}
        for post_id, row in zip(ids, rows, strict=True)
    ]
    session.execute(insert(Part), parts)
