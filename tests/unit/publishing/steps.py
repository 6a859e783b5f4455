"""Steps of the road one by one, so that a test can put something between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from inspect import signature
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.base import ConnectorError, OutcomeUnknown, Prepared, Receipt
from desk import db, scheduling
from desk.desk import Desk
from desk.models import Attempt, Channel, Heartbeat, Part, Post
from desk.publishing import (
    lateness,
    leases,
    outbox,
    preparing,
    reconciliation,
    recording,
)
from desk.publishing.claiming import Claim
from desk.publishing.outbox import Intent
from desk.scheduling import At
from desk.timekeeping import ClockReading
from tests import factories
from tests.factories import WORKER
from tests.fakes.scripted import Scripted

T = TypeVar("T")
CUT = "the line was cut"


@dataclass(frozen=True)
class Call:
    """A call whose intent is on record and whose answer is not."""

    intent: Intent
    work: preparing.Work

    def answer(self, desk: Desk, said: Receipt | ConnectorError) -> str:
        with desk.db.writing() as session:
            answered = [(self.intent, said)]
            return recording.record_outcomes(session, answered)[self.intent.post_id]


def claimed(desk: Desk, now: datetime | None = None) -> Claim:
    """The one post that is due, picked up."""
    (claim,) = factories.pick_up(desk, factories.claim(desk, now))
    return claim


def call(desk: Desk, claim: Claim, now: datetime | None = None) -> Call | None:
    """Make the intent; None where the post may not go out."""
    work = load(desk, claim)
    return call_for(desk, work, now) if work is not None else None


def load(desk: Desk, claim: Claim) -> preparing.Work | None:
    works = preparing.load(desk, [claim])
    return works[0] if works else None


def call_for(
    desk: Desk, work: preparing.Work, now: datetime | None = None
) -> Call | None:
    ready = preparing.make_ready(desk, work)
    assert ready is not None
    with desk.db.writing() as session:
        read = ClockReading.of(now or db.now(session))
        made = outbox.intend(session, [ready], WORKER, read)
    return Call(made[0], work) if made else None


def sending_now(desk: Desk) -> Call:
    """The one post that is due, with its call in the air."""
    made = call(desk, claimed(desk))
    assert made is not None
    return made


def taken_but_lost(prepared: Prepared) -> ConnectorError:
    Scripted.take(prepared)
    return OutcomeUnknown(CUT)


def unconfirmed(desk: Desk, *, taken: bool, **channel: str) -> int:
    """A post whose answer was lost, after the platform took it or before."""
    channel_id = factories.make_channel(desk, **channel)
    post_id = factories.make_scheduled(desk, channel_id)
    Scripted.script.append(taken_but_lost if taken else OutcomeUnknown(CUT))
    factories.run_due(desk)
    assert factories.look_up(desk, post_id).state == "unconfirmed"
    return post_id


def look(desk: Desk, post_id: int, times: int = 1) -> Post:
    """Let the desk look as soon as it would by itself; the post as it stands then."""
    for _ in range(times):
        due = factories.look_up(desk, post_id).look_at
        if due is not None:
            factories.reconcile(desk, due)
    return factories.look_up(desk, post_id)


def look_claims(desk: Desk, post_id: int) -> list[Claim]:
    due = factories.look_up(desk, post_id).look_at
    assert due is not None
    with desk.db.writing() as session:
        return [one for them in reconciliation.due_looks(session, due) for one in them]


def rescue(desk: Desk, now: datetime) -> tuple[int, int]:
    with desk.db.writing() as session:
        return leases.rescue(desk, session, now)


def expire(desk: Desk, now: datetime) -> int:
    with desk.db.writing() as session:
        return lateness.expire(session, now)


def make_thread(desk: Desk, *texts: str, channel_id: int | None = None) -> int:
    """A due post of several parts."""
    channel_id = channel_id or factories.make_channel(desk)
    post_id = factories.make_scheduled(desk, channel_id, texts[0])
    add_parts(desk, post_id, *texts[1:])
    return post_id


def add_parts(desk: Desk, post_id: int, *texts: str) -> None:
    with desk.db.writing() as session:
        post = session.get_one(Post, post_id)
        for position, text in enumerate(texts, start=len(post.parts) + 1):
            post.parts.append(
                Part(
                    channel_id=post.channel_id,
                    position=position,
                    text=text,
                    key=uuid4().hex,
                )
            )


def alter(desk: Desk, post_id: int, **values: object) -> None:
    """Set the scene: columns of a post, whatever the rules say."""
    with desk.db.writing() as session:
        post = session.get_one(Post, post_id)
        for name, value in values.items():
            setattr(post, name, value)


def died(desk: Desk, post_id: int) -> None:
    """Whoever has this post in hand is dead: another process than this one."""
    with desk.db.writing() as session:
        post, now = session.get_one(Post, post_id), db.now(session)
        if post.in_hand_of is not None:
            post.in_hand_of, post.in_hand_at = "gone:1#1", now - timedelta(seconds=20)
            beat = Heartbeat(name="gone:1", kind="publish", at=post.in_hand_at)
            beat.figures = {}
            session.merge(beat)


def alter_channel(desk: Desk, channel_id: int, **values: object) -> None:
    with desk.db.writing() as session:
        channel = session.get_one(Channel, channel_id)
        for name, value in values.items():
            setattr(channel, name, value)


def channel_of(desk: Desk, channel_id: int) -> Channel:
    with desk.db.reading() as session:
        return session.get_one(Channel, channel_id)


def attempts(desk: Desk, post_id: int) -> list[Attempt]:
    query = select(Attempt).join(Part).where(Part.post_id == post_id)
    with desk.db.reading() as session:
        return list(session.scalars(query.order_by(Attempt.id)))


def outcomes(desk: Desk, post_id: int) -> list[str | None]:
    return [attempt.outcome for attempt in attempts(desk, post_id)]


def within(desk: Desk, do: Callable[..., T], **given: object) -> T:
    """Call a function of the desk in a transaction, at the database's time."""
    with desk.db.writing() as session:
        if "desk" in signature(do).parameters:
            return do(desk, session, now=db.now(session), **given)
        return do(session, now=db.now(session), **given)


def receipt(remote_id: str) -> Receipt:
    return Receipt(remote_id, f"https://scripted.example/{remote_id}")


def reschedule(
    desk: Desk, session: Session, post_id: int, due_at: datetime, priority: str
) -> None:
    scheduling.schedule(
        desk, session, post_id, At(due_at), now=db.now(session), priority=priority
    )
