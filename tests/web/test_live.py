"""The live process: streams for the desk's own signed-in pages."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection, HTTPResponse

import pytest
from flask import Flask

from connectors.paper import Paper
from desk import db, people
from desk.config import Settings
from desk.desk import Desk
from desk.models.people import Role
from tests.factories import make_channel, make_post
from tests.fakes.scripted import Scripted
from tests.serving import served
from web import live
from web.app_factory import bare_app

OWN = "http://localhost:8420"
PATIENCE_S = 15


@pytest.fixture
def streams(settings: Settings, desk: Desk) -> Flask:
    return live.create_app(settings, {"scripted": Scripted, "paper": Paper})


@pytest.fixture
def token(desk: Desk) -> str:
    with desk.db.writing() as session:
        now = db.now(session)
        admin = people.ensure_admin(session, now)
        return people.begin_session(session, admin.id, "", now)


@pytest.fixture
def port(streams: Flask) -> Iterator[int]:
    with served(streams) as number:
        yield number


@contextmanager
def stream(port: int, token: str, origin: str = OWN) -> Iterator[HTTPResponse]:
    """The answer to a browser that comes for the stream."""
    asking = HTTPConnection("localhost", port, timeout=PATIENCE_S)
    sent = {"Cookie": f"desk={token}", "Origin": origin}
    asking.request("GET", "/live/events", headers=sent)
    with closing(asking), asking.getresponse() as answer:
        yield answer


def told(answer: HTTPResponse) -> Iterator[int]:
    """Each version, as it comes."""
    for line in iter(answer.readline, b""):
        if line.startswith(b"data: "):
            yield int(line.removeprefix(b"data: "))


def test_a_change_reaches_an_open_stream(port: int, token: str, desk: Desk) -> None:
    channel = make_channel(desk)
    with stream(port, token) as answer:
        assert answer.readline() == b"retry: 2000\n"
        versions = told(answer)
        first = next(versions)

        make_post(desk, channel)

        assert next(versions) > first


def test_only_the_desks_own_pages_may_listen(port: int, token: str) -> None:
    with stream(port, token) as own:
        assert own.status == 200
        assert own.headers["Access-Control-Allow-Origin"] == OWN
        assert own.headers["Access-Control-Allow-Credentials"] == "true"
    for origin in ("http://localhost:99", "https://evil.example"):
        with stream(port, token, origin) as other:
            assert other.status == 403
            assert "Access-Control-Allow-Origin" not in other.headers


def test_nobody_listens_without_signing_in(streams: Flask) -> None:
    assert (
        streams.test_client().get("/live/events", headers={"Origin": OWN}).status_code
        == 401
    )


def test_the_live_process_shares_the_dashboards_secrets(
    settings: Settings, desk: Desk
) -> None:
    apps = [bare_app(settings, name, {"paper": Paper}) for name in ("web", "live")]

    assert apps[0].config["SECRET_KEY"] == apps[1].config["SECRET_KEY"]


def test_a_stream_ends_with_its_sign_in(port: int, token: str, desk: Desk) -> None:
    with stream(port, token) as answer:
        versions = told(answer)
        next(versions)

        with desk.db.writing() as session:
            admin = people.ensure_admin(session, db.now(session))
            people.end_sessions(session, admin.id, db.now(session))

        assert all(version >= 0 for version in versions)  # until its end


def test_a_stream_of_another_sign_in_goes_on(port: int, token: str, desk: Desk) -> None:
    channel = make_channel(desk)
    with stream(port, token) as answer:
        versions = told(answer)
        next(versions)
        with desk.db.writing() as session:
            now = db.now(session)
            admin = people.ensure_admin(session, now)
            others = people.begin_session(session, admin.id, "", now)
            other = people.signed_in(session, others, now)
            assert other
            people.revoke(session, admin.id, other.id, now)

        make_post(desk, channel)

        assert next(versions) >= 0


def test_nobody_looks_where_nobody_listens(port: int, token: str) -> None:
    with stream(port, token) as answer:
        next(told(answer))
        looking = [one for one in threading.enumerate() if one.name == live.WATCH]
        assert looking

    for one in looking:
        one.join(PATIENCE_S)
    assert not any(one.is_alive() for one in looking)


def test_who_comes_after_nobody_listened_is_told(port: int, token: str) -> None:
    for _ in range(3):
        with stream(port, token) as answer:
            next(told(answer))
        for one in threading.enumerate():
            if one.name == live.WATCH:
                one.join(PATIENCE_S)


def test_what_is_asked_on_the_connection_of_a_stream_is_not_answered(
    port: int, token: str
) -> None:
    asked = (
        f"GET /live/events HTTP/1.1\r\nHost: localhost\r\nCookie: desk={token}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as browser:
        browser.sendall(asked.encode() * 3)
        heard = b""
        while b"event: version" not in heard:
            heard += browser.recv(1000)
        browser.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while b"still here" not in heard:
            heard += browser.recv(1000)

    assert heard.count(b"HTTP/1.1 ") == heard.count(b"retry:") == 1


def test_a_stream_is_not_begun_for_who_asks_for_its_head(port: int, token: str) -> None:
    asking = HTTPConnection("localhost", port, timeout=PATIENCE_S)
    asking.request("HEAD", "/live/events", headers={"Cookie": f"desk={token}"})
    with closing(asking), asking.getresponse() as answer:
        assert (answer.status, answer.read()) == (200, b"")


def test_where_there_is_no_room_the_oldest_of_who_has_most_gives_way(
    streams: Flask, token: str, desk: Desk
) -> None:
    with desk.db.writing() as session:
        now = db.now(session)
        other, _ = people.invite(session, "ann@paper.org", "", Role.AUTHOR, now)
        others = people.begin_session(session, other.id, "", now)
    with served(streams, most=8) as port, ExitStack() as open_:
        oldest, first, *_ = (
            open_.enter_context(stream(port, whose))
            for whose in (others, token, token, token)
        )

        newcomer = open_.enter_context(stream(port, others))

        assert b"retry" in first.read()  # to its end
        assert next(told(newcomer)) == next(told(oldest))
