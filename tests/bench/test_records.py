"""Records: pages, sums and exports over 100,000 posts of a year, on each database."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from desk import db, report
from desk.desk import Desk
from desk.models import Post
from desk.report import exporting, records, sums
from desk.report.records import Fate, Filter, Sort
from tests import factories
from tests.bench import tables

POSTS = 100_000
YEAR = timedelta(days=365)
FATES = ["published"] * 97 + ["failed", "missed", "cancelled"]


def test_records_of_a_year(any_desk: Desk) -> None:
    _fill(any_desk)
    zone = any_desk.settings.zone
    now = factories.now_of(any_desk)
    year, month = (Filter(now - days, now) for days in (YEAR, timedelta(days=30)))

    def told(which: Filter) -> Callable[[Session], object]:
        since = which.since or now
        return lambda session: sums.sum_records(session, which, since, now, zone)

    def page(which: Filter, sort: Sort = Sort.NEWEST) -> Callable[[Session], object]:
        return lambda session: records.page(session, which, sort)

    bare = select(func.count()).where(Post.due_at >= year.since, Post.text != "")
    work: dict[str, Callable[[Session], object]] = {
        "bare scan of the posts": lambda session: session.scalar(bare),
        "the shell's counter": lambda session: report.counts(session, now),
        "first page, newest first": page(year),
        "first page, latest first": page(year, Sort.LATEST),
        "first page of what failed": page(Filter(now - YEAR, now, fate=Fate.FAILED)),
        "words in a year": page(Filter(now - YEAR, now, words="number 9999")),
        "sums and chart of 30 days": told(month),
        "sums and chart of a year": told(year),
    }
    rows = [(name, _ms(any_desk, one), "ms") for name, one in work.items()]
    whole = tables.seconds(lambda: _export(any_desk, year), rounds=1)
    rows.append(("CSV of a year", whole * 1000, "ms"))

    engine = any_desk.db.engine.dialect.name
    tables.show(f"{POSTS:,} posts on {engine}", rows, "bare scan of the posts")


def _ms(desk: Desk, work: Callable[[Session], object]) -> float:
    with desk.db.reading() as session:
        return tables.seconds(lambda: work(session)) * 1000


def _export(desk: Desk, which: Filter) -> None:
    assert sum(1 for _ in exporting.as_csv(desk, which)) == POSTS + 1


def _fill(desk: Desk) -> None:
    chance = random.Random(7)  # the same desk each time
    channels = [factories.make_channel(desk, f"Channel {n}") for n in range(8)]
    share = factories.make_share(desk)
    with desk.db.writing() as session:
        now = db.now(session) - timedelta(seconds=10)
        for first in range(0, POSTS, 5000):
            rows = [_row(chance, channels, n) for n in range(first, first + 5000)]
            for row in rows:
                due_at = now - chance.random() * (YEAR - timedelta(minutes=1))
                out = due_at + timedelta(seconds=chance.random() * 3)
                live = row["state"] == "published"
                row |= {
                    "share_id": share,
                    "due_at": due_at,
                    "created_at": due_at,
                    "published_at": out if live else None,
                }
            session.execute(insert(Post), rows)
    if not desk.db.is_sqlite:
        with desk.db.engine.connect() as link:
            link.execution_options(isolation_level="AUTOCOMMIT")
            link.execute(text("VACUUM ANALYZE posts"))


def _row(chance: random.Random, channels: list[int], n: int) -> dict[str, object]:
    return {
        "channel_id": chance.choice(channels),
        "state": chance.choice(FATES),
        "text": f"Story number {n}: the ferry returns after eleven months in dry dock",
    }
