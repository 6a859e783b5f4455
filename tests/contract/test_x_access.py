"""X: the two ways in, what is missing, and tokens that are made anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.base import (
    CantTell,
    ConnectorError,
    Message,
    Prepared,
    RateLimited,
    Unauthorized,
    Unavailable,
)
from connectors.x import X
from connectors.x.connector import SHORT_LIVED
from tests.contract.cases import outcome
from tests.contract.conftest import PATIENT, prepared
from tests.contract.servers import answer
from tests.contract.x_server import HELLO, connected
from tests.fakes.platform import Kind, Trouble
from tests.fakes.x import XFake
from tests.fakes.x_access import APP_TOKEN, KEYS

RENEWAL = "POST /2/oauth2/token"
NEITHER = "X needs its four OAuth 1.0a keys, or an OAuth 2 access token."


@pytest.fixture
def fake() -> Iterator[XFake]:
    with XFake(oauth=2) as opened:
        yield opened


def kept(x: X) -> X:
    """As the desk has it after a renewal."""
    again = X({**x.credentials, **x.renew()})
    again.deadline = PATIENT
    return again


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, NEITHER),
        ({"client_id": "a", "client_secret": "b"}, NEITHER),
        (
            {**KEYS, "access_token_secret": ""},
            "X needs all four keys. Missing: Access token secret.",
        ),
        (
            {**KEYS, "access_token_secret": " ", "consumer_key": ""},
            "X needs all four keys. Missing: API key, Access token secret.",
        ),
        (
            {"refresh_token": "r", "client_id": "c"},
            "The OAuth 2 access token is not made yet: check again.",
        ),
    ],
)
def test_says_what_is_missing_before_any_request(
    fake: XFake, given: Mapping[str, str], said: str
) -> None:
    x = X({"server": fake.address, **given})

    for call in (x.check, lambda: x.publish(Prepared("k", '{"text": "a"}'))):
        error = outcome(call)
        assert (type(error), error.reason) == (Unauthorized, said)
    assert x.find(Prepared("k", '{"text": "a"}'), datetime.now(UTC)) == CantTell(said)
    assert fake.requests() == []


def test_posts_with_a_token_as_with_keys(fake: XFake) -> None:
    x = connected(fake)

    receipt = x.publish(prepared(x, HELLO))

    assert [seen.remote_id for seen in fake.published()] == [receipt.remote_id]
    assert fake.heard[-1].headers["Authorization"] == f"Bearer {fake.token}"


def test_no_netrc_replaces_the_token(
    fake: XFake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login eve password eve\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))

    connected(fake).check()

    assert fake.heard[-1].headers["Authorization"] == f"Bearer {fake.token}"


def test_takes_the_keys_where_both_are_given(fake: XFake) -> None:
    x = connected(fake, **KEYS)

    assert x.check().name == "@desk"
    assert fake.heard[-1].headers["Authorization"].startswith("OAuth ")
    assert x.renew_at() is None


def test_signs_for_the_address_that_is_called() -> None:
    with XFake() as fake:
        x = connected(fake)

        x.publish(prepared(x, Message("Signed")))

        signed = fake.heard[-1].headers["Authorization"]
    assert len(fake.published()) == 1
    assert KEYS["consumer_secret"] not in signed


@pytest.mark.parametrize("name", sorted(KEYS))
def test_a_wrong_key_is_unauthorized(name: str) -> None:
    with XFake() as fake:
        x = connected(fake, **{name: "another-key-of-the-same-size"})

        assert type(outcome(x.check)) is Unauthorized


def test_the_token_of_an_app_alone_is_unauthorized(fake: XFake) -> None:
    x = connected(fake, oauth2_access_token=APP_TOKEN)

    for call in (x.check, lambda: x.publish(prepared(x, HELLO))):
        error = outcome(call)
        assert type(error) is Unauthorized
        assert "Application-Only is forbidden" in error.reason


def test_a_token_without_another_to_renew_it_works_until_it_ends(fake: XFake) -> None:
    x = connected(fake, refresh_token="")

    account = x.check()

    assert x.renew_at() is None
    assert account.warnings == (SHORT_LIVED,)
    assert account.expires_at is None


def test_must_renew_where_nobody_knows_when_the_token_ends(fake: XFake) -> None:
    at = connected(fake).renew_at()

    assert at is not None
    assert at < datetime.now(UTC)


def test_a_renewed_token_works_until_shortly_before_its_end(fake: XFake) -> None:
    x = kept(connected(fake))

    at = x.renew_at()
    assert at is not None
    rest = at - datetime.now(UTC)
    assert timedelta(minutes=105) < rest < timedelta(hours=2)
    assert x.check().warnings == ()
    assert x.credentials["oauth2_access_token"] != fake.token


def test_a_renewal_uses_the_token_that_the_last_one_brought(fake: XFake) -> None:
    x = connected(fake)

    for _ in range(3):
        x = kept(x)

    assert x.check().name == "@desk"


def test_a_refresh_token_that_was_used_ends_them_all(fake: XFake) -> None:
    old = connected(fake)
    new = kept(old)

    error = outcome(old.renew)

    assert type(error) is Unauthorized
    assert "token was invalid" in error.reason
    assert type(outcome(new.check)) is Unauthorized


def test_a_confidential_app_says_who_it_is(fake: XFake) -> None:
    fake.access.client_secret = "a+b/c"

    assert type(outcome(connected(fake).renew)) is Unauthorized
    assert kept(connected(fake, client_secret="a+b/c")).check().name == "@desk"


def test_cannot_renew_without_the_client_id(fake: XFake) -> None:
    error = outcome(connected(fake, client_id="").renew)

    assert (type(error), error.reason) == (
        Unauthorized,
        "To renew its token, X needs the client ID.",
    )
    assert fake.requests() == []


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (Trouble(Kind.CLOSED, on=RENEWAL), Unavailable),
        (Trouble(Kind.STATUS, status=503, on=RENEWAL), Unavailable),
        (Trouble(Kind.STATUS, status=200, body="{}", on=RENEWAL), Unavailable),
        (Trouble(Kind.STATUS, status=200, body="[]", on=RENEWAL), Unavailable),
        (Trouble(Kind.STATUS, status=429, on=RENEWAL), RateLimited),
        (Trouble(Kind.STATUS, status=401, on=RENEWAL), Unauthorized),
    ],
    ids=["closed", "503", "empty", "list", "429", "401"],
)
def test_a_renewal_that_fails_is_told_by_its_cure(
    fake: XFake, trouble: Trouble, expected: type[ConnectorError]
) -> None:
    fake.expect(trouble)

    assert type(outcome(connected(fake).renew)) is expected


def test_names_no_token_that_x_says_back(fake: XFake) -> None:
    echo = f'{{"error_description": "bad {fake.refresh_token}"}}'
    fake.expect(Trouble(Kind.STATUS, status=400, body=echo, on=RENEWAL))

    assert fake.refresh_token not in outcome(connected(fake).renew).reason


@pytest.mark.parametrize("typed", ["{}/", " {} ", "{}"])
def test_an_address_may_end_in_a_stroke(fake: XFake, typed: str) -> None:
    x = connected(fake, server=typed.format(fake.address))

    assert x.check().remote_id == "1001"


@pytest.mark.parametrize("typed", ["", "api.x.com", "https://api.x.com/"])
def test_goes_to_x_unless_told_otherwise(typed: str) -> None:
    assert X({"server": typed}).server == "https://api.x.com"


@pytest.mark.parametrize("typed", ["http://", "ftp://api.x.com", "http://a b", "x://["])
def test_what_is_no_address_is_no_call(typed: str) -> None:
    error = outcome(X({"server": typed, **KEYS}).check)

    assert isinstance(error, ConnectorError)
    assert error.reason


def test_a_server_that_refuses_everyone_is_told_on_check(fake: XFake) -> None:
    fake.expect(answer(403, '{"title": "Forbidden"}'))
    fake.expect(Trouble(Kind.STATUS, status=403, body="<p>no</p>", on="GET"))

    assert type(outcome(connected(fake).check)) is Unauthorized
