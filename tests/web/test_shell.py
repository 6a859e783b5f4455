"""The shell: each role finds its places, and says what happened once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from desk import report
from desk.desk import Desk
from desk.models.people import Role
from tests.factories import make_channel, make_post
from tests.web.visiting import Visitor
from web.shell import PLACES

Visit = Callable[[Role | None], Visitor]


def places(page: str) -> list[str]:
    """What the rail offers, in its order."""
    rail = page.split('class="places"')[1].split("</nav>")[0].split("<details")[0]
    return re.findall(r'data-go="(\w)"', rail)


@pytest.mark.parametrize(
    ("role", "found"),
    [
        (Role.ADMIN, "icqnsrhtey"),
        (Role.EDITOR, "icqnsrhy"),
        (Role.AUTHOR, "icqnsrhy"),
        (Role.ANALYST, "sricqnhy"),
    ],
)
def test_each_role_finds_its_places_what_it_uses_most_first(
    visit: Visit, role: Role, found: str
) -> None:
    page = visit(role).look("/status").text

    assert "".join(places(page)) == found


def test_every_place_is_there_and_can_be_looked_at(app: Flask, admin: Visitor) -> None:
    for place in PLACES:
        with app.test_request_context():
            address = app.url_for(place.endpoint)
        page = admin.look(address)

        assert page.status_code == 200, place
        assert 'aria-current="page"' in page.text, place


def test_a_place_whose_page_is_missing_is_not_shown(app: Flask, admin: Visitor) -> None:
    del app.view_functions["records.index"]

    assert "r" not in places(admin.look("/inbox").text)


def test_a_message_is_said_once(editor: Visitor) -> None:
    editor.send("/hold")
    editor.send("/lift")

    assert "The hold is lifted" in editor.look("/status").text
    assert "The hold is lifted" not in editor.look("/status").text


def test_the_sheet_lists_no_keys_that_a_reader_has_no_use_for(visit: Visit) -> None:
    editor, analyst = visit(Role.EDITOR), visit(Role.ANALYST)

    assert "Dismiss the story" in editor.look("/status").text
    assert "Dismiss the article" not in analyst.look("/status").text


def test_what_changes_while_a_page_is_made_is_news_to_it(
    app: Flask, desk: Desk, editor: Visitor
) -> None:
    """Else the page would show the old state and wait for the change after."""
    channel = make_channel(desk)

    def meanwhile() -> dict[str, object]:
        make_post(desk, channel)
        return {}

    app.template_context_processors[None].insert(0, meanwhile)
    page = editor.look("/status").text
    shown = re.search(r'data-version="(\d+)"', page)

    with desk.db.reading() as session:
        assert shown is not None
        assert int(shown[1]) < report.version(session)


@pytest.mark.parametrize(
    ("role", "offered"), [(Role.EDITOR, 2), (Role.AUTHOR, 2), (Role.ANALYST, 0)]
)
def test_who_may_write_begins_a_new_post_from_any_page(
    visit: Visit, role: Role, offered: int
) -> None:
    page = visit(role).look("/status").text

    assert page.count('href="/shares/new"') == offered


def test_addresses_on_a_page_lead_below_where_the_desk_is(editor: Visitor) -> None:
    plain = editor.look("/inbox").text
    below = editor.look("/inbox", environ_overrides={"SCRIPT_NAME": "/desk"}).text

    assert 'href="/queue"' in plain
    assert 'href="/queue"' not in below
    assert 'href="/desk/queue"' in below
