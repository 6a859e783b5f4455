"""Status, queue, holding: what goes out, when, and what stops it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from connectors.base import Rejected
from desk import people
from desk.lifecycle import State
from desk.models.people import Role
from desk.report import boards
from tests import factories
from tests.factories import look_up, make_channel, make_scheduled, now_of, run_due
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps
from tests.web.visiting import TOKEN, Visitor


def column(page: str, name: str) -> str:
    return page.split(f'aria-labelledby="c-{name}"')[1].split("</section>")[0]


def test_the_board_shows_each_post_in_its_column(editor: Visitor) -> None:
    channel = make_channel(editor.desk)
    make_scheduled(editor.desk, channel, "Goes out")
    run_due(editor.desk)
    Scripted.script.append(Rejected("No."))
    make_scheduled(editor.desk, channel, "Is refused")
    run_due(editor.desk)
    soon = now_of(editor.desk) + timedelta(minutes=30)
    make_scheduled(editor.desk, channel, "Comes soon", soon)
    make_scheduled(editor.desk, channel, "Comes later", soon + timedelta(days=1))

    page = editor.look("/status").text

    assert "Goes out" in column(page, "done")
    assert "Is refused" in column(page, "needs")
    assert "Comes soon" in column(page, "next")
    assert "1 more later" in column(page, "next")
    assert "<title>(1) Status" in page


def test_posts_of_later_are_not_counted_without_end(
    editor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boards, "MOST", 2)
    channel, tomorrow = make_channel(editor.desk), timedelta(days=1)
    for number in range(3):
        due = now_of(editor.desk) + tomorrow
        make_scheduled(editor.desk, channel, f"Later {number}", due)

    assert "2 or more later" in column(editor.look("/status").text, "next")


def test_the_board_says_how_late_each_went_out(editor: Visitor) -> None:
    make_scheduled(editor.desk, make_channel(editor.desk), "Goes out")
    run_due(editor.desk)

    done = column(editor.look("/status").text, "done")

    assert re.search(r"\d\.\d\d s late", done)


@pytest.mark.parametrize(
    ("role", "home"),
    [(Role.ANALYST, "Status"), (Role.EDITOR, "Inbox"), (Role.AUTHOR, "Inbox")],
)
def test_each_role_begins_where_its_work_is(
    editor: Visitor, passer_by: Visitor, role: Role, home: str
) -> None:
    with editor.desk.db.writing() as session:
        now = now_of(editor.desk)
        user, token = people.invite(session, "new@paper.org", "New", role, now)
        factories.set_password(session, user.id, "four words do well")

    by_link = passer_by.send(f"/sign-in/{token}", follow_redirects=True)
    form = {"email": "new@paper.org", "password": "four words do well"}
    asked = passer_by.client.post(
        "/sign-in", data={**form, "next": "/queue", "csrf_token": token_of(passer_by)}
    )

    assert f"<h1>{home}</h1>" in by_link.text
    assert asked.location == "/queue"


def token_of(visitor: Visitor) -> str:
    found = TOKEN.search(visitor.look("/you", follow_redirects=True).text)
    assert found
    return found[1]


def test_the_boards_fragment_is_the_board_alone(editor: Visitor) -> None:
    page = editor.look("/status/board").text

    assert "<html" not in page
    assert "Needs you" in page


def test_the_version_rises_with_a_change_only(editor: Visitor) -> None:
    channel = make_channel(editor.desk)
    before = editor.look("/version").text

    same = editor.look(f"/version?since={before}")
    make_scheduled(editor.desk, channel)
    after = editor.look(f"/version?since={before}")

    assert same.status_code == 204
    assert int(after.text) > int(before)


def test_the_queue_lists_what_is_planned_by_channel(editor: Visitor) -> None:
    at = now_of(editor.desk) + timedelta(hours=5)
    make_scheduled(editor.desk, make_channel(editor.desk, "Gazette"), "Later on", at)

    page = editor.look("/queue").text

    assert "Gazette" in page
    assert "Later on" in page


def test_an_unknown_channel_is_not_found(editor: Visitor) -> None:
    assert editor.send("/channels/99/check").status_code == 404


def test_hold_everything_stops_what_is_due(editor: Visitor) -> None:
    channel = make_channel(editor.desk)

    editor.send("/hold", {"why": "A tragedy"})
    post_id = make_scheduled(editor.desk, channel)
    run_due(editor.desk)

    assert look_up(editor.desk, post_id).state == State.SCHEDULED
    page = editor.look("/").text
    assert "Everything is held." in page
    assert "A tragedy" in page
    assert "held" in column(editor.look("/status").text, "needs")
    assert "Everything is held." in editor.look("/counters").text
    assert "Hold everything</span>" not in page


def test_a_hold_says_what_it_can_not_stop(editor: Visitor) -> None:
    make_scheduled(editor.desk, make_channel(editor.desk))
    steps.sending_now(editor.desk)

    editor.send("/hold")

    assert "1 already going out." in editor.look("/status").text


def test_holding_everything_says_how_many_wait_and_can_be_undone(
    editor: Visitor,
) -> None:
    channel, now = make_channel(editor.desk), now_of(editor.desk)
    for ahead in (1, 2):
        make_scheduled(editor.desk, channel, due_at=now + timedelta(hours=ahead))

    editor.send("/hold")
    page = editor.look("/status").text
    editor.send("/lift")

    toast = page.split('id="toasts"')[1].split("</form>")[0]
    assert "Everything is held: 2 posts wait until you lift it." in toast
    assert 'action="/hold/undo"' in toast
    assert "Everything is held" not in editor.look("/counters").text


def test_after_a_hold_a_person_decides_on_what_fell_due(editor: Visitor) -> None:
    channel = make_channel(editor.desk)
    editor.send("/hold")
    post_id = make_scheduled(editor.desk, channel)

    editor.send("/lift")
    run_due(editor.desk)

    page = editor.look("/status").text
    assert "1 fell due meanwhile" in page
    assert "waits for you" in column(page, "needs")
    assert look_up(editor.desk, post_id).state == State.SCHEDULED


def test_health_is_open(passer_by: Visitor) -> None:
    assert passer_by.look("/healthz").text == "ok\n"
