"""A channel that waits for a limit, on every screen where it is met."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.base import RateLimited
from desk.models.channels import Wait
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps
from tests.web.visiting import Visitor

ASKED = "Gazette asked us to wait until "
PAGES = ("/channels", "/needs", "/queue", "/status")


@pytest.fixture
def gazette(editor: Visitor) -> int:
    """Its platform has just asked for ten days."""
    channel = factories.make_channel(editor.desk, "Gazette")
    factories.make_scheduled(editor.desk, channel)
    until = factories.now_of(editor.desk) + timedelta(days=10)
    Scripted.script.append(RateLimited("Too many posts.", until))
    factories.run_due(editor.desk)
    return channel


@pytest.mark.parametrize("page", PAGES)
def test_every_screen_says_it_with_its_end(
    editor: Visitor, gazette: int, page: str
) -> None:
    assert ASKED in editor.look(page).text


def test_its_page_has_the_platforms_words_and_the_way_out(
    editor: Visitor, gazette: int
) -> None:
    page = editor.look(f"/channels/{gazette}").text

    assert ASKED in page
    assert "<q>Too many posts.</q>" in page
    assert "One post finds out every 15 minutes" in page
    assert "Try now" in page


def test_a_post_that_waits_says_why(editor: Visitor, gazette: int) -> None:
    post_id = factories.make_scheduled(editor.desk, gazette, "Second")

    assert ASKED in editor.look(f"/posts/{post_id}").text


@pytest.mark.parametrize("page", ["/needs", "/channels"])
def test_one_press_lifts_it_and_leads_back(
    editor: Visitor, gazette: int, page: str
) -> None:
    before = editor.look(page).text
    answer = editor.send(
        f"/channels/{gazette}/check", headers={"Referer": f"http://localhost{page}"}
    )

    assert "Try now" in before
    assert answer.location == page
    assert steps.channel_of(editor.desk, gazette).not_before is None
    assert ASKED not in editor.look(page).text


def test_our_own_limit_is_named_and_not_tried(editor: Visitor) -> None:
    channel = factories.make_channel(editor.desk, "Gazette")
    now = factories.now_of(editor.desk)
    limits = steps.channel_of(editor.desk, channel).limits
    steps.alter_channel(
        editor.desk,
        channel,
        limits=limits | {"posts": 100, "reserve": 10, "per": 900.0},
        not_before=now + timedelta(minutes=5),
        wait_from_at=now,
        wait=Wait.OWN,
    )

    page = editor.look(f"/channels/{channel}").text

    assert "our own limit of 90 posts in 15 minutes, a reserve below" in page
    assert "Try now" not in page


def test_the_form_says_what_will_keep_a_post(editor: Visitor, gazette: int) -> None:
    post_id = factories.make_post(editor.desk, gazette, "A draft")

    assert ASKED in editor.look(f"/posts/{post_id}").text


@pytest.mark.parametrize(("planned", "told"), [(2, False), (3, True)])
def test_the_form_says_when_a_queue_would_run_into_a_limit(
    editor: Visitor, planned: int, told: bool
) -> None:
    channel = factories.make_channel(editor.desk, "Gazette")
    limits = steps.channel_of(editor.desk, channel).limits
    own = limits | {"posts": 4, "reserve": 1, "per": 900.0}
    steps.alter_channel(editor.desk, channel, limits=own)
    now = factories.now_of(editor.desk)
    for number in range(planned):
        due = now + timedelta(minutes=30 + number)
        factories.make_scheduled(editor.desk, channel, f"Post {number}", due)
    post_id = factories.make_post(editor.desk, channel, "One more")
    steps.alter(editor.desk, post_id, due_at=now + timedelta(minutes=35))

    page = editor.look(f"/posts/{post_id}").text

    assert ("past our own limit of 3 posts in 15 minutes" in page) is told


def test_scheduling_says_it_as_well(editor: Visitor, gazette: int) -> None:
    post_id = factories.make_post(editor.desk, gazette, "A draft")

    editor.send(f"/posts/{post_id}/schedule", {"when": "now"})

    assert ASKED in editor.look("/records").text


def test_missed_ones_that_are_sent_again_say_what_keeps_them(
    editor: Visitor, gazette: int
) -> None:
    made = [
        factories.make_scheduled(editor.desk, gazette, text) for text in ("One", "Two")
    ]
    now = factories.now_of(editor.desk)
    for post_id in made:
        steps.alter(editor.desk, post_id, expires_at=now + timedelta(minutes=10))
    steps.expire(editor.desk, now)

    listed = editor.look("/needs").text
    editor.send("/needs/send-again", {"of": made})

    assert listed.count("too late for a normal post") == 2
    assert "one post goes to find out" in editor.look("/needs").text


def test_a_number_that_the_platform_said_can_be_tried(editor: Visitor) -> None:
    channel = factories.make_channel(editor.desk, "Gazette")
    now = factories.now_of(editor.desk)
    steps.alter_channel(
        editor.desk,
        channel,
        not_before=now + timedelta(hours=22),
        wait_from_at=now,
        wait=Wait.FULL,
    )

    for path in ("/channels", "/needs", f"/channels/{channel}"):
        page = editor.look(path).text
        assert "Gazette takes only a few more posts until " in page
        assert "Try now" in page
