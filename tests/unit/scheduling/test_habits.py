"""Habits: the channels that someone left out last, each person's own."""

from __future__ import annotations

import json

from desk.desk import Desk
from desk.models import Preference
from desk.scheduling import habits


def test_each_person_s_are_their_own_and_the_last_ones(desk: Desk) -> None:
    with desk.db.writing() as session:
        habits.learn_left_out(session, 1, {4})
        habits.learn_left_out(session, 1, {3, 2})
        habits.learn_left_out(session, 2, set())

    with desk.db.reading() as session:
        found = [habits.usually_left_out(session, person) for person in (1, 2, 3)]

    assert found == [{2, 3}, set(), set()]


def test_what_was_kept_with_a_way_of_timing_is_read(desk: Desk) -> None:
    """As desks did until 2026-11-30."""
    kept = {"left_out": [2], "when": "at", "clock": "18:30"}
    with desk.db.writing() as session:
        session.add(Preference(name="habit of 1", value=json.dumps(kept)))

    with desk.db.reading() as session:
        assert habits.usually_left_out(session, 1) == {2}
