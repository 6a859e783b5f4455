"""The one road out, on real sockets: where a call failed decides what it was."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import (
    ConnectorError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
)
from connectors.http import Client, Response, refusal
from connectors.http.client import ANSWER_CAP
from tests.contract.cases import outcome
from tests.fakes.line import Caller, Line, Script, reply

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OK = b"HTTP/1.1 200 OK\r\n"

LOST: dict[str, Script] = {
    "closed at once": lambda caller: None,
    "closed when heard": lambda caller: _say(caller, b""),
    "silent": lambda caller: caller.wait(),
    "dripping head": lambda caller: caller.drip(OK + b"X: y\r\n" * 500),
    "dripping body": lambda caller: _drip_body(caller),
    "dripping chunks": lambda caller: _drip_chunks(caller),
    "half a head": lambda caller: _say(caller, OK + b"Content-Le"),
    "half a body": lambda caller: _say(caller, OK + b"Content-Length: 9\r\n\r\n{}"),
    "half a chunk": lambda caller: _say(
        caller, OK + b"Transfer-Encoding: chunked\r\n\r\n9\r\n{}"
    ),
    "no last chunk": lambda caller: _say(
        caller, OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"
    ),
    "no HTTP": lambda caller: _say(caller, b"220 mail.example ESMTP\r\n"),
    "bad gzip": lambda caller: _say(
        caller, OK + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"
    ),
    "endless head": lambda caller: _say(caller, OK + b"X: " + b"y" * 70_000),
    "too much": lambda caller: _say(caller, OK + b"\r\n" + b"a" * (ANSWER_CAP + 9)),
}


def _say(caller: Caller, answer: bytes) -> None:
    caller.hear()
    caller.say(answer)


def _drip_body(caller: Caller) -> None:
    _say(caller, OK + b"Content-Length: 900\r\n\r\n")
    caller.drip(b" " * 900)


def _drip_chunks(caller: Caller) -> None:
    _say(caller, OK + b"Transfer-Encoding: chunked\r\n\r\n")
    caller.drip(b"1\r\n \r\n" * 900)


def send(line: Line, seconds: float = 10, irreversible: bool = True) -> Response:
    client = Client(line.address)
    return client.post("/x", "{}", seconds=seconds, irreversible=irreversible)


def lost_call(line: Line, name: str, irreversible: bool) -> Callable[[], Response]:
    endless = name == "silent" or name.startswith("dripping")
    return lambda: send(line, 0.7 if endless else 10, irreversible)


@pytest.mark.parametrize("name", LOST)
def test_an_answer_lost_after_sending_is_unknown_when_it_matters(name: str) -> None:
    began = time.monotonic()
    with Line(LOST[name]) as line:
        unknown = outcome(lost_call(line, name, irreversible=True))
        harmless = outcome(lost_call(line, name, irreversible=False))

    assert type(unknown) is OutcomeUnknown
    assert type(harmless) is Unavailable
    assert time.monotonic() - began < 8


def _sip(caller: Caller) -> None:
    while caller.sock.recv(65536) and not caller.gone.wait(0.05):
        pass


@pytest.mark.parametrize("script", [Caller.wait, _sip], ids=["not read", "sipped"])
def test_a_body_that_nobody_reads_is_cut_at_the_deadline(script: Script) -> None:
    began = time.monotonic()
    with Line(script) as line:
        client = Client(line.address)

        error = outcome(
            lambda: client.post("/x", "a" * 50_000_000, seconds=0.7, irreversible=True)
        )

    assert type(error) is OutcomeUnknown
    assert time.monotonic() - began < 8


def test_a_refused_connection_is_surely_nothing() -> None:
    with Line(reply(200)) as line:
        pass

    error = outcome(lambda: send(line))

    assert type(error) is Unavailable
    assert "refused" in error.reason


def test_an_unknown_name_is_surely_nothing() -> None:
    error = outcome(
        lambda: Client("http://nobody.invalid").post("/", "{}", irreversible=True)
    )

    assert type(error) is Unavailable
    assert "nobody.invalid" in error.reason


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ftp://news.example",
        "news.example",
        "https://",
        "https://me:secret@news.example",
        "https://news.example:none",
        "https://news.example:0",
        "https://news.example/?a=b",
        "https://bücher.example",
        "http://[::1",
    ],
)
def test_what_is_no_address_is_refused_in_a_sentence(address: str) -> None:
    error = outcome(lambda: Client(address).get("/"))

    assert type(error) is Rejected
    assert "https://example.org" in error.reason
    assert "secret" not in error.reason


def test_tries_every_address_of_a_name() -> None:
    with Line(reply(200)) as line:
        response = Client(f"http://localhost:{line.port}").get("/")

    assert response.ok


def test_speaks_to_ipv6_addresses() -> None:
    with Line(reply(200), host="::1") as line:
        response = Client(line.address).get("/")

        assert response.ok
        assert b"Host: [::1]:%d\r\n" % line.port in line.heard()


def test_opens_a_new_connection_for_each_call() -> None:
    with Line(reply(200, b"{}", b"Connection: keep-alive")) as line:
        for _ in range(3):
            assert send(line).ok

        assert len(line.callers) == 3
        assert b"Connection: close\r\n" in line.heard()


def test_sends_the_bytes_as_they_stand_under_the_path_of_the_base() -> None:
    with Line(reply(200)) as line:
        Client(f"{line.address}/api/").post("/x", '{"a":  "é"}', {"Key": "k"})

        heard = line.heard()
    assert heard.startswith(b"POST /api/x HTTP/1.1\r\n")
    assert b"\r\nKey: k\r\n" in heard
    assert heard.endswith('\r\n\r\n{"a":  "é"}'.encode())


def test_sends_what_a_library_made_as_it_stands() -> None:
    with Line(reply(201)) as line:
        head = {"Content-Length": "2", "Authorization": "OAuth a"}
        answer = Client(line.address).request("PUT", "/2/tweets?a=b", b"{}", head)

        heard = line.heard()

    assert answer.status == 201
    assert heard.startswith(b"PUT /2/tweets?a=b HTTP/1.1\r\n")
    assert heard.count(b"Content-Length") == 1
    assert heard.endswith(b"\r\n\r\n{}")


def test_asks_with_a_query() -> None:
    with Line(reply(200)) as line:
        Client(line.address).get("/x", {"q": "a b&c"})

        assert line.heard().startswith(b"GET /x?q=a+b%26c HTTP/1.1\r\n")


def test_reads_chunked_and_zipped_answers() -> None:
    def script(caller: Caller) -> None:
        caller.hear()
        caller.say(OK + b"Transfer-Encoding: chunked\r\n\r\n")
        caller.say(b'4\r\n{"a"\r\n4\r\n: 1}\r\n0\r\n\r\n')

    with Line(script) as line:
        assert send(line).json() == {"a": 1}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_gives_a_redirect_back_as_it_is(status: int) -> None:
    with (
        Line(reply(200)) as elsewhere,
        Line(reply(status, b"", b"Location: " + elsewhere.address.encode())) as line,
    ):
        response = send(line)

        assert elsewhere.callers == []
    assert response.status == status
    assert type(refusal(response, NOW)) is OutcomeUnknown
    assert "points to http://127.0.0.1" in response.reason


def test_a_header_that_would_break_the_request_never_leaves() -> None:
    with Line(reply(200)) as line:
        client = Client(line.address)
        error = outcome(lambda: client.post("/x", "{}", {"Key": "a\r\nEvil: yes"}))

        assert line.callers == []
    assert type(error) is Rejected
    assert "Evil" not in error.reason


@pytest.mark.parametrize(
    ("status", "irreversible", "expected"),
    [
        (400, True, Rejected),
        (401, True, Unauthorized),
        (401, False, Unauthorized),
        (403, True, Rejected),
        (404, True, Rejected),
        (408, True, OutcomeUnknown),
        (408, False, Unavailable),
        (413, True, Rejected),
        (422, True, Rejected),
        (429, True, RateLimited),
        (429, False, RateLimited),
        (499, True, OutcomeUnknown),
        (500, True, OutcomeUnknown),
        (500, False, Unavailable),
        (503, True, OutcomeUnknown),
        (503, False, Unavailable),
        (202, True, OutcomeUnknown),
        (599, True, OutcomeUnknown),
    ],
)
def test_each_status_has_its_cure(
    status: int, irreversible: bool, expected: type[ConnectorError]
) -> None:
    with Line(reply(status, b'{"error": "so"}')) as line:
        response = send(line, irreversible=irreversible)

    error = refusal(response, NOW)

    assert type(error) is expected
    assert error.reason == f"127.0.0.1:{line.port} answered {status}: so."


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"error": "Too  long\\nby 3"}', "Too long by 3"),
        (b'{"error": "a", "error_description": "Token revoked"}', "Token revoked"),
        (b'{"error": {"message": "nested"}}', "nested"),
        (b'{"errors": [{"detail": "first"}, {"detail": "second"}]}', "first"),
        (b'{"error": "<b>no</b>"}', "no"),
        (b'{"error": "<p>Text is too long</p>"}', "Text is too long"),
        (b'{"error": "<body> tags are refused"}', "<body> tags are refused"),
        (b'{"error": "Use <html> nowhere"}', "Use <html> nowhere"),
        (b'{"error": "<html><h1>502</h1></html>"}', "Unprocessable"),
        (b'{"error": "Refused.<!DOCTYPE html><p>x"}', "Refused."),
        (b"<!doctype html><title>Sorry</title>", "Unprocessable"),
        (b"Text is over <500> letters.", "Text is over <500> letters."),
        (b"", "Unprocessable"),
        (b"[" * 100_000, "Unprocessable"),
        (b'{"error": "s3cret and s%33cret"}', "••• and s%33cret"),
        (b'{"error": "a%2Fb=="}', "a%2Fb=="),
        (b'{"error": "Bearer xyz is bad"}', "Bearer ••• is bad"),
    ],
)
def test_tells_the_platforms_words_short_and_clean(body: bytes, words: str) -> None:
    with Line(reply(422, body)) as line:
        client = Client(line.address, secrets=("s3cret",))
        response = client.post("/x", "{}")

    assert response.words.startswith(words)
    assert "<" not in response.reason.replace(words, "")


@pytest.mark.parametrize(
    "said",
    [
        "Text must be < 500 letters",
        "The tag <script> is not allowed",
        "<b> and <i> only",
        "Write to <editor@paper.example>",
        "Max <500>, got 501",
        "Not allowed: </p>",
        "I <3 this, but no",
    ],
)
def test_words_with_a_sign_of_markup_are_words(said: str) -> None:
    with Line(reply(422, json.dumps({"error": said}).encode())) as line:
        response = send(line)

    assert response.words == said


@pytest.mark.parametrize("secret", ["a", "th", "not", "token", ""])
def test_what_is_too_short_for_a_secret_is_no_secret(secret: str) -> None:
    with Line(reply(401, b'{"error": "Unauthorized: the token is not valid"}')) as line:
        response = Client(line.address, secrets=(secret,)).get("/x")

    assert response.words == "Unauthorized: the token is not valid"


def test_cuts_long_words() -> None:
    with Line(reply(422, b'{"error": "%s"}' % (b"a " * 500))) as line:
        response = send(line)

    assert len(response.words) == 200
    assert response.words.endswith("…")


@pytest.mark.parametrize("encoded", ["to/k=n", "to%2Fk%3Dn"])
def test_strikes_a_secret_out_however_it_is_written(encoded: str) -> None:
    with Line(reply(400, b'{"error": "at %s"}' % encoded.encode())) as line:
        response = Client(line.address, secrets=("to/k=n",)).get("/x")

    assert response.words == "at •••"


def test_tells_how_far_the_platforms_clock_is_ahead() -> None:
    ahead = datetime.now(UTC) + timedelta(hours=1)
    told = f"Date: {ahead:%a, %d %b %Y %H:%M:%S GMT}".encode()
    with Line(reply(200, b"{}", told)) as line:
        response = send(line)

    assert response.skew is not None
    assert abs(response.skew - timedelta(hours=1)) < timedelta(seconds=2)


@pytest.mark.parametrize("header", [b"X: y", b"Date: yesterday", b"Date: "])
def test_a_clock_that_says_nothing_is_not_guessed(header: bytes) -> None:
    with Line(reply(200, b"{}", header)) as line:
        assert send(line).skew is None


@pytest.mark.parametrize("body", [b"", b"{", b"<p>ok</p>", b"[1]", b"null", b"\xff"])
def test_a_success_that_says_nothing_is_a_lost_answer(body: bytes) -> None:
    with Line(reply(200, body)) as line:
        unknown = outcome(send(line).entry)
        harmless = outcome(send(line, irreversible=False).entry)

    assert type(unknown) is OutcomeUnknown
    assert type(harmless) is Unavailable


def test_shows_neither_headers_nor_bodies_in_its_repr() -> None:
    with Line(reply(200, b'{"a": "s3cret"}')) as line:
        client = Client(line.address, {"Authorization": "Bearer s3cret"}, ("s3cret",))
        response = client.get("/x")

    assert "s3cret" not in repr(client) + repr(response)
