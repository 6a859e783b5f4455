"""Whatever bytes a connection sends are answered, or it ends; the next is served."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from tests.web.test_dawdlers import LAST, PATIENCE_S, everything, process

WAITS_S = 0.5  # whoever says that there is more is waited for, longer than this
MOST_LINES = 1  # in the log, of one connection
HOST = b"Host: localhost\r\n"
CLOSE = b"Connection: close\r\n"
POST = b"POST /sign-in HTTP/1.1\r\n" + HOST

names = st.sampled_from(
    [
    b"Host", b"Content-Length", b"Transfer-Encoding", b"Expect", b"Connection",
    b"Cookie", b"Range", b"Accept-Encoding", b"If-Modified-Since",
    b"X-Forwarded-For", b"X-Forwarded-Host", b"X-Forwarded-Proto", b"Forwarded",
    b"Origin", b"Referer", b"Content-Type", b"Accept-Language", b"Authorization",
    b"User-Agent", b"If-None-Match"]
)  # fmt: skip
odd = st.sampled_from(
    [
    b"", b"-1", b"+5", b"0x10", b"9" * 5000, b"1e9", b"5, 5", b"chunked",
    b"gzip, chunked", b"chunked, chunked", b"100-continue", b"close", b"[::1",
    b"[::1]:x", b"localhost:", b"localhost:99999999", b"a" * 300, b"\xff\xfe",
    b"\xc3\xa9", b"%", b"%zz", b"%00", b"//", b"///x", b"http://[",
    b"http://[::1/", b"http://\xe2\x84\x80/", b"http://a:b@c:d/", b"*", b"bytes=-",
    b"bytes=5-1", b"bytes=99999999999999999999-", b"desk=%00", b"\x00",
    b"multipart/form-data; boundary=",
    b"application/x-www-form-urlencoded; charset=rot13",
    b"text/html; charset=\xff", b"Basic \xff", b"/healthz", b"/static/%00",
    b"/static/../x", b"/inbox?%ff=%zz&a[]=\xff",
    b"/pictures/%F0%28%8C%28/card.jpg", b"/posts/" + b"9" * 400]
)  # fmt: skip
words = st.one_of(odd, st.binary(max_size=20), odd.map(lambda one: b"/" + one))
methods = st.one_of(
    st.sampled_from([b"GET", b"POST", b"HEAD", b"OPTIONS", b"PUT", b"CONNECT", b"get"]),
    st.binary(max_size=6),
)
versions = st.sampled_from(
    [b"HTTP/1.1", b"HTTP/1.0", b"HTTP/0.9", b"HTTP/2.0", b"HTTP/9.9", b"HTTP/x", b""]
)
addresses = st.one_of(
    st.sampled_from(
        [b"/healthz", b"/sign-in", b"/live/events", b"/metrics", b"/static/"]
    ),
    st.binary(max_size=20).map(lambda one: b"/" + quote(one, safe="").encode()),
    st.binary(max_size=20).map(lambda one: b"/sign-in?next=" + one.replace(b" ", b"")),
    odd.map(lambda one: b"/" + one.replace(b" ", b"")),
)
usual = st.builds(
    lambda method, of: b" ".join([method, of, b"HTTP/1.1"]),
    st.sampled_from([b"GET", b"HEAD", b"POST", b"OPTIONS", b"PATCH"]),
    addresses,
)
lines = st.one_of(usual, st.builds(lambda *of: b" ".join(of), methods, words, versions))
fields = st.builds(lambda name, value: name + b": " + value, names, words)
heads = st.builds(
    lambda line, of: b"\r\n".join([line, *of]) + b"\r\n",
    lines,
    st.one_of(
        st.lists(fields, max_size=4),
        st.lists(st.one_of(fields, st.binary(max_size=30)), max_size=4),
    ),
)
sizes = st.one_of(
    st.sampled_from([b"0", b"5", b"-1", b"+1", b"0x5", b"f" * 40, b"5;a=b", b" 5"]),
    st.binary(max_size=6),
)
chunks = st.builds(
    lambda of: b"".join(size + b"\r\n" + said + b"\r\n" for size, said in of),
    st.lists(st.tuples(sizes, st.binary(max_size=8)), max_size=4),
)
chunked = chunks.map(lambda of: POST + b"Transfer-Encoding: chunked\r\n\r\n" + of)
requests = st.one_of(
    heads.map(lambda of: of + CLOSE + b"\r\n"),
    st.builds(lambda of, body: of + b"\r\n" + body, heads, st.binary(max_size=20)),
    chunked,
    st.binary(max_size=200).map(lambda of: of + b"\r\n\r\n"),
)


@pytest.fixture(scope="module", params=["web", "live"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[int, Path]]:
    """Its port, and its log."""
    home = tmp_path_factory.mktemp("home")
    log = home / "log"
    with log.open("wb") as to, process(request.param, home, to) as (number, _):
        yield number, log


def answered(by: socket.socket, sent: bytes) -> bytes:
    """Nothing where it was ended, or where more is waited for."""
    by.settimeout(WAITS_S)
    try:
        by.sendall(sent)
        return everything(by)
    except (ConnectionError, TimeoutError):
        return b""


def asked(line: bytes, *of: bytes) -> bytes:
    return b"\r\n".join([line, HOST.strip(), *of, b"", b""])


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sent=requests)
@example(sent=asked(b"GET http://[::1/ HTTP/1.1"))
@example(sent=asked(b"GET http://]/ HTTP/1.1"))
@example(sent=asked(b"GET http://[x]/ HTTP/1.1"))
@example(sent=asked(b"GET http://[v1.x]:y/ HTTP/1.1"))
@example(sent=asked(b"POST /sign-in HTTP/1.1", b"Content-Length: " + b"9" * 5000))
@example(sent=asked(b"GET /sign-in HTTP/1.1", b"Host: [::1"))
@example(sent=POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 5000 + b"\r\n")
@example(sent=asked(b"GET //inbox?a=\xff HTTP/1.1"))
@example(sent=asked(b"GET /static/%00 HTTP/1.1"))
@example(sent=asked(b"GET /\xff\xfe HTTP/1.1", b"Cookie: desk=\xff; a=\x01"))
def test_any_bytes_are_answered_or_ended_and_the_next_one_served(
    served: tuple[int, Path], sent: bytes
) -> None:
    port, log = served
    before = log.stat().st_size
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as sender:
        answer = answered(sender, sent + b"\r\n\r\n" + LAST * 3)

    event(answer[:13].decode())
    assert answer == b"" or answer.startswith((b"HTTP/1.", b"HTTP/0.9"))
    assert not answer.startswith((b"HTTP/1.1 5", b"HTTP/1.0 5")) or b" 501 " in answer
    said = log.read_bytes()[before:]
    assert said.count(b"\n") <= MOST_LINES, said
    assert b"xception" not in said
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as other:
        other.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        assert everything(other).startswith(b"HTTP/1.0 200")


@pytest.mark.parametrize(
    "line",
    [
        b"GET http://[::1/ HTTP/1.1",
        b"GET http://]/ HTTP/1.1",
        b"GET http://[x]/ HTTP/1.1",
    ],
)
def test_an_address_that_can_not_be_read_is_a_bad_request(
    served: tuple[int, Path], line: bytes
) -> None:
    port, log = served
    before = log.stat().st_size
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as sender:
        sender.sendall(asked(line))

        assert everything(sender).startswith(b"HTTP/1.1 400")

    assert log.read_bytes()[before:].count(b"\n") <= MOST_LINES


def test_a_length_of_thousands_of_digits_is_a_bad_request(
    served: tuple[int, Path],
) -> None:
    port, _ = served
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as sender:
        sender.sendall(asked(b"GET / HTTP/1.1", b"Content-Length: " + b"9" * 5000))

        assert b" 400 " in everything(sender).splitlines()[0]
