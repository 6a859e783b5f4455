"""Needs you: what each role sees there, and what its buttons do."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert

from connectors.base import Rejected
from desk import db, scheduling
from desk.attention import SHOWN
from desk.lifecycle import State
from desk.models import Post, User
from desk.models.people import Role
from desk.people.actors import Actor
from desk.scheduling import NOW_IN, At
from tests.factories import (
    actor,
    look_up,
    make_channel,
    make_post,
    make_scheduled,
    make_share,
    now_of,
    run_due,
)
from tests.fakes.scripted import Scripted
from tests.unit.attention.test_live_twice import LATE, thread_twice
from tests.unit.publishing import steps
from tests.web.visiting import Visitor, sentence

HOUR = timedelta(hours=1)
NIGHT = "This account may not post at night."
FROM_LIST = {"headers": {"Referer": "http://localhost/needs"}}


def refused(visitor: Visitor, channel: int, text: str = "Dodge returns") -> int:
    Scripted.script.append(Rejected(NIGHT))
    post_id = make_scheduled(visitor.desk, channel, text)
    run_due(visitor.desk)
    return post_id


def in_review(
    visitor: Visitor,
    by: str = "The author",
    ahead: timedelta = HOUR,
    person: User | None = None,
) -> int:
    desk = visitor.desk
    post_id = make_post(desk, make_channel(desk, f"Channel of {by}"))
    with desk.db.writing() as session:
        now = db.now(session)
        due = At(now + ahead)
        who = actor(person) if person else Actor(by)
        scheduling.schedule(
            desk, session, post_id, due, now=now, by=who, needs_approval=True
        )
    return post_id


def state(visitor: Visitor, post_id: int) -> str:
    return look_up(visitor.desk, post_id).state


def test_a_quiet_desk_says_that_nothing_needs_you(editor: Visitor) -> None:
    page = editor.look("/needs").text

    assert "Nothing needs you" in page
    assert "<title>Needs you" in page


def test_the_list_says_what_happened_and_what_the_platform_said(
    editor: Visitor,
) -> None:
    channel = make_channel(editor.desk, "Gazette")
    refused(editor, channel, "One story")
    refused(editor, channel, "Another story")

    page = editor.look("/needs").text

    assert "Refused by Gazette" in page
    assert page.count(f"<q>{NIGHT}</q>") == 1
    assert "Surely not sent" in page
    assert "One story" in page
    assert "Send all 2 again" in page
    assert "<title>(2) Needs you" in page


def test_the_fragment_is_the_list_alone(editor: Visitor) -> None:
    refused(editor, make_channel(editor.desk))

    page = editor.look("/needs/list").text

    assert "<html" not in page
    assert "Refused by" in page


def test_a_list_that_is_too_long_says_how_many_more_there_are(editor: Visitor) -> None:
    channel, now = make_channel(editor.desk), now_of(editor.desk)
    share = make_share(editor.desk)
    row = {"channel_id": channel, "state": "missed", "created_at": now, "due_at": now}
    with editor.desk.db.writing() as session:
        session.execute(
            insert(Post), [{**row, "share_id": share} for _ in range(SHOWN + 3)]
        )

    page = editor.look("/needs").text

    assert "3 more wait behind them" in page
    assert page.count("data-entry") == SHOWN


def test_a_post_is_sent_again_and_the_list_comes_back(editor: Visitor) -> None:
    post_id = refused(editor, make_channel(editor.desk))

    before = now_of(editor.desk)
    answer = editor.send(f"/posts/{post_id}/retry", **FROM_LIST)

    assert answer.location == "/needs"
    post = look_up(editor.desk, post_id)
    assert post.state == State.SCHEDULED
    assert post.due_at
    assert post.due_at >= before + NOW_IN


def test_a_whole_group_is_sent_again(editor: Visitor) -> None:
    one, two = (make_channel(editor.desk, name) for name in "AB")
    ids = [refused(editor, channel) for channel in (one, two)]

    editor.send("/needs/send-again", {"of": ids})
    told = editor.look("/needs").text

    assert "2 posts go out again, 30 s apart on each" in told
    assert [state(editor, post_id) for post_id in ids] == [State.SCHEDULED] * 2


@pytest.mark.parametrize("together", [True, False])
def test_sending_again_can_be_undone_before_it_goes(
    editor: Visitor, together: bool
) -> None:
    post_id = refused(editor, make_channel(editor.desk))
    due_at = look_up(editor.desk, post_id).due_at

    if together:
        editor.send("/needs/send-again", {"of": [post_id]})
    else:
        editor.send(f"/posts/{post_id}/retry", **FROM_LIST)
    told = editor.look("/needs").text
    undo = re.search(r'action="([^"]+)"[^>]*data-undo-for="(\d+)"', told)
    assert undo
    editor.send(undo[1], {"of": [post_id]})

    post = look_up(editor.desk, post_id)
    assert 0 < int(undo[2]) <= NOW_IN.total_seconds()
    assert (post.state, post.due_at) == (State.FAILED, due_at)
    assert NIGHT in editor.look("/needs").text


def test_words_that_were_not_saved_are_not_sent_again_unsaid(editor: Visitor) -> None:
    post_id = refused(editor, make_channel(editor.desk))
    typed = {f"text-{post_id}": "Without the night", f"revision-{post_id}": 1}
    editor.send_in_place(f"/posts/{post_id}/write", typed)

    editor.send(f"/posts/{post_id}/retry", **FROM_LIST)

    name = look_up(editor.desk, post_id).channel.name
    told = editor.look("/needs").text
    assert f"Your unsaved words for {name} are not in it" in told


def test_what_can_not_be_sent_again_says_why(editor: Visitor) -> None:
    post_id = refused(editor, make_channel(editor.desk))
    steps.alter(editor.desk, post_id, text="long " * 80)

    editor.send("/needs/send-again", {"of": [post_id]})

    assert "over the limit of 280" in editor.look("/needs").text


def test_a_group_is_dropped_and_put_back(editor: Visitor) -> None:
    channel = make_channel(editor.desk)
    ids = [refused(editor, channel), refused(editor, channel)]

    editor.send("/needs/drop", {"of": ids})
    dropped = [state(editor, post_id) for post_id in ids]
    page = editor.look("/needs").text
    editor.send("/posts/restore", {"of": ids})

    assert dropped == [State.CANCELLED] * 2
    assert "2 posts will not go out." in page
    assert 'action="/posts/restore"' in page
    assert [state(editor, post_id) for post_id in ids] == [State.FAILED] * 2


def test_a_doubtful_post_offers_its_two_answers(editor: Visitor) -> None:
    post_id = steps.unconfirmed(editor.desk, taken=True)
    steps.alter(
        editor.desk,
        post_id,
        needs_person=True,
        reason="The desk can't look: its list did not load.",
    )

    page = editor.look("/needs").text

    assert "It may be live, but the desk can&#39;t look: its list did not load." in page
    assert "It is live: paste its link" in page
    assert "It is not there: send it again" in page


def test_of_two_live_ones_one_stays(editor: Visitor) -> None:
    post_id = make_scheduled(editor.desk, make_channel(editor.desk))
    run_due(editor.desk)
    other = "https://scripted.example/99"
    steps.alter(editor.desk, post_id, twice_url=other)

    page = editor.look("/needs").text
    first = look_up(editor.desk, post_id).parts[0].url
    editor.send(f"/posts/{post_id}/deleted", {"url": first})

    assert "I deleted the first" in page
    assert look_up(editor.desk, post_id).parts[0].url == other


def test_of_a_thread_the_part_that_is_live_twice_has_both_its_links(
    editor: Visitor,
) -> None:
    post_id = thread_twice(editor.desk)
    post = look_up(editor.desk, post_id)
    first, second = (part.url for part in post.parts)

    for page in ("/needs", f"/posts/{post_id}", "/status"):
        shown = editor.look(page).text
        assert "Part 2 is live twice" in shown
        assert f'href="{second}"' in shown
        assert f'href="{LATE.url}"' in shown
        assert f'name="url" value="{first}"' not in shown
    editor.send(f"/posts/{post_id}/deleted", {"url": second})

    assert [one.url for one in look_up(editor.desk, post_id).parts] == [first, LATE.url]


def test_a_stopped_channel_is_one_thing_to_do(editor: Visitor) -> None:
    channel = make_channel(editor.desk, "X main")
    now = now_of(editor.desk)
    for ahead in range(6):
        make_scheduled(editor.desk, channel, due_at=now + (ahead + 1) * HOUR)
    steps.alter_channel(
        editor.desk, channel, stopped_at=now, stopped_why="The token was revoked."
    )

    page = editor.look("/needs").text

    assert "Reconnect X main: 6 posts wait." in page
    assert "<q>The token was revoked.</q>" in page
    assert "<title>(1) Needs you" in page


def test_a_held_post_is_offered_the_end_of_the_hold(editor: Visitor) -> None:
    make_scheduled(editor.desk, make_channel(editor.desk))

    editor.send("/hold")
    held = editor.look("/needs").text
    editor.send("/lift")
    lifted = editor.look("/needs").text

    assert "Held past their time" in held
    assert 'action="/lift"' in held.split('id="needs"')[1]
    assert "Fell due during a hold" in lifted
    assert "Send now" in lifted


def test_the_approver_sees_what_is_to_go_out(editor: Visitor) -> None:
    post_id = in_review(editor)

    page = editor.look("/needs").text

    assert "Awaiting approval" in page
    assert "The author · Channel of The author · wanted" in page
    assert 'class="preview entry-preview"' in page
    assert f'action="/posts/{post_id}/approve"' in page


def test_approving_gives_the_wanted_time_and_can_be_undone(editor: Visitor) -> None:
    post_id = in_review(editor)
    wanted = look_up(editor.desk, post_id).due_at

    answer = editor.send(f"/posts/{post_id}/approve", {"revision": 1}, **FROM_LIST)
    after = look_up(editor.desk, post_id)
    page = editor.look("/needs").text
    editor.send("/needs/wait-again", {"of": post_id})

    assert (answer.location, after.state, after.due_at) == (
        "/needs",
        "scheduled",
        wanted,
    )
    assert "Approved: it goes out" in page
    assert 'action="/needs/wait-again"' in page
    assert state(editor, post_id) == State.IN_REVIEW


def test_a_wanted_time_that_has_passed_is_a_question(editor: Visitor) -> None:
    post_id = in_review(editor, ahead=timedelta(0))

    page = editor.look("/needs").text
    answer = editor.send(f"/posts/{post_id}/approve", {"revision": 1})
    editor.send(f"/posts/{post_id}/approve", {"revision": 1, "when": "now"})
    told = editor.look("/needs").text

    assert "that time has passed" in page
    assert "Approve and send now" in page
    assert answer.status_code == 409
    assert "send it now, or pick a time" in sentence(answer)
    assert state(editor, post_id) == State.SCHEDULED
    assert "Approved: it goes out now." in told
    assert 'data-undo-for="10"' in told


def test_an_author_reads_what_should_change(editor: Visitor, author: Visitor) -> None:
    post_id = in_review(author, person=author.user)

    waiting = author.look("/needs").text
    editor.send(f"/posts/{post_id}/changes", {"what": "Name the town."})
    back = author.look("/needs").text

    assert "Yours" in waiting
    assert "Yours" in back
    assert "Changes asked: Name the town." in back
    assert "Changes asked: Name the town." in author.look(f"/posts/{post_id}").text
    assert state(editor, post_id) == State.DRAFT


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.ANALYST])
def test_who_may_not_publish_sees_the_list_without_its_buttons(
    editor: Visitor, visit: Callable[[Role | None], Visitor], role: Role
) -> None:
    channel = make_channel(editor.desk)
    refused(editor, channel)
    refused(editor, channel)
    in_review(editor, by="Somebody else")

    page = visit(role).look("/needs").text.split('id="needs"')[1].split("</main>")[0]

    assert "Refused by" in page
    assert "Awaiting approval" in page
    assert "<form" not in page
    assert "<button" not in page


def test_an_analyst_changes_nothing(
    editor: Visitor, visit: Callable[[Role | None], Visitor]
) -> None:
    post_id = in_review(editor)
    analyst = visit(Role.ANALYST)

    answers = [
        analyst.send(path, {"of": post_id, "revision": 1, "what": "x"})
        for path in (
            "/needs/send-again",
            "/needs/drop",
            "/needs/wait-again",
            f"/posts/{post_id}/approve",
            f"/posts/{post_id}/changes",
            f"/posts/{post_id}/leave",
            f"/posts/{post_id}/deleted",
            "/posts/restore",
        )
    ]

    assert [answer.status_code for answer in answers] == [403] * 8
    assert state(editor, post_id) == State.IN_REVIEW


def test_the_counter_the_board_and_the_list_agree(editor: Visitor) -> None:
    channel = make_channel(editor.desk)
    refused(editor, channel)
    in_review(editor)
    steps.alter_channel(editor.desk, channel, stopped_at=now_of(editor.desk))

    listed = editor.look("/needs").text
    board = editor.look("/status/board").text
    counter = editor.look("/counters").text

    assert listed.count("data-entry") == 3
    assert re.search(r'Needs you</a> <span class="how-many">3<', board)
    assert 'data-needs-you="3"' in counter


def test_a_wish_for_changes_is_kept_in_the_browser_until_it_is_here(
    editor: Visitor,
) -> None:
    post_id = in_review(editor)

    for page in ("/needs", f"/posts/{post_id}"):
        assert f'data-keeps="asked-{post_id}"' in editor.look(page).text
    answer = editor.send(f"/posts/{post_id}/changes", {"what": "Name the ferry"})

    assert answer.headers["Desk-Kept"] == f"asked-{post_id}"
