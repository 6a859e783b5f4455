"""The post page: its account in plain words, and what can be done in each state."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from connectors.base import CantTell, OutcomeUnknown, Rejected
from desk import report
from desk.lifecycle import State
from desk.report import AttemptLine
from desk.scheduling import NOW_IN
from tests.factories import (
    look_up,
    make_channel,
    make_post,
    make_scheduled,
    now_of,
    reconcile,
    run_due,
)
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps
from tests.web.articles import untouched
from tests.web.visiting import Visitor, sentence


def planned(visitor: Visitor) -> int:
    channel = make_channel(visitor.desk)
    return make_scheduled(
        visitor.desk, channel, due_at=now_of(visitor.desk) + timedelta(hours=3)
    )


def state(visitor: Visitor, post_id: int) -> str:
    return look_up(visitor.desk, post_id).state


def published(visitor: Visitor) -> int:
    post_id = make_scheduled(visitor.desk, make_channel(visitor.desk))
    run_due(visitor.desk)
    return post_id


def attempts(visitor: Visitor, post_id: int) -> list[AttemptLine]:
    with visitor.desk.db.reading() as session:
        return report.account(session, post_id).attempts


def in_doubt(visitor: Visitor) -> int:
    Scripted.script.append(OutcomeUnknown("The connection closed before an answer."))
    post_id = make_scheduled(visitor.desk, make_channel(visitor.desk))
    run_due(visitor.desk)
    Scripted.looks.extend([CantTell("Its list did not load.")] * 60)
    for minutes in range(1, 90, 3):
        reconcile(visitor.desk, now_of(visitor.desk) + timedelta(minutes=minutes))
    return post_id


def test_a_post_in_doubt_offers_every_link_that_may_be_it(editor: Visitor) -> None:
    post_id = in_doubt(editor)
    link = steps.receipt("77").url
    steps.alter(editor.desk, post_id, lookalikes=[link])

    for page in (f"/posts/{post_id}", "/needs"):
        shown = editor.look(page).text
        assert f'href="{link}"' in shown
        assert "This is it" in shown
    editor.send(f"/posts/{post_id}/live", {"url": link})

    post = look_up(editor.desk, post_id)
    assert (post.state, post.parts[0].url, post.lookalikes) == ("published", link, [])


def test_an_unknown_post_is_not_found(editor: Visitor) -> None:
    answer = editor.look("/posts/999")

    assert answer.status_code == 404
    assert "no post number 999" in sentence(answer)


def test_a_published_post_shows_its_account_and_link(editor: Visitor) -> None:
    page = editor.look(f"/posts/{published(editor)}").text

    assert "Published" in page
    assert "It is live." in page
    assert "What was sent" in page
    assert "Save changes" not in page


@pytest.mark.parametrize("action", ["save", "cancel", "draft", "schedule", "retry"])
def test_a_published_post_can_not_be_changed(editor: Visitor, action: str) -> None:
    post_id = published(editor)
    form = {f"text-{post_id}": "x", f"revision-{post_id}": 1, "when": "now"}

    answer = editor.send(f"/posts/{post_id}/{action}", form)

    assert answer.status_code == 409
    assert "published" in sentence(answer)


def test_typing_on_a_scheduled_post_changes_nothing_until_it_is_saved(
    editor: Visitor,
) -> None:
    post_id = planned(editor)
    form = {f"text-{post_id}": "A better line", f"revision-{post_id}": 1}

    answer = editor.send_in_place(f"/posts/{post_id}/write", form)

    assert "Kept as a working copy" in answer.text
    assert look_up(editor.desk, post_id).text == "Dodge returns"
    assert "A better line" in editor.look(f"/posts/{post_id}").text
    editor.send(f"/posts/{post_id}/save", form)
    assert look_up(editor.desk, post_id).text == "A better line"
    assert state(editor, post_id) == State.SCHEDULED


def test_an_author_may_not_change_what_is_scheduled(
    editor: Visitor, author: Visitor
) -> None:
    post_id = planned(editor)
    form = {f"text-{post_id}": "Mine now", f"revision-{post_id}": 1}

    answer = author.send(f"/posts/{post_id}/save", form)

    assert answer.status_code == 403
    assert look_up(editor.desk, post_id).text == "Dodge returns"


def test_a_post_is_moved_to_another_time(editor: Visitor) -> None:
    post_id = planned(editor)
    at = (now_of(editor.desk) + timedelta(days=2)).replace(second=0, microsecond=0)

    editor.send(
        f"/posts/{post_id}/schedule", {"when": "at", "at": f"{at:%Y-%m-%dT%H:%M}"}
    )

    assert look_up(editor.desk, post_id).due_at == at


def test_soon_is_no_time(editor: Visitor) -> None:
    answer = editor.send(
        f"/posts/{planned(editor)}/schedule", {"when": "at", "at": "soon"}
    )

    assert answer.status_code == 400
    assert "“soon” is not a time" in sentence(answer)


def test_without_slots_there_is_no_next_slot(editor: Visitor) -> None:
    answer = editor.send(f"/posts/{planned(editor)}/schedule", {"when": "slot"})

    assert answer.status_code == 409
    assert "no free slot" in sentence(answer)


def test_a_class_nobody_knows_is_refused(editor: Visitor) -> None:
    form = {"when": "now", "priority": "urgent"}

    answer = editor.send(f"/posts/{planned(editor)}/schedule", form)

    assert answer.status_code == 400


def test_send_now_makes_it_due_when_it_can_no_longer_be_undone(
    editor: Visitor,
) -> None:
    post_id = planned(editor)
    wanted = look_up(editor.desk, post_id).due_at
    before = now_of(editor.desk)

    editor.send(f"/posts/{post_id}/schedule", {"when": "now", "at": ""})

    due_at = look_up(editor.desk, post_id).due_at
    told = editor.look(f"/posts/{post_id}").text
    assert due_at
    assert before + NOW_IN <= due_at <= now_of(editor.desk) + NOW_IN
    assert "Going out." in told
    assert 'data-undo-for="10"' in told
    editor.send("/posts/restore", {"of": post_id})
    assert look_up(editor.desk, post_id).due_at == wanted


def test_text_over_the_limit_is_not_scheduled(editor: Visitor) -> None:
    post_id = make_post(editor.desk, make_channel(editor.desk), "long " * 80)

    answer = editor.send(f"/posts/{post_id}/schedule", {"when": "now"})

    assert answer.status_code == 422
    assert "over the limit of 280" in sentence(answer)


def test_cancelling_can_be_undone(editor: Visitor) -> None:
    post_id = planned(editor)
    due_at = look_up(editor.desk, post_id).due_at

    editor.send(f"/posts/{post_id}/cancel")
    cancelled = state(editor, post_id)
    page = editor.look(f"/posts/{post_id}").text
    editor.send("/posts/restore", {"of": post_id})

    assert cancelled == State.CANCELLED
    assert "Undo" in page
    assert state(editor, post_id) == State.SCHEDULED
    assert look_up(editor.desk, post_id).due_at == due_at


def test_cancelling_what_may_be_live_says_so(editor: Visitor) -> None:
    Scripted.script.append(OutcomeUnknown(steps.CUT))
    post_id = make_scheduled(editor.desk, make_channel(editor.desk))
    run_due(editor.desk)
    steps.look(editor.desk, post_id, times=2)
    Scripted.script.append(Rejected("No."))
    run_due(editor.desk)

    editor.send(f"/posts/{post_id}/cancel")
    page = editor.look(f"/posts/{post_id}").text

    assert "Cancelled: not sent again. It may be live by an earlier try" in page
    assert "it will not go out" not in page


def test_a_post_found_before_its_new_time_went_out_early(editor: Visitor) -> None:
    post_id = published(editor)
    later = now_of(editor.desk) + timedelta(hours=2, seconds=5)
    steps.alter(editor.desk, post_id, due_at=later)

    page = editor.look(f"/posts/{post_id}").text

    assert "2 h 0 min early: due" in page


def test_back_to_draft_keeps_the_text(editor: Visitor) -> None:
    post_id = planned(editor)

    editor.send(f"/posts/{post_id}/draft")

    after = look_up(editor.desk, post_id)
    assert (after.state, after.text, after.due_at) == (
        State.DRAFT,
        "Dodge returns",
        None,
    )


def test_back_to_draft_can_be_undone_on_the_posts_page(editor: Visitor) -> None:
    post_id = planned(editor)
    due_at = look_up(editor.desk, post_id).due_at

    editor.send(f"/posts/{post_id}/draft")
    page = editor.look(f"/posts/{post_id}").text
    editor.send("/posts/restore", {"of": post_id})

    assert "Put back at" in page
    assert look_up(editor.desk, post_id).due_at == due_at
    assert "Undone. Scheduled for" in editor.look(f"/posts/{post_id}").text


def test_a_move_can_be_undone(editor: Visitor) -> None:
    post_id = planned(editor)
    due_at = look_up(editor.desk, post_id).due_at
    later = now_of(editor.desk) + timedelta(days=2)

    editor.send(
        f"/posts/{post_id}/schedule", {"when": "at", "at": f"{later:%Y-%m-%dT%H:%M}"}
    )
    page = editor.look(f"/posts/{post_id}").text
    editor.send("/posts/restore", {"of": post_id})

    assert "Move back to" in page
    assert look_up(editor.desk, post_id).due_at == due_at


def test_the_account_tells_times_to_the_second(editor: Visitor) -> None:
    post_id = published(editor)

    page = editor.look(f"/posts/{post_id}").text

    due_at = look_up(editor.desk, post_id).due_at
    assert due_at
    assert " s late: due " in page
    assert f"{due_at:%H:%M:%S}" in page
    assert "can&#39;t be changed here any more" in page


def test_each_attempt_shows_its_times_and_its_proof(editor: Visitor) -> None:
    post_id = published(editor)
    [line] = attempts(editor, post_id)

    page = editor.look(f"/posts/{post_id}").text

    assert re.search(r"<dt>Due</dt><dd>\d\d:\d\d:\d\d\.\d{3}", page)
    assert re.search(r"<dt>Intent</dt><dd>[\d:.]{12}, \d+\.\d{3} s after it was", page)
    assert re.search(r"<dt>Answer</dt><dd>[\d:.]{12}, \d+\.\d{3} s after the", page)
    assert f"SHA-256 {line.digest}" in page
    assert f"{line.worker}, fence {line.fence}" in page
    assert f"<dt>Receipt</dt><dd>{line.remote_id}</dd>" in page


def test_an_attempt_without_an_answer_says_so(editor: Visitor) -> None:
    page = editor.look(f"/posts/{in_doubt(editor)}").text

    assert "<dt>Given up</dt>" in page
    assert "it may have been published" in page


def test_a_failed_post_says_why_and_is_tried_again(editor: Visitor) -> None:
    Scripted.script.append(Rejected("This account may not post at night."))
    post_id = make_scheduled(editor.desk, make_channel(editor.desk))
    run_due(editor.desk)

    page = editor.look(f"/posts/{post_id}").text
    editor.send(f"/posts/{post_id}/retry")

    assert "This account may not post at night." in page
    assert "Send again now" in page
    assert state(editor, post_id) == State.SCHEDULED


@pytest.mark.parametrize(
    ("action", "more"), [("schedule", {"when": "now"}), ("retry", {})]
)
def test_what_is_sent_now_is_what_stands_on_the_page(
    editor: Visitor, action: str, more: dict[str, object]
) -> None:
    Scripted.script.append(Rejected("This account may not post at night."))
    post_id = make_scheduled(editor.desk, make_channel(editor.desk))
    run_due(editor.desk)
    typed = {f"text-{post_id}": "By day", f"revision-{post_id}": 1}

    editor.send(f"/posts/{post_id}/{action}", typed | more)

    post = look_up(editor.desk, post_id)
    assert (post.text, post.state) == ("By day", State.SCHEDULED)


@pytest.mark.parametrize(
    ("action", "more"), [("schedule", {"when": "now"}), ("retry", {})]
)
def test_nothing_is_sent_that_its_page_never_showed(
    editor: Visitor, action: str, more: dict[str, object]
) -> None:
    Scripted.script.append(Rejected("This account may not post at night."))
    post_id = make_scheduled(editor.desk, make_channel(editor.desk))
    run_due(editor.desk)
    old = untouched(editor.look(f"/posts/{post_id}").text, post_id)
    editor.send(f"/posts/{post_id}/save", old | {f"text-{post_id}": "Corrected"})

    editor.send(f"/posts/{post_id}/{action}", old | more)

    post = look_up(editor.desk, post_id)
    assert (post.text, post.state) == ("Corrected", State.FAILED)
    assert "since you opened this page" in editor.look(f"/posts/{post_id}").text


def test_a_move_says_that_unsaved_words_are_not_in_it(editor: Visitor) -> None:
    post_id = planned(editor)
    typed = {f"text-{post_id}": "Half a sent", f"revision-{post_id}": 1}
    editor.send_in_place(f"/posts/{post_id}/write", typed)

    editor.send(f"/posts/{post_id}/schedule", {"when": "at", "at": "2027-06-01 10:00"})

    post = look_up(editor.desk, post_id)
    assert [copy.text for copy in post.copies] == ["Half a sent"]
    told = editor.look(f"/posts/{post_id}").text
    assert f"Your unsaved words for {post.channel.name} are not in it" in told


def test_a_page_left_open_turns_when_its_post_is_out(editor: Visitor) -> None:
    post_id = make_scheduled(editor.desk, make_channel(editor.desk))
    typed = {f"text-{post_id}": "Half a sent", f"revision-{post_id}": 1}
    before = editor.look(f"/posts/{post_id}/account").text
    editor.send_in_place(f"/posts/{post_id}/write", typed)
    run_due(editor.desk)

    after = editor.look(f"/posts/{post_id}/account").text

    assert "post-words" not in before
    assert "What was sent" in after
    assert "It is out" in after
    assert "You wrote and did not save" in after
    assert "are writing" not in after


def test_a_doubtful_post_offers_two_buttons(editor: Visitor) -> None:
    page = editor.look(f"/posts/{in_doubt(editor)}").text

    assert "It is live</button>" in page
    assert "It is not there: send it again" in page


def test_a_person_says_it_is_live(editor: Visitor) -> None:
    post_id = in_doubt(editor)

    refused = editor.send(f"/posts/{post_id}/live", {"url": "somewhere"})
    editor.send(f"/posts/{post_id}/live", {"url": "https://social.example/@d/1"})

    assert refused.status_code == 400
    assert state(editor, post_id) == State.PUBLISHED
    assert "https://social.example/@d/1" in editor.look(f"/posts/{post_id}").text


def test_a_person_says_it_is_not_there(editor: Visitor) -> None:
    post_id = in_doubt(editor)
    Scripted.looks.clear()

    editor.send(f"/posts/{post_id}/absent")
    run_due(editor.desk)

    assert state(editor, post_id) == State.PUBLISHED
    assert Scripted.live() == ["Dodge returns"]
