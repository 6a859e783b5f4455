"""X: what is left, of an account and of an app that several accounts share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import RateLimited, Staged
from connectors.x import X
from tests.contract.cases import outcome
from tests.contract.conftest import AT, prepared
from tests.contract.servers import answer
from tests.contract.x_server import HELLO, connected, problem
from tests.fakes.x import XFake
from tests.fakes.x_access import KEYS

HOURS = timedelta(hours=1)


@pytest.fixture
def fake() -> Iterator[XFake]:
    with XFake() as opened:
        yield opened


@pytest.fixture
def x(fake: XFake) -> X:
    return connected(fake)


def app_of(**values: str) -> str:
    return X({"server": "https://api.x.com", **values}).app


def test_an_apps_day_is_told_apart_from_the_accounts_quarter(x: X, fake: XFake) -> None:
    fake.allow_app(1)

    account, app = x.publish(prepared(x, HELLO)).rate_limits

    assert (account.left, account.shared) == (99, False)
    assert (app.left, app.shared) == (0, True)
    assert 23 * HOURS < app.until - datetime.now(UTC) <= 24 * HOURS


def test_an_app_that_used_up_its_day_makes_all_its_accounts_wait(
    x: X, fake: XFake
) -> None:
    fake.allow_app(0)

    error = outcome(lambda: x.publish(prepared(x, HELLO)))

    assert isinstance(error, RateLimited)
    assert error.shared
    assert error.until - datetime.now(UTC) > 23 * HOURS


def test_an_account_that_used_up_its_quarter_waits_alone(x: X, fake: XFake) -> None:
    fake.allow(0)
    fake.allow_app(1)

    error = outcome(lambda: x.publish(prepared(x, HELLO)))

    assert isinstance(error, RateLimited)
    assert not error.shared
    assert error.until - datetime.now(UTC) < HOURS


@pytest.mark.parametrize("status", [402, 429])
def test_credit_is_the_apps(x: X, fake: XFake, status: int) -> None:
    fake.expect(problem(status, "usage-capped", "Monthly product cap"))

    error = outcome(lambda: x.publish(x.compose(HELLO, Staged(), "k", AT)))

    assert isinstance(error, RateLimited)
    assert error.shared


@pytest.mark.parametrize(
    "headers",
    [
        {"x-rate-limit-remaining": "0"},
        {"x-rate-limit-remaining": "0", "x-rate-limit-reset": "soon"},
        {"x-rate-limit-remaining": "0", "x-rate-limit-reset": "1000000000"},
        {"x-rate-limit-remaining": "-1", "x-rate-limit-reset": "60"},
        {"x-rate-limit-remaining": "", "x-rate-limit-reset": "60"},
        {"x-rate-limit-remaining": "0x0", "x-rate-limit-reset": "60"},
        {"x-rate-limit-remaining": "\u00b2", "x-rate-limit-reset": "60"},
        {"x-rate-limit-remaining": "9" * 9000, "x-rate-limit-reset": "60"},
    ],
    ids=lambda headers: str(headers)[:60],
)
def test_what_cannot_be_read_keeps_nobody_waiting(
    x: X, fake: XFake, headers: dict[str, str]
) -> None:
    post = '{"data": {"id": "12", "text": "Hello from the desk\\n\\nhttps://t.co/a"}}'
    fake.expect(replace(answer(201, post), headers=headers))

    assert x.publish(prepared(x, HELLO)).rate_limits == ()


def test_channels_of_one_app_name_the_same_app() -> None:
    other = {**KEYS, "access_token": "1002-other", "access_token_secret": "other"}

    assert app_of(**KEYS) == app_of(**other)
    assert app_of(**KEYS) != app_of(**{**KEYS, "consumer_key": "another"})
    assert app_of(client_id="a") == app_of(client_id="a", oauth2_access_token="t")
    assert app_of(client_id="a") != app_of(client_id="b")
    assert app_of(**KEYS) == app_of(**KEYS, client_id="a")
    assert app_of(oauth2_access_token="t") == ""
