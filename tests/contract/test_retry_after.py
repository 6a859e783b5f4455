"""How long a platform wants us to wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.http.retry_after import LONGEST, USUAL, retry_at

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
        ({"Retry-After": "Sunday, 22-Nov-26 12:10:00 GMT"}, IN_TEN),  # RFC 850
        ({"Retry-After": "Sun Nov 22 12:10:00 2026"}, IN_TEN),  # asctime
        ({"Retry-After": "Sun, 22 Nov 2026 13:10:00 +0100"}, IN_TEN),
        ({"Retry-After": "600.0"}, IN_TEN),
        ({"Retry-After": "6e2"}, IN_TEN),
        ({"Retry-After": "600, 600"}, IN_TEN),  # the header stood there twice
        ({"Retry-After": "5, 600"}, IN_TEN),
        ({"Retry-After": "soon, 600"}, IN_TEN),
        ({"Retry-After": "600 seconds"}, NOW + USUAL),
        ({"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}, NOW + LONGEST),
        ({"Retry-After": "Mon, 01 Jan 2001 00:00:00 GMT"}, NOW + USUAL),
        ({"Retry-After": "Sun, 22 Nov 2026 12:00:00 GMT"}, NOW + USUAL),  # is now
        ({"Retry-After": "-1", "X-RateLimit-Reset": "600"}, IN_TEN),
        ({"Retry-After": "0", "X-RateLimit-Reset": "600"}, IN_TEN),
        ({"X-RateLimit-Reset-After": "600.5"}, NOW + timedelta(seconds=600.5)),
        ({"RateLimit-Reset": str(int(IN_TEN.timestamp()))}, IN_TEN),  # Bluesky's
        ({"RateLimit-Reset": "600"}, IN_TEN),
        ({"X-RateLimit-Reset": "2026-11-22T12:10:00.000000Z"}, IN_TEN),
        ({"X-RateLimit-Reset": "2026-11-22 12:10:00 UTC"}, IN_TEN),
        ({"X-RateLimit-Reset": str(IN_TEN.timestamp())}, IN_TEN),  # as a float
        ({"X-Rate-Limit-Reset": str(int(IN_TEN.timestamp()) - 900)}, NOW + USUAL),
        ({"X-RateLimit-Reset": "2026-11-22 12:10:00 +0000"}, IN_TEN),
        ({"X-RateLimit-Reset": "9999999999"}, NOW + LONGEST),
        ({"X-RateLimit-Reset": "99999999999999999"}, NOW + USUAL),  # no such year
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
    assert retry_at(headers, NOW, None) == expected


def test_a_moment_by_the_platforms_clock_is_put_into_ours() -> None:
    told = {"X-RateLimit-Reset": (IN_TEN + AHEAD).isoformat()}

    assert retry_at(told, NOW, AHEAD) == IN_TEN


def test_a_count_of_seconds_needs_no_clock() -> None:
    assert retry_at({"Retry-After": "600"}, NOW, AHEAD) == IN_TEN


@pytest.mark.parametrize("skew", [AHEAD, -AHEAD, timedelta(hours=5), -timedelta(365)])
@pytest.mark.parametrize(
    "told",
    [
        lambda at: at.isoformat(),
        lambda at: str(int(at.timestamp())),
        lambda at: str(int(at.timestamp() * 1000)),
        lambda at: f"{at:%a, %d %b %Y %H:%M:%S} GMT",
    ],
    ids=["iso", "unix", "milliseconds", "http"],
)
def test_its_clock_may_be_wrong_as_long_as_it_says_so(
    told: Callable[[datetime], str], skew: timedelta
) -> None:
    assert retry_at({"Retry-After": told(IN_TEN + skew)}, NOW, skew) == IN_TEN


@pytest.mark.parametrize("years", [-56, -1, 1, 70])
def test_a_date_that_makes_no_sense_of_it_is_not_believed(years: int) -> None:
    skew = timedelta(days=365 * years)

    assert retry_at({"Retry-After": IN_TEN.isoformat()}, NOW, skew) == IN_TEN


@settings(max_examples=60)
@given(st.text(), st.text(), st.timedeltas())
def test_whatever_it_says_the_end_is_near_and_in_the_future(
    after: str, reset: str, skew: timedelta
) -> None:
    found = retry_at({"Retry-After": after, "X-RateLimit-Reset": reset}, NOW, skew)

    assert NOW < found <= NOW + LONGEST


@settings(max_examples=60)
@given(st.floats(), st.datetimes())
def test_numbers_and_dates_of_any_size_do_no_harm(number: float, at: datetime) -> None:
    for told in (str(number), at.isoformat(), f"{at:%a, %d %b %Y %H:%M:%S} GMT"):
        assert NOW < retry_at({"Retry-After": told}, NOW, AHEAD) <= NOW + LONGEST
