"""Hosts: a request that names none that can be is refused before it is looked at."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk import logs
from tests.serving import served
from tests.web.test_dawdlers import everything

SECRET = "kZ3-a_one-time-token"
PATIENCE_S = 20


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    with served(app) as number:
        yield number


@pytest.fixture
def log(capfd: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """All that a web process would write."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    logs.configure("console")
    yield capfd
    root.handlers, root.level = handlers, level


def asked(
    port: int, *heads: bytes, path: str = "/healthz", version: str = "1.1"
) -> bytes:
    line = f"GET {path} HTTP/{version}".encode()
    sent = b"\r\n".join([line, *heads, b"Connection: close", b"", b""])
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as to:
        to.sendall(sent)
        return everything(to)


NO_HOSTS = [
    b"a..b", b".", b"..", b".desk.paper.org", b"desk..paper.org", b"desk.paper.org..",
    b"a" * 64, b"desk." + b"b" * 64 + b".org", b".".join([b"a" * 63] * 5), b"",
    b"\xff\xfe", b"d\xc3\xa9sk.org", b"desk paper.org", b"desk,paper.org", b"a/b",
    b"user@desk.org", b"desk.org?x", b"desk.org#x", b"desk%2eorg", b"desk\\org", b"*",
    b"desk.org:http", b"desk.org:-1", b"desk.org:0", b"desk.org:65536",
    b"desk.org:99999999", b"desk.org:80:80", b"desk.org: 80", b":80", b":", b"::1",
    b"[::1", b"::1]", b"[]", b"[x]", b"[127.0.0.1]", b"[::1]:x", b"[::1]80", b"[v1.x]",
    b"[1:2:3]", b"[fe80::1%eth0]", b"<script>", b"desk\tpaper",
]  # fmt: skip
HOSTS = [
    b"localhost", b"127.0.0.1", b"127.0.0.1:8420", b"[::1]", b"[::1]:8420",
    b"[::ffff:10.0.0.1]", b"desk.paper.org", b"DESK.Paper.ORG", b"desk.paper.org.",
    b"desk_web:8420", b"xn--dsk-bma.paper.org", b"xn--a", b"a" * 63, b"3sat.de:65535",
    b"desk-1.internal", b"desk.org:", b"desk.org:1",
]  # fmt: skip


def is_refused(answer: bytes) -> bool:
    head, _, body = answer.partition(b"\r\n\r\n")
    refused = head.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400"))
    return refused and b"names no host" in body


@pytest.mark.parametrize("path", ["/healthz", "/sign-in", f"/sign-in/{SECRET}", "/x"])
def test_what_names_no_host_is_a_bad_request_and_leaves_no_line(
    port: int, path: str, log: pytest.CaptureFixture[str]
) -> None:
    passed = [
        host for host in NO_HOSTS
        if not is_refused(asked(port, b"Host: " + host, path=path))
    ]  # fmt: skip

    assert passed == []
    assert log.readouterr() == ("", "")


def test_two_hosts_are_none(port: int) -> None:
    assert is_refused(asked(port, b"Host: localhost", b"Host: localhost"))
    assert is_refused(asked(port, b"Host: localhost", b"Host: evil.example"))


@pytest.mark.parametrize("path", ["/healthz", "/sign-in", f"/sign-in/{SECRET}"])
@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
def test_only_programs_from_before_hosts_may_name_none(
    port: int, path: str, version: str
) -> None:
    assert is_refused(asked(port, path=path, version=version))
    assert not is_refused(asked(port, path=path, version="1.0"))


@pytest.mark.parametrize("host", HOSTS)
def test_whatever_can_be_a_host_is_served(port: int, host: bytes) -> None:
    for path in ("/healthz", "/sign-in"):
        assert asked(port, b"Host: " + host, path=path).startswith(b"HTTP/1.1 200")


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(host=st.one_of(st.binary(max_size=80), st.text("a.-_:[]1%", max_size=300)))
def test_no_host_breaks_the_desk(port: int, host: bytes | str) -> None:
    said = host if isinstance(host, bytes) else host.encode()

    answer = asked(port, b"Host: " + said.replace(b"\r", b"").replace(b"\n", b""))

    assert answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 400", b"HTTP/1.0 400"))


def test_a_host_that_came_past_the_server_is_told_in_a_sentence(
    app: Flask, log: pytest.CaptureFixture[str]
) -> None:
    """As where another server than ours serves the desk."""
    for host in ("a..b", ".", "a" * 64):
        answer = app.test_client().get(f"/sign-in/{SECRET}", headers={"Host": host})

        assert answer.status_code == 400
        assert "could not make sense of this request" in answer.text
    assert SECRET not in "".join(log.readouterr())


@pytest.mark.parametrize("fails", ["in Flask", "around it", "while it is written"])
def test_whatever_fails_no_line_has_the_one_time_link(
    app: Flask, fails: str, log: pytest.CaptureFixture[str]
) -> None:
    def breaks(*_: Any, **__: Any) -> Any:
        raise RuntimeError(f"no luck with '/sign-in/{SECRET}'")

    def writes(_: object, start: object) -> Iterator[bytes]:
        start("200 OK", [])  # type: ignore[operator]  # as WSGI has it
        yield b"half"
        breaks()

    if fails == "in Flask":
        app.register_error_handler(Exception, breaks)
        app.view_functions["sign_in.link"] = breaks
    else:
        app.wsgi_app = breaks if fails == "around it" else writes  # type: ignore[method-assign,assignment]  # Flask's documented way

    with served(app) as port:
        for path in (
            f"/sign-in/{SECRET}",
            f"//sign-in//{SECRET}",
            f"/Sign-In/{SECRET}?a=b",
        ):
            asked(port, b"Host: localhost", path=path)

    said = "".join(log.readouterr())
    assert "no luck" in said
    assert SECRET not in said
