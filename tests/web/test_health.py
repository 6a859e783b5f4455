"""Health and metrics: what a monitor reads, without a session and without secrets."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from connectors.paper import Paper
from desk import db, heartbeats, keyring
from desk.config import Settings
from desk.desk import Desk
from desk.vault import Vault, new_key
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps
from tests.web.visiting import Visitor
from web import live

TOKEN = "as-long-as-a-token"  # of this test
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def watched(settings: Settings, desk: Desk) -> FlaskClient:
    told = settings.model_copy(update={"metrics_token": TOKEN})
    return _client(told)


def _client(settings: Settings) -> FlaskClient:
    app: Flask = live.create_app(settings, {"scripted": Scripted, "paper": Paper})
    return app.test_client()


def read(client: FlaskClient) -> dict[str, float]:
    """Every sample, by its name and labels."""
    lines = client.get("/metrics").text.splitlines()
    samples = [line.rsplit(" ", 1) for line in lines if line[0] != "#"]
    return {name: float(value) for name, value in samples}


def test_a_desk_without_a_clock_is_not_ready_and_says_why(passer_by: Visitor) -> None:
    answer = passer_by.look("/readyz")

    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["ready"] is False
    assert "No clock is alive: nothing is claimed." in answer.json["reasons"]


def test_a_desk_that_publishes_is_ready(passer_by: Visitor, desk: Desk) -> None:
    with desk.db.writing() as session:
        heartbeats.beat(session, "clock,publish", db.now(session))

    answer = passer_by.look("/readyz")

    assert answer.status_code == 200
    assert answer.json == {"ready": True, "reasons": []}


def test_a_secret_that_no_key_opens_is_a_reason(passer_by: Visitor, desk: Desk) -> None:
    with desk.db.writing() as session:
        heartbeats.beat(session, "clock,publish", db.now(session))
    for name in ("Sport", "Culture"):
        steps.alter_channel(desk, factories.make_channel(desk, name), secrets=b"?")

    answer = passer_by.look("/readyz")

    assert answer.status_code == 503
    assert answer.json == {
        "ready": False,
        "reasons": ["No key opens the secrets of 2 channels."],
    }


def test_keys_of_another_desk_are_a_reason(passer_by: Visitor, desk: Desk) -> None:
    """A process that runs still has them when the desk has gone on to others."""
    factories.make_channel(desk)
    with desk.db.writing() as session:
        keyring.seal_by_these_only(session, ["another"])
        heartbeats.beat(session, "clock,publish", db.now(session))
    sealed = Vault([new_key()]).seal({"token": "t"}, "channel 1")
    steps.alter_channel(desk, 1, secrets=sealed)

    answer = passer_by.look("/readyz")

    assert answer.status_code == 503
    assert answer.json is not None
    assert "does not have the keys" in answer.json["reasons"][0]


def test_a_database_that_does_not_answer_is_a_reason(
    passer_by: Visitor, desk: Desk
) -> None:
    with desk.db.writing() as session:
        session.execute(text("ALTER TABLE alembic_version RENAME TO away"))

    answer = passer_by.look("/readyz")

    assert answer.status_code == 503
    assert answer.json == {"ready": False, "reasons": ["The database does not answer."]}


def test_metrics_tell_what_was_published(watched: FlaskClient, desk: Desk) -> None:
    read(watched)
    factories.make_scheduled(desk, factories.make_channel(desk))
    factories.run_due(desk)

    found = read(watched)

    assert found['standfirst_attempts_total{outcome="published",platform="scripted"}']
    assert found['standfirst_lateness_seconds_count{platform="scripted"}'] == 1
    assert found['standfirst_lateness_seconds_bucket{le="+Inf",platform="scripted"}']
    assert found['standfirst_reply_seconds_count{platform="scripted"}'] == 1
    assert found['standfirst_posts{state="scheduled"}'] == 0


def test_metrics_tell_how_busy_processes_are(watched: FlaskClient, desk: Desk) -> None:
    with desk.db.writing() as session:
        now = db.now(session)
        heartbeats.beat(session, "clock,publish", now, {"busy": 3, "claims": 12})

    found = read(watched)

    name = heartbeats.name()
    assert found[f'standfirst_slots_busy{{process="{name}"}}'] == 3
    assert found[f'standfirst_claims_total{{process="{name}"}}'] == 12
    assert found['standfirst_alive{work="clock"}'] == 1


def test_metrics_are_for_this_machine(watched: FlaskClient) -> None:
    here = watched.get("/metrics")
    elsewhere = watched.get("/metrics", environ_base=ELSEWHERE)
    by_proxy = watched.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})

    assert here.status_code == 200
    assert elsewhere.status_code == by_proxy.status_code == 403


def test_who_has_the_token_reads_metrics_from_anywhere(watched: FlaskClient) -> None:
    right = {"Authorization": f"Bearer {TOKEN}"}
    wrong = {"Authorization": "Bearer another"}

    assert (
        watched.get("/metrics", headers=right, environ_base=ELSEWHERE).status_code
        == 200
    )
    assert (
        watched.get("/metrics", headers=wrong, environ_base=ELSEWHERE).status_code
        == 403
    )


def test_no_token_set_opens_metrics_to_nobody_else(
    settings: Settings, desk: Desk
) -> None:
    client = _client(settings)

    empty = client.get(
        "/metrics", headers={"Authorization": "Bearer "}, environ_base=ELSEWHERE
    )

    assert empty.status_code == 403


def test_metrics_name_no_channel_and_no_text(watched: FlaskClient, desk: Desk) -> None:
    channel = factories.make_channel(desk, "Secret masthead")
    factories.make_scheduled(desk, channel, "Dodge returns")

    written = watched.get("/metrics").text

    assert not re.search("Secret masthead|Dodge", written)


def test_a_database_that_is_away_is_one_sentence(
    watched: FlaskClient, desk: Desk
) -> None:
    with desk.db.writing() as session:
        session.execute(text("ALTER TABLE attempts RENAME TO away"))

    answer = watched.get("/metrics")

    assert (answer.status_code, answer.text) == (503, "The database does not answer.\n")
