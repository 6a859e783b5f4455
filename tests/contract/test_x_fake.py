"""The fake X is as strict as it claims."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from connectors.base import Message
from connectors.http import Client, Response
from tests.contract.conftest import prepared
from tests.contract.x_server import HELLO, connected
from tests.fakes.x import XFake
from tests.fakes.x_entities import length, links

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
        {"text": "Hello", "media": {"media_ids": [7_000_000_000]}},
        {"text": "Hello", "reply": {"in_reply_to_tweet_id": "7"}},
        {"text": "Hello", "reply": {"in_reply_to_tweet_id": "at://7"}},
        {"text": "news.com " * 12},
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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://paper.example/a.", ["https://paper.example/a"]),
        ("news.com and foo.co.jp, not foo.comm", ["news.com", "foo.co.jp"]),
        ("me@news.com @news.com #news.com", []),
        ("日本語です。news.com/path中国語", ["news.com/path"]),
        ("（https://paper.example/a）です", ["https://paper.example/a"]),
        ("http://a.com/b_(c) http://a.com/(d", ["http://a.com/b_(c)", "http://a.com/"]),
        ("http://a.com/b?c=1&d=2! x", ["http://a.com/b?c=1&d=2"]),
        ("http://a_b.com http://no-end http://-a.com", []),
        ("https://t.co/abc's https://t.co/d-e", ["https://t.co/abc", "https://t.co/d"]),
    ],
)
def test_finds_links_as_twitter_text_does(text: str, found: list[str]) -> None:
    assert [link.typed for link in links(text)] == found


@pytest.mark.parametrize(
    ("text", "long"),
    [
        ("abc", 3),
        ("日本", 4),
        ("A\u0301", 1),
        ("👨‍👩‍👧‍👦", 2),
        ("🙋🏽☺", 4),
        ("“a”–…", 6),
        ("See news.com", 27),
        ("https://paper.example/" + "a" * 200, 23),
    ],
)
def test_counts_as_twitter_text_does(text: str, long: int) -> None:
    assert length(text) == long


def test_says_where_its_own_short_links_stand(fake: XFake) -> None:
    body = {"text": "A & B: news.com/a and https://paper.example/b."}
    said(fake, "/2/tweets", json.dumps(body).encode())

    shown = fake.posts.shown(fake.posts.posts[0], {"entities"})

    urls = shown["entities"]["urls"]
    assert [one["expanded_url"] for one in urls] == [
        "http://news.com/a",
        "https://paper.example/b",
    ]
    for one in urls:
        assert unescape(shown["text"])[one["start"] : one["end"]] == one["url"]


def test_logs_what_it_accepts_before_it_answers(tmp_path: Path) -> None:
    log = tmp_path / "published.jsonl"
    with XFake(log=log) as fake:
        x = connected(fake)
        x.publish(prepared(x, HELLO))
        x.publish(prepared(x, Message("Two")))

    logged = [json.loads(line) for line in log.read_text().splitlines()]
    assert [one["text"] for one in logged][1:] == ["Two"]
