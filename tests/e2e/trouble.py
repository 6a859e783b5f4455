"""One of each thing that needs a person, as it would come about."""

from __future__ import annotations

from datetime import timedelta

from connectors.base import CantTell, OutcomeUnknown, Rejected
from desk import holds, scheduling
from desk.desk import Desk
from desk.people.actors import Actor
from desk.scheduling import At
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps

NIGHT = "This account may not post at night."
HOUR = timedelta(hours=1)


def refused(desk: Desk, channel_id: int, text: str) -> int:
    factories.run_due(desk)  # else another post would be the one refused
    Scripted.script.append(Rejected(NIGHT))
    post_id = factories.make_scheduled(desk, channel_id, text)
    factories.run_due(desk)
    return post_id


def doubtful(desk: Desk, channel_id: int, text: str) -> int:
    factories.run_due(desk)
    Scripted.script.append(OutcomeUnknown("The connection closed before an answer."))
    post_id = factories.make_scheduled(desk, channel_id, text)
    factories.run_due(desk)
    Scripted.looks.extend([CantTell("Its list of posts did not load.")] * 5)
    steps.look(desk, post_id, times=5)
    return post_id


def missed(desk: Desk, channel_id: int, text: str) -> int:
    now = factories.now_of(desk)
    post_id = factories.make_scheduled(desk, channel_id, text, now - 2 * HOUR)
    steps.expire(desk, now)
    return post_id


def held(desk: Desk, channel_id: int, text: str) -> int:
    """It fell due during a hold of its channel, which was lifted."""
    now = factories.now_of(desk)
    scope, target = "channel", str(channel_id)
    steps.within(desk, holds.hold, scope=scope, target=target)
    post_id = factories.make_scheduled(desk, channel_id, text, now)
    steps.within(desk, holds.lift, scope=scope, target=target)
    return post_id


def twice(desk: Desk, channel_id: int, text: str) -> int:
    post_id = factories.make_scheduled(desk, channel_id, text)
    factories.run_due(desk)
    steps.alter(desk, post_id, twice_url=f"https://scripted.example/{post_id}-again")
    return post_id


def in_review(desk: Desk, post_id: int, by: str = "Noor Halvard") -> int:
    with desk.db.writing() as session:
        now = factories.now_of(desk)
        when = At(now + 2 * HOUR)
        scheduling.schedule(
            desk, session, post_id, when, now=now, by=Actor(by), needs_approval=True
        )
    return post_id


def stopped(desk: Desk, channel_id: int, posts: int) -> None:
    now = factories.now_of(desk)
    for ahead in range(posts):
        factories.make_scheduled(desk, channel_id, "Waits", now + (ahead + 1) * HOUR)
    steps.alter_channel(
        desk, channel_id, stopped_at=now, stopped_why="The token was revoked."
    )
