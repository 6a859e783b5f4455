"""The ways an answer is lost or refused, and what the contract says of each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.base import (
    ConnectorError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
)
from tests.fakes.platform import Case, FakePlatform, Kind, Trouble

LOST = {
    "closed": Trouble(Kind.CLOSED),
    "stalled": Trouble(Kind.STALLED),
    "half": Trouble(Kind.HALF),
    "dripping": Trouble(Kind.DRIP),
    "202": Trouble(Kind.STATUS, status=202, body="{}"),
    "204": Trouble(Kind.STATUS, status=204),
    "invalid json": Trouble(Kind.STATUS, body='{"id": "1", "url": '),
    "another shape": Trouble(Kind.STATUS, body='["1"]'),
    "html": Trouble(
        Kind.STATUS, body="<html>Welcome</html>", headers={"Content-Type": "text/html"}
    ),
    "empty": Trouble(Kind.STATUS),
    "500": Trouble(Kind.STATUS, status=500, body='{"error": "oh"}'),
    "502 html": Trouble(Kind.STATUS, status=502, body="<h1>Bad gateway</h1>"),
    "503": Trouble(Kind.STATUS, status=503),
    "504": Trouble(Kind.STATUS, status=504),
    "302": Trouble(Kind.STATUS, status=302, headers={"Location": "/login"}),
    "307": Trouble(Kind.STATUS, status=307, headers={"Location": "/api/v1/statuses"}),
}

ENDLESS = ("stalled", "dripping")

RESETS: dict[str, dict[str, str]] = {
    "none": {},
    "seconds": {"Retry-After": "30"},
    "http date": {"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"},
    "unix": {"X-RateLimit-Reset": "4102444800"},
    "iso": {"X-RateLimit-Reset": "2100-01-01T00:00:00.000Z"},
    "past": {"X-RateLimit-Reset": "2001-01-01T00:00:00Z"},
    "zero": {"Retry-After": "0"},
    "negative": {"Retry-After": "-5"},
    "garbage": {"Retry-After": "soon", "X-RateLimit-Reset": "later"},
    "endless": {"Retry-After": "1e400", "X-RateLimit-Reset": "9" * 40},
    "nan": {"Retry-After": "nan"},
}

REFUSALS: dict[str, tuple[Trouble, type[ConnectorError]]] = {
    "401": (Trouble(Kind.STATUS, status=401, body='{"error": "x"}'), Unauthorized),
    "403": (Trouble(Kind.STATUS, status=403, body='{"error": "no"}'), Rejected),
    "403 html": (Trouble(Kind.STATUS, status=403, body="<p>Blocked</p>"), Rejected),
    "422": (Trouble(Kind.STATUS, status=422, body='{"error": "long"}'), Rejected),
    "429": (Trouble(Kind.STATUS, status=429), RateLimited),
    "500": (LOST["500"], OutcomeUnknown),
}


def applies(fake: FakePlatform, case: Case) -> None:
    if case in fake.lacks:
        pytest.skip(fake.lacks[case])


def outcome(call: Callable[[], object]) -> ConnectorError:
    with pytest.raises(ConnectorError) as raised:
        call()
    return raised.value
