"""The live process: streams for the desk's own signed-in pages."""

from __future__ import annotations

import re
import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient

from connectors.paper import Paper
from desk import db, people
from desk.config import Settings
from desk.desk import Desk
from tests.factories import make_channel, make_post
from tests.fakes.scripted import Scripted
from web import live
from web.app_factory import bare_app

OWN = {"Origin": "http://localhost:8420"}


@pytest.fixture
def streams(settings: Settings, desk: Desk) -> Flask:
    return live.create_app(settings, {"scripted": Scripted, "paper": Paper})


@pytest.fixture
def client(streams: Flask, desk: Desk) -> FlaskClient:
    with desk.db.writing() as session:
        now = db.now(session)
        admin = people.ensure_admin(session, now)
        token = people.begin_session(session, admin.id, "", now)
    made = streams.test_client()
    made.set_cookie("desk", token)
    return made


def test_a_change_reaches_an_open_stream(client: FlaskClient, desk: Desk) -> None:
    channel = make_channel(desk)
    answer = client.get("/live/events", headers=OWN)
    told = iter(answer.response)
    assert "retry" in str(next(told))
    first = re.findall(r"data: (\d+)", str(next(told)))

    make_post(desk, channel)
    second = re.findall(r"data: (\d+)", str(next(told)))

    assert int(second[0]) > int(first[0])
    answer.close()


def test_only_the_desks_own_pages_may_listen(client: FlaskClient) -> None:
    own = client.get("/live/events", headers=OWN)
    other_port = client.get("/live/events", headers={"Origin": "http://localhost:99"})
    foreign = client.get("/live/events", headers={"Origin": "https://evil.example"})

    assert own.headers["Access-Control-Allow-Origin"] == OWN["Origin"]
    assert own.headers["Access-Control-Allow-Credentials"] == "true"
    assert other_port.status_code == foreign.status_code == 403
    assert "Access-Control-Allow-Origin" not in foreign.headers
    own.close()


def test_nobody_listens_without_signing_in(streams: Flask) -> None:
    assert streams.test_client().get("/live/events", headers=OWN).status_code == 401


def test_the_oldest_stream_gives_way_to_a_new_page(desk: Desk) -> None:
    watch = live.Watch(desk)

    places = [watch.admit(1, 1) for _ in range(live.MOST_STREAMS + 1)]

    assert not watch.holds(1, places[0])
    assert watch.holds(1, places[1])
    assert watch.holds(1, places[-1])


def test_the_live_process_shares_the_dashboards_secrets(
    settings: Settings, desk: Desk
) -> None:
    apps = [bare_app(settings, name, {"paper": Paper}) for name in ("web", "live")]

    assert apps[0].config["SECRET_KEY"] == apps[1].config["SECRET_KEY"]


def test_a_stream_ends_with_its_sign_in(client: FlaskClient, desk: Desk) -> None:
    answer = client.get("/live/events", headers=OWN)
    told = iter(answer.response)
    assert "retry" in str(next(told))

    with desk.db.writing() as session:
        admin = people.ensure_admin(session, db.now(session))
        people.end_sessions(session, admin.id, db.now(session))

    assert not [line for line in told if "never" in str(line)]
    answer.close()


def test_a_stream_of_another_sign_in_goes_on(client: FlaskClient, desk: Desk) -> None:
    channel = make_channel(desk)
    answer = client.get("/live/events", headers=OWN)
    told = iter(answer.response)
    for _ in range(2):
        next(told)
    with desk.db.writing() as session:
        now = db.now(session)
        admin = people.ensure_admin(session, now)
        token = people.begin_session(session, admin.id, "", now)
        other = people.signed_in(session, token, now)
        assert other
        people.revoke(session, admin.id, other.id, now)

    make_post(desk, channel)

    assert any("data:" in str(next(told)) for _ in range(3))
    answer.close()


def test_nobody_looks_where_nobody_listens(client: FlaskClient) -> None:
    answer = client.get("/live/events", headers=OWN)
    told = iter(answer.response)
    for _ in range(2):
        next(told)
    looking = [one for one in threading.enumerate() if one.name == live.WATCH]

    answer.close()

    for one in looking:
        one.join(10)
    assert looking
    assert not any(one.is_alive() for one in looking)
