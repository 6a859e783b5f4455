"""Status, queue, channels, holding: what goes out, when, and what stops it."""

from __future__ import annotations

from datetime import timedelta

from connectors.base import Rejected, Unauthorized
from desk.lifecycle import State
from tests.factories import look_up, make_channel, make_scheduled, now_of, run_due
from tests.fakes.scripted import Scripted
from tests.web.visiting import Visitor, sentence


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


def test_a_channel_is_checked_by_hand(editor: Visitor) -> None:
    channel = make_channel(editor.desk, "Gazette")

    answer = editor.send(f"/channels/{channel}/check")

    assert answer.location == "/channels"
    assert "answers" in editor.look("/channels").text


def test_a_revoked_token_stops_the_channel_and_says_so(editor: Visitor) -> None:
    channel = make_channel(editor.desk, "Gazette")
    Scripted.checking.append(Unauthorized("The token was revoked."))

    answer = editor.send(f"/channels/{channel}/check")

    assert answer.status_code == 422
    assert "The token was revoked." in sentence(answer)
    assert "stopped" in editor.look("/channels").text


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


def test_health_and_readiness_are_open(passer_by: Visitor) -> None:
    assert passer_by.look("/healthz").text == "ok\n"
    assert passer_by.look("/readyz").text == "ready\n"
