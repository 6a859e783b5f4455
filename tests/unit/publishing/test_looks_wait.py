"""A look waits while its server is left alone: its silence says nothing of a post."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from connectors.base import CantTell, OutcomeUnknown, Unavailable
from desk import channels
from desk.channels import circuit_breakers
from desk.channels.circuit_breakers import Call
from desk.desk import Desk
from desk.engine_settings import engine
from desk.models import Breaker
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps

SECOND = timedelta(seconds=1)
DOWN = CantTell.by(Unavailable("The server did not answer."))


def breaker(desk: Desk) -> Breaker:
    with desk.db.reading() as session:
        return session.scalars(select(Breaker)).one()


def opened(desk: Desk) -> datetime:
    """Let the one platform fail until it is left alone; until when it is."""
    said = OutcomeUnknown("The server did not answer.")
    with desk.db.writing() as session:
        channel = channels.find_channel(session, 1)
        connector = channels.connect(desk, channel)
        calls = [
            Call(connector, 1, 9000 + n, said)
            for n in range(engine.circuit_breakers.failures)
        ]
        circuit_breakers.count_calls(session, calls, factories.now_of(desk))
    until = breaker(desk).open_until
    assert until is not None
    return until


def look_when_it_is_over(desk: Desk) -> None:
    """A look as soon as its server is left alone no more."""
    with desk.db.writing() as session:
        session.execute(
            update(Breaker).values(open_until=factories.now_of(desk) - SECOND)
        )
    factories.reconcile(desk, factories.now_of(desk) + timedelta(minutes=10))


def test_a_server_that_is_left_alone_is_not_asked(any_desk: Desk) -> None:
    post_id = steps.unconfirmed(any_desk, taken=True)
    until = opened(any_desk)
    due = factories.look_up(any_desk, post_id).look_at
    assert due is not None

    factories.reconcile(any_desk, until - 3 * SECOND)
    waiting = factories.look_up(any_desk, post_id)
    factories.reconcile(any_desk, max(due, until) + SECOND)

    assert (waiting.state, waiting.blind_looks) == ("unconfirmed", 0)
    assert factories.look_up(any_desk, post_id).state == "published"


def test_however_long_it_is_down_no_person_is_asked(any_desk: Desk) -> None:
    post_id = steps.unconfirmed(any_desk, taken=True)
    opened(any_desk)
    Scripted.looks.extend([DOWN] * 9)

    for _ in range(9):
        look_when_it_is_over(any_desk)
    down = factories.look_up(any_desk, post_id)
    look_when_it_is_over(any_desk)

    assert (Scripted.looks, down.needs_person, down.blind_looks) == ([], False, 0)
    assert factories.look_up(any_desk, post_id).state == "published"


def test_a_look_in_vain_leaves_the_server_alone_for_longer(desk: Desk) -> None:
    steps.unconfirmed(desk, taken=True)
    opened(desk)
    Scripted.looks.append(DOWN)

    look_when_it_is_over(desk)

    again = breaker(desk)
    assert again.openings == 2
    assert again.open_until is not None
    assert again.open_until > factories.now_of(desk)


def test_a_server_that_answers_and_shows_nothing_counts_as_ever(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=True)
    opened(desk)
    Scripted.looks.append(CantTell("It shows no list."))

    look_when_it_is_over(desk)

    assert factories.look_up(desk, post_id).blind_looks == 1


def test_without_a_breaker_five_looks_in_vain_ask_a_person(desk: Desk) -> None:
    post_id = steps.unconfirmed(desk, taken=True)
    Scripted.looks.extend([DOWN] * 5)

    post = steps.look(desk, post_id, times=5)

    assert post.needs_person


def test_a_look_goes_with_the_probe_and_not_after_it(any_desk: Desk) -> None:
    post_id = steps.unconfirmed(any_desk, taken=True)
    until = opened(any_desk)
    due = factories.look_up(any_desk, post_id).look_at
    assert due is not None
    steps.alter(any_desk, post_id, look_at=min(due, until - 5 * SECOND))

    factories.reconcile(any_desk, until - SECOND)

    assert factories.look_up(any_desk, post_id).state == "published"
