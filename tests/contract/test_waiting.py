"""How long a platform wants us to wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.waiting import LONGEST, USUAL, until

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
IN_TEN = NOW + timedelta(minutes=10)
AHEAD = timedelta(minutes=3)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Retry-After": "600"}, IN_TEN),
        ({"Retry-After": " 600 "}, IN_TEN),
        ({"Retry-After": "0.5"}, NOW + timedelta(seconds=0.5)),
        ({"Retry-After": "Sun, 22 Nov 2026 12:10:00 GMT"}, IN_TEN),
        ({"X-RateLimit-Reset": "2026-11-22T12:10:00.000Z"}, IN_TEN),
        ({"X-RateLimit-Reset": "2026-11-22T12:10:00"}, IN_TEN),
        ({"X-RateLimit-Reset": "2026-11-22T13:10:00+01:00"}, IN_TEN),
        ({"X-RateLimit-Reset": str(int(IN_TEN.timestamp()))}, IN_TEN),
        ({"X-RateLimit-Reset": str(int(IN_TEN.timestamp() * 1000))}, IN_TEN),
        ({"X-RateLimit-Reset": "600"}, IN_TEN),
        ({"X-Rate-Limit-Reset": "600"}, IN_TEN),  # as X writes it
        ({"Retry-After": "soon", "X-RateLimit-Reset": "600"}, IN_TEN),
        ({"Retry-After": "600", "X-RateLimit-Reset": "9"}, IN_TEN),
        ({"Retry-After": "99999999"}, NOW + LONGEST),
        ({"X-RateLimit-Reset": "2100-01-01T00:00:00Z"}, NOW + LONGEST),
        ({"X-RateLimit-Reset": "2020-01-01T00:00:00Z"}, NOW + USUAL),
        ({"Retry-After": "0"}, NOW + USUAL),
        ({"Retry-After": "-1"}, NOW + USUAL),
        ({"Retry-After": "inf"}, NOW + USUAL),
        ({"Retry-After": ""}, NOW + USUAL),
        ({}, NOW + USUAL),
    ],
)
def test_reads_every_shape_of_the_header(
    headers: dict[str, str], expected: datetime
) -> None:
    assert until(headers, NOW, None) == expected


def test_a_moment_by_the_platforms_clock_is_put_into_ours() -> None:
    told = {"X-RateLimit-Reset": (IN_TEN + AHEAD).isoformat()}

    assert until(told, NOW, AHEAD) == IN_TEN


def test_a_count_of_seconds_needs_no_clock() -> None:
    assert until({"Retry-After": "600"}, NOW, AHEAD) == IN_TEN


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text(), st.timedeltas())
def test_whatever_it_says_the_end_is_near_and_in_the_future(
    after: str, reset: str, skew: timedelta
) -> None:
    found = until({"Retry-After": after, "X-RateLimit-Reset": reset}, NOW, skew)

    assert NOW < found <= NOW + LONGEST


@settings(max_examples=60, deadline=None)
@given(st.floats(), st.datetimes())
def test_numbers_and_dates_of_any_size_do_no_harm(number: float, at: datetime) -> None:
    for told in (str(number), at.isoformat(), f"{at:%a, %d %b %Y %H:%M:%S} GMT"):
        assert NOW < until({"Retry-After": told}, NOW, AHEAD) <= NOW + LONGEST
