"""Claiming: ours beside the bare statement, with 100,000 other scheduled posts."""

from __future__ import annotations

import time
from datetime import timedelta

from sqlalchemy import insert, text, update

from desk import db
from desk.desk import Desk
from desk.models import Post
from desk.publishing import claiming
from tests import factories
from tests.bench import tables

OTHERS = 100_000
DUE = 2_000


def test_claims_beside_the_bare_statement(any_desk: Desk) -> None:
    channel_id = factories.make_channel(any_desk)
    _fill(any_desk, channel_id)

    ours = _rate(any_desk, _claim_all)
    _give_back(any_desk)
    bare = _rate(any_desk, _claim_bare)

    engine = any_desk.db.engine.dialect.name
    tables.show(
        f"Claims a second on {engine}, {OTHERS:,} others scheduled",
        [("bare UPDATE, 200 a time", bare, "posts/s"), ("ours", ours, "posts/s")],
        "bare UPDATE, 200 a time",
    )


def _fill(desk: Desk, channel_id: int) -> None:
    share = factories.make_share(desk)
    with desk.db.writing() as session:
        now = db.now(session)
        later = now + timedelta(days=1)
        rows = [
            {
                "share_id": share,
                "channel_id": channel_id,
                "state": "scheduled",
                "text": "Dodge returns",
                "created_at": now,
                "due_at": at,
                "next_at": at,
                "expires_at": at + timedelta(hours=1),
            }
            for at in [now] * DUE + [later] * OTHERS
        ]
        session.execute(insert(Post), rows)
    if not desk.db.is_sqlite:
        with desk.db.engine.connect() as link:
            link.execution_options(isolation_level="AUTOCOMMIT")
            link.execute(text("VACUUM ANALYZE posts"))


def _rate(desk: Desk, claim: object) -> float:
    began = time.perf_counter()
    claimed = 0
    while found := claim(desk):  # type: ignore[operator]  # one of the two below
        claimed += found
    assert claimed == DUE
    return claimed / (time.perf_counter() - began)


def _claim_all(desk: Desk) -> int:
    with desk.db.writing() as session:
        return len(claiming.claim_due(session, db.now(session)))


def _claim_bare(desk: Desk) -> int:
    skip = "" if desk.db.is_sqlite else "FOR UPDATE SKIP LOCKED"
    statement = text(
        f"""UPDATE posts SET state = 'claimed', fence = fence + 1 WHERE id IN (
            SELECT id FROM posts WHERE state = 'scheduled' AND next_at <= :soon
            ORDER BY next_at, id LIMIT 200 {skip}) RETURNING id, fence"""  # noqa: S608  # our own words
    ).bindparams()
    with desk.db.writing() as session:
        soon = db.now(session)
        bound = soon.replace(tzinfo=None) if desk.db.is_sqlite else soon
        return len(session.execute(statement, {"soon": str(bound)}).all())


def _give_back(desk: Desk) -> None:
    with desk.db.writing() as session:
        session.execute(
            update(Post)
            .where(Post.state == "claimed")
            .values(state="scheduled", lease_until=None)
        )
