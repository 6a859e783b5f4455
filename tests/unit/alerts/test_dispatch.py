"""Who must know something is told once, by real mail and a real webhook."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from connectors.base import RateLimited, Rejected, Unavailable
from desk import db, heartbeats
from desk.alerts import dispatch
from desk.alerts.mail import Server
from desk.alerts.rules import Alert, current_alerts
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Breaker, Notice, TransportState
from desk.publishing import early_uploads
from desk.reading.fetching import Fetcher
from tests import factories
from tests.fakes.hooks import HookHouse
from tests.fakes.scripted import Scripted
from tests.fakes.smtp import MailHouse
from tests.unit.publishing import steps

MINUTE = timedelta(minutes=1)


@pytest.fixture
def house() -> Iterator[MailHouse]:
    mail = MailHouse()
    yield mail
    mail.close()


@pytest.fixture
def hooks() -> Iterator[HookHouse]:
    hook = HookHouse()
    yield hook
    hook.close()


@pytest.fixture
def told(any_desk: Desk, house: MailHouse) -> Desk:
    """A desk that mails."""
    return mailing(any_desk, house.url)


def mailing(desk: Desk, url: str) -> Desk:
    values = {
        "smtp_url": url,
        "mail_from": "desk@gazette.example",
        "mail_to": "night@gazette.example",
    }
    return replace(desk, settings=desk.settings.model_copy(update=values))


def hooking(desk: Desk, hooks: HookHouse, *, allowed: bool = True) -> Desk:
    values = {"webhook_url": hooks.url, "webhook_secret": "s3cret"}
    fetcher = Fetcher(allow=hooks.origin if allowed else "")
    settings = desk.settings.model_copy(update=values)
    return replace(desk, settings=settings, fetcher=fetcher)


def refused(desk: Desk, channel: int, text: str) -> int:
    Scripted.script.append(Rejected("Not at night."))
    post_id = factories.make_scheduled(desk, channel, text)
    factories.run_due(desk)
    return post_id


def a_minute_later(desk: Desk) -> None:
    """As if the last message were a minute older."""
    with desk.db.writing() as session:
        session.execute(update(TransportState).values(not_before=db.now(session)))


def alerts(desk: Desk) -> list[Alert]:
    with desk.db.reading() as session:
        return current_alerts(desk, session, db.now(session))


def failing(desk: Desk) -> list[str]:
    with desk.db.reading() as session:
        return dispatch.failing(session)


def test_many_failures_are_one_mail_with_a_list(told: Desk, house: MailHouse) -> None:
    channel = factories.make_channel(told, "Gazette")
    for number in range(7):
        refused(told, channel, f"Story {number}")

    dispatch.send_alerts(told)
    dispatch.send_alerts(told)

    (mail,) = house.mails
    text = mail.get_content()
    assert mail["Subject"] == "[Standfirst] 7 posts failed on Gazette"
    assert (mail["From"], mail["To"]) == (
        "desk@gazette.example",
        "night@gazette.example",
    )
    assert [f"“Story {n}”" in text for n in range(7)] == [True] * 7
    assert "Not at night." in text
    assert "/posts/1" in text
    assert house.signed_in == [("desk", "p@ss")]


def test_what_comes_within_a_minute_waits_for_the_next_mail(
    told: Desk, house: MailHouse
) -> None:
    channel = factories.make_channel(told, "Gazette")
    refused(told, channel, "One")
    dispatch.send_alerts(told)
    refused(told, channel, "Two")
    refused(told, channel, "Three")
    dispatch.send_alerts(told)
    within = len(house.mails)

    a_minute_later(told)
    dispatch.send_alerts(told)

    assert (within, len(house.mails)) == (1, 2)
    assert house.mails[1]["Subject"] == "[Standfirst] 2 posts failed on Gazette"


def test_it_is_told_again_only_when_it_came_back(told: Desk, house: MailHouse) -> None:
    post_id = refused(told, factories.make_channel(told), "One")
    dispatch.send_alerts(told)
    for state in (State.FAILED, State.CANCELLED, State.FAILED):
        steps.alter(told, post_id, state=state)
        a_minute_later(told)
        dispatch.send_alerts(told)

    assert len(house.mails) == 2


def test_of_two_clocks_one_tells(told: Desk, house: MailHouse) -> None:
    refused(told, factories.make_channel(told), "One")
    with told.db.writing() as session:
        dispatch.keep(
            session, current_alerts(told, session, db.now(session)), db.now(session)
        )
        assert dispatch._take(session, "mail", db.now(session))
    dispatch.send_alerts(told)

    assert house.mails == []


def test_mail_that_can_not_be_sent_is_tried_again_later(
    told: Desk, house: MailHouse
) -> None:
    refused(told, factories.make_channel(told), "One")
    house.refuses = True
    dispatch.send_alerts(told)
    said = failing(told)
    house.refuses = False
    dispatch.send_alerts(told)
    at_once = len(house.mails)
    a_minute_later(told)
    dispatch.send_alerts(told)

    assert said
    assert said[0].startswith("Mail could not be sent: 127.0.0.1: ")
    assert (at_once, len(house.mails), failing(told)) == (0, 1, [])


def test_no_password_stands_in_an_error(told: Desk, house: MailHouse) -> None:
    house.refuses_sign_in = True
    refused(told, factories.make_channel(told), "One")

    dispatch.send_alerts(told)

    (said,) = failing(told)
    assert "no: *** ***" in said
    assert "p@ss" not in repr(told.settings) + said
    assert "p%40ss" not in repr(told.settings) + said


@pytest.mark.parametrize(
    ("url", "starttls", "wrapped"),
    [
        ("smtp://u:p@mail.example", True, False),
        ("smtps://mail.example", False, True),
        ("smtp://127.0.0.1:25", False, False),
        ("smtp://localhost:25?starttls", True, False),
    ],
)
def test_mail_goes_by_tls_but_on_loopback(
    url: str, starttls: bool, wrapped: bool
) -> None:
    server = Server.of(url)

    assert (server.starttls, server.wrapped) == (starttls, wrapped)


def test_the_webhook_is_signed(any_desk: Desk, hooks: HookHouse) -> None:
    told = hooking(any_desk, hooks)
    refused(told, factories.make_channel(told, "Gazette"), "One")

    dispatch.send_alerts(told)

    ((headers, body),) = hooks.taken
    at, sent = (pair[2:] for pair in headers["Standfirst-Signature"].split(",", 1))
    signed = hmac.new(b"s3cret", f"{at}.".encode() + body, hashlib.sha256)
    assert sent == f"={signed.hexdigest()}"
    event = json.loads(body)
    assert event["subject"] == "1 post failed on Gazette"
    assert len(event["id"]) == 32
    assert event["news"][0]["key"] == "post:1:failed"


def test_the_same_event_sent_again_has_the_same_id(
    any_desk: Desk, hooks: HookHouse
) -> None:
    told = hooking(any_desk, hooks)
    refused(told, factories.make_channel(told), "One")
    for status in (500, 204):
        hooks.status = status
        a_minute_later(told)
        dispatch.send_alerts(told)

    first, second = (json.loads(body)["id"] for _, body in hooks.taken)
    assert first == second


def test_the_webhook_follows_no_redirect(any_desk: Desk, hooks: HookHouse) -> None:
    told = hooking(any_desk, hooks)
    hooks.status = 302
    refused(told, factories.make_channel(told), "One")

    dispatch.send_alerts(told)

    assert len(hooks.taken) == 1
    assert failing(told) == ["The webhook at 127.0.0.1 answered 302."]


def test_a_private_webhook_must_be_allowed(any_desk: Desk, hooks: HookHouse) -> None:
    told = hooking(any_desk, hooks, allowed=False)
    refused(told, factories.make_channel(told), "One")

    dispatch.send_alerts(told)

    assert hooks.taken == []
    assert "STANDFIRST_FETCH_ALLOW" in failing(told)[0]


def test_what_will_need_someone_is_known_before_it_is_due(any_desk: Desk) -> None:
    channel, now = (
        factories.make_channel(any_desk, "Gazette"),
        factories.now_of(any_desk),
    )
    factories.make_scheduled(any_desk, channel, due_at=now + 2 * MINUTE)
    ends = now + timedelta(days=3)
    steps.alter_channel(any_desk, channel, credential_expires_at=ends)
    breaker = Breaker(
        circuit="scripted",
        why="Silence.",
        began_at=now - 4 * MINUTE,
        open_until=now + MINUTE,
    )
    with any_desk.db.writing() as session:
        session.add(breaker)

    keys = {one.key for one in alerts(any_desk)}

    assert keys == {
        f"channel:{channel}:ending",
        "silent:scripted",
        "no clock",
        "no worker",
    }


def test_a_long_wait_is_told_when_it_begins(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk, "Gazette")
    factories.make_scheduled(any_desk, channel)
    until = factories.now_of(any_desk) + timedelta(days=10)
    Scripted.script.append(RateLimited("Too many posts.", until))

    factories.run_due(any_desk)

    told = {one.key: one.words for one in alerts(any_desk)}
    assert "asked us to wait until" in told[f"channel:{channel}:limited"]


def test_processes_that_are_there_are_no_news(any_desk: Desk) -> None:
    channel, now = factories.make_channel(any_desk), factories.now_of(any_desk)
    factories.make_scheduled(any_desk, channel, due_at=now + 2 * MINUTE)
    with any_desk.db.writing() as session:
        heartbeats.beat(session, "clock,publish", now)

    assert alerts(any_desk) == []


def test_a_worker_that_only_starts_up_is_not_missed(
    told: Desk, house: MailHouse
) -> None:
    factories.make_scheduled(told, factories.make_channel(told))
    dispatch.send_alerts(told)
    early = len(house.mails)
    with told.db.writing() as session:
        session.execute(update(Notice).values(tell_at=db.now(session)))
    dispatch.send_alerts(told)

    assert (early, len(house.mails)) == (0, 1)
    assert "No worker is running" in house.mails[0].get_content()


def test_an_upload_that_fails_is_told_before_the_post_is_due(any_desk: Desk) -> None:
    channel, now = (
        factories.make_channel(any_desk, "Gazette"),
        factories.now_of(any_desk),
    )
    post_id = factories.make_scheduled(any_desk, channel, due_at=now + 3 * MINUTE)
    Scripted.staging.append(Unavailable("The upload server is down."))

    early_uploads.upload_early(any_desk, post_id)

    said = {one.key: one.words for one in alerts(any_desk)}
    assert said[f"upload:{post_id}"].startswith(f"Post {post_id} on Gazette, due in 3")
    assert "The upload server is down." in said[f"upload:{post_id}"]
