"""Skew: a clock that is apart from the database's is said, but not at each look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from desk import skew


def looked(*ahead_s: float) -> list[str]:
    """What is said by looks of a process whose clock is ahead by so much each time."""
    with capture_logs() as said:
        for seconds in ahead_s:
            skew.measure_skew(datetime.now(UTC) - timedelta(seconds=seconds))
        skew.measure_skew(datetime.now(UTC))
    return [line["event"] for line in said if line["log_level"] == "warning"]


@pytest.mark.parametrize("seconds", [0.0, 1.5, -1.5])
def test_clocks_that_agree_are_not_mentioned(seconds: float) -> None:
    assert looked(seconds) == []


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (12.2, "12 s ahead of the database's"),
        (-90.2, "90 s behind the database's"),
        (3600.2, "3600 s ahead of the database's"),
    ],
)
def test_a_clock_that_is_apart_is_said_once_while_it_lasts(
    seconds: float, words: str
) -> None:
    assert looked(*[seconds] * 3) == [
        f"this machine's clock is {words}: set both by NTP"
    ]


def test_it_is_said_again_when_it_comes_back() -> None:
    assert len(looked(12.0, 0.0, 12.0)) == 2
