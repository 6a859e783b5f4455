"""Questions: a page asks the database as often for many channels as for a few."""

from __future__ import annotations

import pytest
from flask import Flask

from connectors.base import Unavailable
from desk.desk import Desk
from tests import factories
from tests.asking import questions
from tests.fakes.scripted import Scripted
from tests.unit.articles.taken import drafts, give_slots, take
from tests.web.articles import share_path
from tests.web.visiting import Visitor

# How often at most, with the sign-in and all that the shell shows.
AT_MOST = {"/counters": 8, "/status": 18, "/inbox": 20, "/shares/1/posts": 20}
LISTS = ("/channels", "/calendar", "/inbox", "/status", "/queue")
MANY = [f"Channel {number}" for number in range(2, 9)]


def asked(app: Flask, visitor: Visitor, page: str) -> int:
    """How often, once the page has been looked at before."""
    visitor.look(page)
    with questions(app.extensions["desk"].db.engine) as made:
        assert visitor.look(page).status_code == 200
    return len(made)


@pytest.mark.parametrize("page", LISTS)
def test_a_list_asks_no_more_for_eight_channels(
    app: Flask, desk: Desk, editor: Visitor, page: str
) -> None:
    few = take(desk, "Channel 1", number=1)
    give_slots(desk, drafts(desk, few)[0].channel_id)
    before = asked(app, editor, page)

    for number, name in enumerate(MANY, 2):
        give_slots(desk, factories.make_channel(desk, name))
        take(desk, number=number)

    assert asked(app, editor, page) <= before


@pytest.mark.parametrize(("page", "most"), AT_MOST.items())
def test_a_page_that_many_look_at_asks_little(
    app: Flask, desk: Desk, editor: Visitor, page: str, most: int
) -> None:
    for number, name in enumerate(MANY, 1):
        take(desk, name, number=number)
        factories.make_scheduled(desk, number, f"Goes out as {number}")
    factories.run_due(desk)

    assert asked(app, editor, page) <= most


def test_the_board_asks_no_more_for_many_that_wait_to_be_tried_again(
    app: Flask, desk: Desk, editor: Visitor
) -> None:
    channel = factories.make_channel(desk)
    tried(desk, channel)
    before = asked(app, editor, "/status")

    for _ in range(5):
        tried(desk, channel)

    assert asked(app, editor, "/status") <= before


def tried(desk: Desk, channel: int) -> None:
    Scripted.script.append(Unavailable("Nobody there."))
    factories.make_scheduled(desk, channel, "Waits")
    factories.run_due(desk)


def test_the_team_asks_no_more_for_many_people(
    app: Flask, desk: Desk, admin: Visitor
) -> None:
    before = asked(app, admin, "/team")

    for name in ("Anna", "Ines", "Noor"):
        factories.make_person(desk, name)

    assert asked(app, admin, "/team") <= before


def test_compose_asks_no_more_for_eight_drafts(
    app: Flask, desk: Desk, editor: Visitor
) -> None:
    few = take(desk, "Channel 1", MANY[0], number=1)
    before = asked(app, editor, share_path(editor, few))

    many = take(desk, *MANY[1:], number=2)
    for post in drafts(desk, many):
        give_slots(desk, post.channel_id)

    assert len(drafts(desk, many)) == 8
    asks = asked(app, editor, share_path(editor, many))
    assert asks <= before
    assert asks <= 20


def test_records_of_a_month_ask_no_more_than_those_of_a_week(
    app: Flask, desk: Desk, editor: Visitor
) -> None:
    factories.make_scheduled(desk, factories.make_channel(desk))

    week, month = (asked(app, editor, f"/records?range={one}") for one in ("7d", "30d"))

    assert month == week
