"""Channels on screen: adding, reconnecting, holding, retiring, and what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from connectors import installed
from connectors.base import Class, Field, OutcomeUnknown, Unauthorized, Unavailable
from desk import channels, holds
from desk.config import Settings
from desk.desk import Desk
from desk.models import Channel
from desk.models.people import Role
from desk.outbound_limit import outbound
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps
from tests.warmth import warmed
from tests.web.visiting import Visitor, hidden, sentence
from web import create_app

SECRET = "hush-hush-9"
CLUB = {
    "name": "Club news",
    "field-account": "club",
    "field-server": "https://club.example",
    "field-token": SECRET,
}


class Club(Scripted):
    """A platform whose form has all that a form can have."""

    platform = "club"
    title = "Club"
    fields = (
        Field("account", "Handle"),
        Field("server", "Server", default="{address}/club"),
        Field("token", "Token", secret=True, hint="Under Settings, Tokens."),
        Field("app", "App key", secret=True, required=False, group="An app of yours"),
        Field("app_id", "App number", required=False, group="An app of yours"),
    )


@pytest.fixture
def desk(desk: Desk) -> Desk:
    kinds = {"scripted": Scripted, "club": Club}
    return type(desk)(**{**vars(desk), "connectors": kinds})


@pytest.fixture
def app(desk: Desk, settings: Settings) -> Flask:
    made = warmed(create_app(settings, desk.connectors))
    made.testing = False
    return made


@pytest.fixture
def gazette(desk: Desk) -> int:
    return factories.make_channel(desk, "Gazette", account="gazette")


def channel(visitor: Visitor, channel_id: int) -> Channel:
    return steps.channel_of(visitor.desk, channel_id)


def named(visitor: Visitor) -> list[str]:
    with visitor.desk.db.reading() as session:
        return [one.name for one in channels.list_channels(session)]


def test_an_empty_list_says_what_a_channel_is(admin: Visitor, author: Visitor) -> None:
    assert "Add a channel" in admin.look("/channels").text
    assert "An admin adds channels." in author.look("/channels").text


def test_platforms_to_add_are_those_installed(admin: Visitor) -> None:
    page = admin.look("/channels/add").text

    assert page.index("Club") < page.index("Scripted")
    assert 'href="/channels/add/club"' in page


def test_a_platform_that_is_not_installed_is_not_found(admin: Visitor) -> None:
    assert admin.look("/channels/add/nowhere").status_code == 404
    assert admin.send("/channels/add/nowhere", {"name": "N"}).status_code == 404


def test_the_form_is_drawn_from_the_fields(admin: Visitor) -> None:
    page = admin.look("/channels/add/club").text

    assert 'name="field-server" type="text" value="http://127.0.0.1:8420/club"' in page
    assert 'name="field-token" type="password" value="" autocomplete="off"' in page
    assert "Under Settings, Tokens." in page
    assert "<legend>An app of yours</legend>" in page


def test_a_second_channel_sees_what_the_first_one_has(admin: Visitor) -> None:
    admin.send("/channels/add/club", CLUB)

    page = admin.look("/channels/add/club").text

    assert "“Club news” has https://club.example." in unescape(page)
    assert SECRET not in page


@pytest.mark.parametrize("platform", ["paper", "mastodon", "bluesky", "x"])
def test_no_field_of_a_channels_form_is_without_a_hint(
    desk: Desk, settings: Settings, platform: str
) -> None:
    app = warmed(create_app(settings, installed()))
    admin = Visitor(app, desk, Role.ADMIN)

    form = admin.look(f"/channels/add/{platform}").text.split('id="connect"')[1]

    fields = re.findall(r'<input class="input"[^>]*>', form.split("</form>")[0])
    assert len(fields) >= 3
    for one in fields:
        (about,) = re.findall(r'aria-describedby="([^"]+)"', one)
        assert re.search(rf'id="{about}">\s*\w', form), one


def test_a_channel_is_added_and_the_next_step_named(admin: Visitor) -> None:
    Club.once = Class.WINDOW

    answer = admin.send("/channels/add/club", CLUB)
    page = admin.look(answer.location).text

    assert named(admin) == ["Club news"]
    assert "Club news is connected" in page
    assert "Never twice within 1 hour" in page
    assert "Add weekly times" in page
    assert SECRET not in page


@pytest.mark.parametrize(
    ("missing", "said", "field"),
    [
        ("name", "Give the channel a name.", 'id="name" name="name"'),
        ("field-account", "Club needs account: Handle.", 'id="field-account"'),
        ("field-token", "Club needs token: Token.", 'id="field-token"'),
    ],
)
def test_an_error_stands_at_its_field_and_keeps_what_was_typed(
    admin: Visitor, missing: str, said: str, field: str
) -> None:
    answer = admin.send("/channels/add/club", {**CLUB, missing: " "})

    assert answer.status_code == 422
    assert named(admin) == []
    tag = answer.text.split(field)[1].split(">")[0]
    assert 'aria-invalid="true"' in tag
    assert f'<span class="wrong">{said}</span>' in answer.text
    assert 'value="https://club.example"' in answer.text
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Unauthorized("wrong token."), "does not accept the credential: wrong token."),
        (Unavailable("No route."), "could not be checked: No route."),
    ],
)
def test_what_the_platform_refuses_is_told_and_nothing_kept(
    admin: Visitor, error: Unauthorized | Unavailable, said: str
) -> None:
    Scripted.checking.append(error)

    answer = admin.send_in_place("/channels/add/club", CLUB)

    assert answer.status_code == 422
    assert "HX-Retarget" not in answer.headers
    assert said in answer.text
    assert 'value="Club news"' in answer.text
    assert SECRET not in answer.text
    assert named(admin) == []


@contextmanager
def crowd() -> Iterator[None]:
    """All threads that may wait for other machines do."""
    outbound.limit(0)
    try:
        yield
    finally:
        outbound.limit(None)


def test_who_adds_a_channel_in_a_crowd_keeps_what_was_typed(admin: Visitor) -> None:
    with crowd():
        whole = admin.send("/channels/add/club", CLUB)
        in_place = admin.send_in_place("/channels/add/club", CLUB)

    assert "Send this again in a few seconds" in whole.text
    assert 'value="Club news"' in whole.text
    assert in_place.headers["HX-Retarget"] == "#toasts"
    assert named(admin) == []


def test_a_check_in_a_crowd_changes_nothing_and_says_so(
    editor: Visitor, gazette: int
) -> None:
    with crowd():
        answer = editor.send(f"/channels/{gazette}/check")

    assert "several slow sites" in editor.look(answer.location).text
    assert channel(editor, gazette).stopped_at is None


def test_the_list_says_how_each_channel_is(
    editor: Visitor, desk: Desk, gazette: int
) -> None:
    now = factories.now_of(desk)
    factories.make_scheduled(desk, gazette)
    steps.alter_channel(
        desk,
        gazette,
        stopped_at=now,
        stopped_why="The token was revoked.",
        credential_expires_at=now + timedelta(days=12, hours=1),
    )

    page = editor.look("/channels").text

    assert "Reconnect: 1 post waits. Scripted said: The token was revoked." in page
    assert "Credential ends in 12 days" in page
    assert "Looks before it repeats" in page
    assert "/reconnect" not in page  # an admin's


def test_a_check_tells_what_it_found(editor: Visitor, gazette: int) -> None:
    answer = editor.send(f"/channels/{gazette}/check")

    assert "gazette answers: scripted 1." in editor.look(answer.location).text


def test_a_refused_check_stops_the_channel_and_says_so(
    editor: Visitor, gazette: int
) -> None:
    Scripted.checking.append(Unauthorized("revoked."))

    answer = editor.send(f"/channels/{gazette}/check")
    page = editor.look(answer.location).text

    assert "Scripted said: revoked." in page
    assert channel(editor, gazette).stopped_at is not None


def test_a_channel_is_held_and_lifted(editor: Visitor, gazette: int) -> None:
    editor.send(f"/channels/{gazette}/hold", {"why": "Recount"})
    page = editor.look(f"/channels/{gazette}").text
    with editor.desk.db.reading() as session:
        held = [(one.scope, one.target) for one in holds.list_holds(session)]

    editor.send(f"/channels/{gazette}/lift")

    assert held == [("channel", str(gazette))]
    assert "by The editor: Recount." in page
    assert "Held: Gazette." in page
    assert "Hold everything" in page  # a part that is held takes no button away
    with editor.desk.db.reading() as session:
        assert holds.list_holds(session) == []


def test_the_settings_are_saved_together_or_not_at_all(
    admin: Visitor, gazette: int
) -> None:
    path = f"/channels/{gazette}/settings"
    boxes = {"require_alt": "on", "in_order": "on"}
    admin.send(path, {"name": "Daily", **boxes, "minutes-normal": "15"})
    refused = [
        admin.send(path, {"name": "Never", "minutes-normal": minutes})
        for minutes in ("soon", "999999")
    ]

    kept = channel(admin, gazette)
    assert [answer.status_code for answer in refused] == [400, 422]
    assert "no number of minutes" in sentence(refused[0])
    assert (kept.name, kept.require_alt, kept.in_order) == ("Daily", True, True)
    assert kept.deadlines_s == {"normal": 900}
    assert 'value="15"' in admin.look(f"/channels/{gazette}").text


def test_a_class_set_by_hand_is_told_beside_the_checks(
    admin: Visitor, gazette: int
) -> None:
    admin.send(f"/channels/{gazette}/promise", {"choice": "exact"})
    page = admin.look(f"/channels/{gazette}").text
    admin.send("/channels/promise/undo", hidden(page, "/channels/promise/undo"))

    assert "Set by an admin. The check says: looks before it repeats." in page
    assert channel(admin, gazette).exactly_once_override is None


def test_reconnecting_shows_no_secret_and_keeps_what_is_left_empty(
    admin: Visitor,
) -> None:
    admin.send("/channels/add/club", {**CLUB, "field-app": "app-secret"})
    path = "/channels/1/reconnect"
    page = admin.look(path).text
    values = {**CLUB, "field-token": "", "forget-app": "on", "field-app_id": "7"}

    answer = admin.send(path, values)

    assert answer.location == "/channels/1"
    assert SECRET not in page
    assert page.count("Kept; enter to replace") == 2
    kept = channels.connect(admin.desk, channel(admin, 1)).credentials
    assert (kept["token"], kept["app"], kept["app_id"]) == (SECRET, "", "7")


def test_another_account_is_refused_with_two_ways_on(
    admin: Visitor, gazette: int
) -> None:
    path = f"/channels/{gazette}/reconnect"
    rival = {"field-account": "rival", "field-token": "theirs"}

    refused = admin.send(path, rival)
    kept = channel(admin, gazette).remote_account_id
    admin.send(path, {**rival, "typed": "rival"})

    assert refused.status_code == 422
    assert "This credential belongs to <strong>rival</strong>" in refused.text
    assert "Add a new channel for rival" in refused.text
    assert "theirs" not in refused.text
    assert kept == "gazette"
    assert channel(admin, gazette).remote_account_id == "rival"


def test_retiring_is_refused_while_posts_are_planned(
    admin: Visitor, gazette: int
) -> None:
    factories.make_scheduled(admin.desk, gazette)

    answer = admin.send(f"/channels/{gazette}/retire")

    assert answer.status_code == 422
    assert "still has 1 planned post" in sentence(answer)


def test_a_retired_channel_is_listed_apart_and_comes_back(
    admin: Visitor, gazette: int
) -> None:
    admin.send(f"/channels/{gazette}/retire")
    page = admin.look("/channels").text
    retired = (named(admin), "Bring back Gazette" in page)

    answer = admin.send("/channels/bring-back", hidden(page, "/channels/bring-back"))

    assert retired == ([], True)
    assert answer.location == f"/channels/{gazette}"
    assert named(admin) == ["Gazette"]


@pytest.mark.parametrize("path", ["/channels/bring-back", "/channels/promise/undo"])
def test_nothing_to_undo_is_said(admin: Visitor, path: str) -> None:
    answer = admin.send(path, {"of": "x"})

    assert answer.status_code == 400
    assert "nothing to undo" in sentence(answer)


def test_readers_see_a_channel_and_no_button(
    visit: Callable[[Role | None], Visitor], gazette: int
) -> None:
    analyst = visit(Role.ANALYST)

    pages = analyst.look("/channels").text + analyst.look(f"/channels/{gazette}").text

    assert "If an answer is lost" in pages
    for word in ("Check now", "Retire", "Hold this channel", "Add a channel", "Save"):
        assert word not in pages


def test_an_unknown_channel_is_not_found(admin: Visitor) -> None:
    assert admin.look("/channels/99").status_code == 404
    assert admin.look("/channels/99/reconnect").status_code == 404


def test_posts_in_doubt_keep_a_channel_in_use(admin: Visitor, gazette: int) -> None:
    factories.make_scheduled(admin.desk, gazette)
    Scripted.script.append(OutcomeUnknown("cut"))
    factories.run_due(admin.desk)

    answer = admin.send(f"/channels/{gazette}/retire")

    assert "1 that may be going out" in sentence(answer)
