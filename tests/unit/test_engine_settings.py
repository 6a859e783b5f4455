"""The engine's settings, and what must hold between them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from desk.engine_settings import BrokenEngine, Engine, broken_relations, engine

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)

BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("claims", {"renewed_after_s": 2.6}, "A lease must last two renewals"),
    ("claims", {"lease": 2 * SECOND}, "A lease must last two renewals"),
    ("claims", {"hint_lost_after": 5 * SECOND}, "A lost hint must be seen before"),
    ("claims", {"lead": HOUR}, "A probe's lease must outlast the claim"),
    ("claims", {"batch": 1501}, "What is claimed at once must fit"),
    ("intents", {"margin": SECOND}, "A call that began late must end before its lease"),
    ("intents", {"acted_on_within": HOUR}, "A call that began late must end before"),
    ("intents", {"deadline": HOUR}, "A shutdown must wait longer than a call may take"),
    ("intents", {"deadline": HOUR}, "A look's lease must outlast the wait for a place"),
    ("batches", {"gathered_s": 0.2}, "A group must be gathered before"),
    ("batches", {"database_tried_after_s": 3.0}, "A database that was away must be"),
    ("batches", {"finished_within_s": 20.0}, "A shutdown must wait longer"),
    ("slots", {"place_awaited_s": 60.0}, "A look's lease must outlast"),
    ("staging", {"margin": HOUR}, "What is staged ahead must not be made anew"),
    ("looks", {"grid": HOUR}, "Looks must get rarer with time"),
    ("looks", {"pause": 5 * SECOND}, "Two clean looks must not fall on one moment"),
    ("looks", {"clean": 1}, "One look that saw nothing proves nothing"),
    ("looks", {"seen": 6}, "What was seen must not be looked for longer"),
    ("looks", {"rechecks": (HOUR, SECOND)}, "Rechecks must come one after the other"),
    ("circuit_breakers", {"first_wait": HOUR}, "The first wait after a breaker"),
    ("circuit_breakers", {"share": 1.1}, "A breaker's share is one of all calls"),
    ("circuit_breakers", {"probe_lease": SECOND}, "A probe's lease must outlast"),
    ("backoff", {"probe_lease": SECOND}, "A probe's lease must outlast"),
    ("backoff", {"probed_every": SECOND}, "Probes must come later"),
    ("retries", {"first_wait": HOUR}, "The first wait after a retry"),
    ("crashes", {"first_wait": HOUR}, "The first wait after a crash"),
    ("sessions", {"awaited_s": 30.0}, "Who waits for a session must give up"),
    ("rush", {"looked_every_s": 0.2}, "A rush must be seen to end"),
    ("rush", {"awaited_s": 5.0}, "A rush must be seen to end"),
    ("heartbeats", {"every": 6 * SECOND}, "A process must miss two beats"),
    ("heartbeats", {"alive": 10 * SECOND}, "A process must miss two beats"),
    ("heartbeats", {"lately": HOUR}, "Deaths must be remembered"),
    ("awake", {"beat_s": 1.0}, "A late beat on a busy machine"),
]


def _changed(group: str, changes: dict[str, Any]) -> dict[str, Any]:
    return {group: replace(getattr(engine, group), **changes)}


def test_the_engine_as_it_is_contradicts_nothing() -> None:
    assert list(broken_relations(engine)) == []


@pytest.mark.parametrize(("group", "changes", "said"), BROKEN)
def test_an_engine_that_contradicts_itself_is_not_made_and_says_why(
    group: str, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(BrokenEngine, match=said):
        Engine(**_changed(group, changes))


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(BrokenEngine) as told:
        Engine(**_changed("claims", {"lease": SECOND}))

    assert "two renewals" in str(told.value)
    assert "A lost hint" in str(told.value)
