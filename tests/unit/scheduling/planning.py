"""Queues to reorder and calendars to fill: planned posts, hours apart."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from desk import channels, db, slots
from desk.desk import Desk
from desk.models import Post
from desk.people.actors import Actor
from desk.scheduling import moving, queues, reordering
from desk.scheduling.moving import Moved
from desk.scheduling.reordering import Step
from tests import factories

HOUR = timedelta(hours=1)


def plan(desk: Desk, channel_id: int, *texts: str, first: int = 1) -> list[int]:
    """A post each hour, from so many hours ahead; gives their numbers."""
    now = factories.now_of(desk).replace(microsecond=0)
    return [
        factories.make_scheduled(desk, channel_id, text, now + (first + n) * HOUR)
        for n, text in enumerate(texts)
    ]


def every_hour(desk: Desk, channel_id: int) -> None:
    """A weekly slot at each full hour."""
    weekly = [
        slot for hour in range(24) for slot in slots.parse(f"mon-sun {hour:02}:00")
    ]
    with desk.db.writing() as session:
        channels.set_slots(session, channel_id, set(weekly))


def seen(desk: Desk, channel_id: int) -> str:
    """The order as a page shows it now."""
    with desk.db.reading() as session:
        found = queues.list_queues(session, desk, db.now(session))
        return next(one.seen for one in found if one.channel.id == channel_id)


def reorder(
    desk: Desk,
    post_id: int,
    to: Step | int,
    order: str | None = None,
    idempotency_key: str | None = None,
) -> Moved:
    channel_id = factories.look_up(desk, post_id).channel_id
    order = order or seen(desk, channel_id)
    with desk.db.writing() as session:
        now = db.now(session)
        return reordering.move(
            desk,
            session,
            post_id,
            to,
            order,
            now=now,
            by=Actor("Ines"),
            idempotency_key=idempotency_key,
        )


def move(desk: Desk, post_id: int, due_at: datetime, fence: int | None = None) -> Moved:
    fence = factories.look_up(desk, post_id).fence if fence is None else fence
    with desk.db.writing() as session:
        now = db.now(session)
        return moving.move(
            desk, session, post_id, due_at, fence, now=now, by=Actor("Ines")
        )


def put_back(desk: Desk, moved: Moved) -> list[Post]:
    with desk.db.writing() as session:
        now = db.now(session)
        return moving.put_back(desk, session, moved.former, now=now, by=Actor("Ines"))


def order_of(desk: Desk, channel_id: int) -> str:
    """The texts of what is planned, in the order of going out."""
    with desk.db.reading() as session:
        query = select(Post.text).where(Post.channel_id == channel_id)
        found = session.scalars(query.order_by(Post.due_at, Post.id))
        return " ".join(found)


def times_of(desk: Desk, channel_id: int) -> list[tuple[datetime | None, bool]]:
    """Every time that is held, and whether as a slot."""
    with desk.db.reading() as session:
        query = select(Post).where(Post.channel_id == channel_id).order_by(Post.due_at)
        return [
            (post.due_at, post.slot_at is not None) for post in session.scalars(query)
        ]
