"""The fake X is as strict as it claims."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.base import Message
from connectors.http import Client, Response
from tests.contract.conftest import prepared
from tests.contract.x_server import HELLO, connected
from tests.fakes.x import XFake

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def fake() -> Iterator[XFake]:
    with XFake(oauth=2) as opened:
        yield opened


def said(fake: XFake, path: str, body: bytes, **headers: str) -> Response:
    sent = {"Authorization": f"Bearer {fake.token}", **JSON}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return Client(fake.address).request("POST", path, body, sent)


@pytest.mark.parametrize(
    "body",
    [
        {"status": "Hello"},
        {"text": ""},
        {"text": "a" * 281},
        {"text": "日" * 141},
        {"text": "Hello", "media": {"media_ids": ["1"] * 5}},
        {"text": "Hello", "media": {"media_ids": ["1"]}},
        {"text": "Hello", "media": {"media_ids": ["7"], "title": "x"}},
        {"text": "Hello", "reply": {"in_reply_to_tweet_id": "7"}},
        {"text": "$ABC $DEF"},
    ],
    ids=lambda body: json.dumps(body)[:40],
)
def test_refuses_what_x_refuses(fake: XFake, body: dict[str, object]) -> None:
    answer = said(fake, "/2/tweets", json.dumps(body).encode())

    assert answer.status in (400, 403)
    assert fake.published() == []


@pytest.mark.parametrize("path", ["/2/tweets", "/2/media/upload"])
def test_takes_no_form(fake: XFake, path: str) -> None:
    kind = "application/x-www-form-urlencoded"

    assert said(fake, path, b"text=Hello", Content_Type=kind).status == 415


@pytest.mark.parametrize(
    "told", ["", "Bearer other", "Basic YQ==", 'OAuth oauth_token="a"', "OAuth"]
)
def test_admits_no_stranger(fake: XFake, told: str) -> None:
    assert said(fake, "/2/tweets", b'{"text": "a"}', Authorization=told).status == 401


def test_a_token_ends(fake: XFake) -> None:
    fake.access.tokens[fake.token] = 0

    assert said(fake, "/2/tweets", b'{"text": "a"}').status == 401


def test_a_signature_is_good_once_and_for_its_own_request() -> None:
    with XFake() as fake:
        connected(fake).check()
        [heard] = fake.heard
        signed = {"Authorization": heard.headers["Authorization"]}
        client = Client(fake.address)

        again = client.request("GET", heard.path, None, signed)
        other = client.request("GET", "/2/users/1001/tweets", None, signed)

    assert (again.status, other.status) == (401, 401)


def test_limits_the_rate_and_says_until_when(fake: XFake) -> None:
    fake.allowed = 1
    first = said(fake, "/2/tweets", b'{"text": "a"}')

    second = said(fake, "/2/tweets", b'{"text": "b"}')

    assert (first.status, second.status) == (201, 429)
    assert first.headers["x-rate-limit-remaining"] == "0"
    assert int(second.headers["x-rate-limit-reset"]) > second.at.timestamp()


def test_shows_a_text_as_x_does(fake: XFake) -> None:
    answer = said(fake, "/2/tweets", b'{"text": "A & B: https://a.example/x."}')

    text = json.loads(answer.body)["data"]["text"]
    assert text.startswith("A &amp; B: https://t.co/")
    assert text.endswith(".")


def test_logs_what_it_accepts_before_it_answers(tmp_path: Path) -> None:
    log = tmp_path / "published.jsonl"
    with XFake(log=log) as fake:
        x = connected(fake)
        x.publish(prepared(x, HELLO))
        x.publish(prepared(x, Message("Two")))

    logged = [json.loads(line) for line in log.read_text().splitlines()]
    assert [one["text"] for one in logged][1:] == ["Two"]
