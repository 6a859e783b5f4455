"""Framing: where a request ends is told in one way, or it is refused."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.serving import served
from tests.web.test_dawdlers import PATIENCE_S, everything
from web.serving import TWO_LENGTHS

LENGTH = b"Content-Length: 5"
CHUNKED = b"Transfer-Encoding: chunked"
NEXT = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "answered", methods=["POST"])
    with served(app) as number:
        yield number


def sent(port: int, *heads: bytes, body: bytes, version: bytes = b"1.1") -> bytes:
    line = b"POST / HTTP/" + version
    said = b"\r\n".join([line, b"Host: localhost", *heads, b"", b""]) + body
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as to:
        to.sendall(said)
        return everything(to)


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
@pytest.mark.parametrize("heads", [(LENGTH, CHUNKED), (CHUNKED, LENGTH)])
def test_a_length_told_in_two_ways_is_refused_with_all_behind_it(
    port: int, heads: tuple[bytes, ...], version: bytes
) -> None:
    answers = sent(port, *heads, body=b"0\r\n\r\n" + NEXT, version=version)

    assert answers.startswith(b"HTTP/" + version + b" 400 ")
    assert TWO_LENGTHS.encode() in answers
    assert answers.count(b"HTTP/1.") == 1


@pytest.mark.parametrize(
    ("head", "body"), [(LENGTH, b"words"), (CHUNKED, b"5\r\nwords\r\n0\r\n\r\n")]
)
def test_a_length_told_in_either_way_is_heard(
    port: int, head: bytes, body: bytes
) -> None:
    answer = sent(port, head, b"Connection: close", body=body)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"answered")
