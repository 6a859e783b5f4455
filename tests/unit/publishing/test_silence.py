"""Which servers are called silent: one rule for every face that says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from desk import attention, db
from desk.alerts import rules
from desk.attention import Trouble, health
from desk.channels import circuit_breakers
from desk.desk import Desk
from desk.models import Breaker
from desk.report import gauges
from tests import factories
from tests.unit.publishing import steps

MINUTE = timedelta(minutes=1)
CIRCUIT = "scripted at down.example"


def by_needs(desk: Desk) -> bool:
    with desk.db.reading() as session:
        found = attention.channels(session, db.now(session))
    return [one.trouble for one in found] == [Trouble.AWAY]


def by_the_telling(desk: Desk) -> bool:
    with desk.db.reading() as session:
        found = rules.current_alerts(desk, session, db.now(session))
    return f"silent:{CIRCUIT}" in {one.key for one in found}


def by_its_channel(desk: Desk) -> bool:
    with desk.db.reading() as session:
        (found,) = health.checkups(session, desk, db.now(session))
    return found.health is health.Health.AWAY


def by_the_metrics(desk: Desk) -> bool:
    with desk.db.reading() as session:
        return gauges.standing(session, db.now(session)).open_circuits == [CIRCUIT]


def by_the_doctor(desk: Desk) -> bool:
    with desk.db.reading() as session:
        now = db.now(session)
        told = set(circuit_breakers.standing_breakers(session, now))
        others = set(circuit_breakers.unasked(session, now))
    assert told | others == {CIRCUIT}
    return CIRCUIT in told


FACES = [by_needs, by_the_telling, by_its_channel, by_the_metrics, by_the_doctor]
face = pytest.mark.parametrize("face", FACES)
Face = Callable[[Desk], bool]


@pytest.fixture
def channel(any_desk: Desk) -> int:
    """Of a server that was silent for half an hour, and may be tried by now."""
    found = factories.make_channel(any_desk, "Gazette")
    steps.alter_channel(any_desk, found, circuit=CIRCUIT)
    with any_desk.db.writing() as session:
        now = db.now(session)
        session.add(
            Breaker(
                circuit=CIRCUIT,
                why="Silence.",
                began_at=now - 30 * MINUTE,
                open_until=now - MINUTE,
            )
        )
    return found


def alter(desk: Desk, **values: object) -> None:
    with desk.db.writing() as session:
        for name, value in values.items():
            setattr(session.get_one(Breaker, 1), name, value)


@face
def test_a_server_that_nobody_has_asked_since_is_not_called_silent(
    any_desk: Desk, channel: int, face: Face
) -> None:
    factories.make_scheduled(
        any_desk, channel, due_at=factories.now_of(any_desk) + 9 * MINUTE
    )

    assert not face(any_desk)


@face
def test_until_its_time_is_over_it_is_silent(
    any_desk: Desk, channel: int, face: Face
) -> None:
    alter(any_desk, open_until=factories.now_of(any_desk) + MINUTE)

    assert face(any_desk)


@face
def test_a_probe_on_its_way_has_not_found_it_well_yet(
    any_desk: Desk, channel: int, face: Face
) -> None:
    alter(any_desk, probe_id=factories.make_scheduled(any_desk, channel))

    assert face(any_desk)


@face
def test_with_a_post_that_wants_to_go_out_it_is_asked(
    any_desk: Desk, channel: int, face: Face
) -> None:
    factories.make_scheduled(any_desk, channel)

    assert face(any_desk)


@face
def test_a_post_that_may_not_go_out_asks_nobody(
    any_desk: Desk, channel: int, face: Face
) -> None:
    post = factories.make_scheduled(any_desk, channel)
    steps.alter(any_desk, post, triage="held")

    assert not face(any_desk)
