"""Taking a slot in Compose: the post that has it moves to the next free one."""

from __future__ import annotations

import html
from datetime import datetime, time

import pytest

from desk import scheduling
from desk.lifecycle import State
from desk.models import Post, Slot
from desk.scheduling import NextSlot
from tests.factories import look_up, make_post, now_of
from tests.web.filling import form_in
from tests.web.shares import share_form, share_story
from tests.web.visiting import Visitor, plain

STORM = "Storm Ottilie reaches the coast"


@pytest.fixture
def drafted(editor: Visitor) -> Post:
    return drafted_by(editor)


def drafted_by(visitor: Visitor) -> Post:
    """A draft on a channel with two times a day."""
    _, (post,) = share_story(visitor, channels=1)
    with visitor.desk.db.writing() as session:
        for weekday in range(7):
            for at in (time(9), time(17, 30)):
                slot = Slot(channel_id=post.channel_id, weekday=weekday, local_time=at)
                session.add(slot)
    return post


def queued(visitor: Visitor, channel_id: int, text: str) -> Post:
    """At the next free slot of that channel."""
    post_id = make_post(visitor.desk, channel_id, text)
    now = now_of(visitor.desk)
    with visitor.desk.db.writing() as session:
        scheduling.schedule(visitor.desk, session, post_id, NextSlot(), now=now)
    return look_up(visitor.desk, post_id)


def taking(visitor: Visitor, post: Post) -> dict[str, object]:
    return share_form(visitor, post.share_id, take=post.id)


def place(visitor: Visitor, post: Post) -> tuple[str, datetime | None, datetime | None]:
    now = look_up(visitor.desk, post.id)
    return now.state, now.due_at, now.slot_at


def test_it_is_said_first_what_moves_and_nothing_is_offered_on_a_free_channel(
    editor: Visitor, author: Visitor, drafted: Post
) -> None:
    path = f"/shares/{drafted.share_id}"
    assert "move the other on" not in editor.look(path).text

    queued(editor, drafted.channel_id, STORM)

    said = plain(editor.look(path).text)
    assert f"“{STORM}” moves to" in html.unescape(said)
    assert "move the other on" in said
    assert "move the other on" not in author.look(path).text


def test_both_have_the_times_that_were_said_and_undo_brings_both_back(
    editor: Visitor, drafted: Post
) -> None:
    storm = queued(editor, drafted.channel_id, STORM)
    first, before = storm.slot_at, place(editor, storm)

    editor.send_bare(f"/shares/{drafted.share_id}/take-slot", taking(editor, drafted))

    assert place(editor, drafted) == (State.SCHEDULED, first, first)
    state, due_at, slot_at = place(editor, storm)
    assert state == State.SCHEDULED
    assert due_at == slot_at
    assert due_at
    assert first
    assert due_at > first
    page = editor.look("/inbox").text
    assert f"“{STORM}” moved to" in html.unescape(page)
    editor.send_bare("/shares/take-slot/undo", form_in(page, "/shares/take-slot/undo"))
    assert place(editor, drafted) == (State.DRAFT, None, None)
    assert place(editor, storm) == before


@pytest.mark.parametrize("changed", ["the other", "the free slot"])
def test_nothing_moves_where_it_is_not_as_the_page_said(
    editor: Visitor, drafted: Post, changed: str
) -> None:
    storm = queued(editor, drafted.channel_id, STORM)
    form = taking(editor, drafted)
    if changed == "the free slot":
        queued(editor, drafted.channel_id, "A third story")
    else:
        editor.send(f"/posts/{storm.id}/cancel")
        editor.send(f"/posts/{storm.id}/restore")
    before = place(editor, storm)

    answer = editor.send_bare(f"/shares/{drafted.share_id}/take-slot", form)

    assert answer.status_code == 303
    assert "nothing was moved" in editor.look("/inbox").text
    assert place(editor, storm) == before
    assert place(editor, drafted)[0] == State.DRAFT


def test_a_button_that_names_no_slot_moves_nothing(
    editor: Visitor, drafted: Post
) -> None:
    storm = queued(editor, drafted.channel_id, STORM)
    form = taking(editor, drafted) | {f"ahead-{drafted.id}": "1/2/then/now"}

    answer = editor.send_bare(f"/shares/{drafted.share_id}/take-slot", form)

    assert answer.status_code == 400
    assert place(editor, storm)[1] == storm.due_at
