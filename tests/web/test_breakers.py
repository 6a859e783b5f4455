"""A server that does not answer, on the screens where channels are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from desk import db, holds, moments
from desk.models import Breaker
from tests import factories
from tests.unit.publishing import steps
from tests.web.test_unsaid import Sent, presses
from tests.web.visiting import Visitor

MINUTE = timedelta(minutes=1)
CIRCUIT, PLATFORM = "scripted at down.example", "scripted"
SILENT = "Scripted at down.example does not answer; trying again"


@pytest.fixture
def channel(editor: Visitor) -> int:
    found = factories.make_channel(editor.desk, "Gazette")
    steps.alter_channel(editor.desk, found, circuit=CIRCUIT)
    factories.make_channel(editor.desk, "Elsewhere")
    return found


def silence(
    visitor: Visitor, began: timedelta, until: timedelta, circuit: str = CIRCUIT
) -> str:
    """Its breaker is open; gives when it is tried again, as screens say it."""
    with visitor.desk.db.writing() as session:
        now = db.now(session)
        session.add(
            Breaker(circuit=circuit, began_at=now - began, open_until=now + until)
        )
    return moments.clock(now + until, visitor.desk.settings.zone)


def test_its_channels_say_so_and_when_it_is_tried_again(
    editor: Visitor, channel: int
) -> None:
    again = silence(editor, MINUTE, 2 * MINUTE)

    for page in (editor.look("/channels"), editor.look(f"/channels/{channel}")):
        assert f"{SILENT} at {again}" in page.text
        assert page.text.count(SILENT) == 1
        assert "does not answer</span>" in page.text


def test_when_the_time_is_over_a_post_that_is_due_tries_it_now(
    editor: Visitor, channel: int
) -> None:
    silence(editor, MINUTE, -MINUTE)
    factories.make_scheduled(editor.desk, channel)

    assert f"{SILENT} now" in editor.look(f"/channels/{channel}").text


def test_one_that_nobody_has_asked_since_is_not_called_silent(
    editor: Visitor, channel: int
) -> None:
    silence(editor, 30 * MINUTE, -MINUTE)

    for path in ("/channels", f"/channels/{channel}", "/status", "/needs"):
        assert "does not answer" not in editor.look(path).text


def test_a_hold_is_the_first_thing_to_know(editor: Visitor, channel: int) -> None:
    silence(editor, MINUTE, MINUTE)
    with editor.desk.db.writing() as session:
        now = db.now(session)
        holds.hold(session, scope="channel", target=str(channel), now=now)

    assert SILENT not in editor.look("/channels").text


def test_a_breaker_that_is_not_open_is_nobodys_news(
    editor: Visitor, channel: int
) -> None:
    with editor.desk.db.writing() as session:
        session.add(Breaker(circuit=CIRCUIT, began_at=db.now(session), failures=3))

    assert SILENT not in editor.look("/channels").text


@pytest.mark.parametrize(("minutes", "told"), [(14, False), (16, True)])
def test_the_board_tells_of_it_once_it_lasts(
    editor: Visitor, channel: int, minutes: int, told: bool
) -> None:
    silence(editor, minutes * MINUTE, MINUTE)

    for path in ("/status", "/needs"):
        said = "The server of Gazette does not answer" in editor.look(path).text
        assert said is told


def test_a_due_post_says_that_its_server_keeps_it_waiting(
    editor: Visitor, channel: int
) -> None:
    due = factories.make_scheduled(editor.desk, channel)
    later = factories.now_of(editor.desk) + 30 * MINUTE
    ahead = factories.make_scheduled(editor.desk, channel, due_at=later)
    silence(editor, MINUTE, MINUTE)

    said = "The server of Gazette does not answer."
    assert said in editor.look(f"/posts/{due}").text
    assert said not in editor.look(f"/posts/{ahead}").text


@pytest.fixture
def answering(editor: Visitor) -> int:
    """A channel of the scripted platform, which is one place."""
    return factories.make_channel(editor.desk, "Gazette")


def check_shown(visitor: Visitor, channel: int) -> tuple[str, Sent]:
    """The button of its page that asks its platform, as it was drawn."""
    address = f"/channels/{channel}/check"
    return address, presses(visitor.look(f"/channels/{channel}").text)[address]


def breakers(visitor: Visitor) -> int:
    with visitor.desk.db.reading() as session:
        return session.scalar(select(func.count()).select_from(Breaker)) or 0


def test_a_press_frees_a_silent_server_that_its_page_showed(
    editor: Visitor, answering: int
) -> None:
    silence(editor, MINUTE, MINUTE, PLATFORM)

    answer = editor.send_bare(*check_shown(editor, answering))

    assert (answer.status_code, breakers(editor)) == (303, 0)


def test_a_press_frees_no_server_that_fell_silent_after_its_page_was_drawn(
    editor: Visitor, answering: int
) -> None:
    press = check_shown(editor, answering)
    silence(editor, MINUTE, MINUTE, PLATFORM)

    answer = editor.send_bare(*press)

    assert (answer.status_code, breakers(editor)) == (409, 1)


def test_a_press_frees_no_server_that_answered_and_fell_silent_again(
    editor: Visitor, answering: int
) -> None:
    silence(editor, 30 * MINUTE, MINUTE, PLATFORM)
    press = check_shown(editor, answering)
    editor.send_bare(*press)
    silence(editor, MINUTE, MINUTE, PLATFORM)

    answer = editor.send_bare(*press)

    assert (answer.status_code, breakers(editor)) == (409, 1)


def test_a_press_counts_though_the_server_was_tried_in_vain_since(
    editor: Visitor, answering: int
) -> None:
    silence(editor, MINUTE, MINUTE, PLATFORM)
    press = check_shown(editor, answering)
    with editor.desk.db.writing() as session:
        later = db.now(session) + 9 * MINUTE
        session.execute(update(Breaker).values(open_until=later, openings=2))

    answer = editor.send_bare(*press)

    assert (answer.status_code, breakers(editor)) == (303, 0)
