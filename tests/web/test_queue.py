"""The queue: every channel's order, and each button that changes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from connectors.base import Unauthorized
from desk import channels, db, holds, slots
from desk.lifecycle import State
from desk.models.people import Role
from desk.people.actors import Actor
from tests.factories import (
    claim,
    look_up,
    make_channel,
    make_post,
    make_scheduled,
    now_of,
)
from tests.fakes.scripted import Scripted
from tests.unit.scheduling.planning import every_hour, order_of, plan, times_of
from tests.web.visiting import Visitor, field, sentence

Visit = Callable[[Role | None], Visitor]


def form(visitor: Visitor, post_id: int, **more: object) -> dict[str, object]:
    """A row's form, as the page that shows it now would send it."""
    page = visitor.look("/queue").text
    row = page.split(f'id="line-{post_id}"')[1].split("</li>")[0]
    return {"seen": field(row, "seen"), "once": field(row, "once"), **more}


def press(visitor: Visitor, post_id: int, to: str) -> str:
    """Press a row's button; gives the page that follows."""
    answer = visitor.send(f"/queue/{post_id}/order", form(visitor, post_id, to=to))
    assert answer.status_code == 303, answer.text
    return visitor.look(answer.location.split("#")[0]).text


def undo(visitor: Visitor, page: str) -> str:
    former = re.findall(r'name="of" value="([^"]+)"', page)
    assert former, page
    answer = visitor.send("/calendar/undo", {"of": former})
    assert answer.status_code == 303, answer.text
    return visitor.look("/queue").text


def test_posts_stand_in_the_order_of_going_out(editor: Visitor) -> None:
    channel = make_channel(editor.desk, "Gazette")
    at = now_of(editor.desk) + timedelta(hours=2)
    make_scheduled(editor.desk, channel, "The second", at + timedelta(hours=1))
    make_scheduled(editor.desk, channel, "The first", at)

    page = editor.look("/queue").text

    assert "Gazette" in page
    assert page.index("The first") < page.index("The second")
    assert "in 1 h" in page


def test_free_slots_stand_between_the_posts(editor: Visitor) -> None:
    channel = make_channel(editor.desk)
    every_hour(editor.desk, channel)
    plan(editor.desk, channel, "Far", first=6)

    page = editor.look("/queue").text
    before, after = page.split("Far", 1)

    assert before.count('class="ghost"') == 2
    assert re.search(r"and [34] more", before)
    assert after.count('class="ghost"') == 3


@pytest.mark.parametrize(
    ("number", "to", "after"),
    [(2, "next", "C A B"), (2, "up", "A C B"), (0, "down", "B A C"), (0, "2", "B C A")],
)
def test_each_button_moves_and_undo_moves_back(
    editor: Visitor, number: int, to: str, after: str
) -> None:
    channel = make_channel(editor.desk)
    made = plan(editor.desk, channel, "A", "B", "C")
    before = times_of(editor.desk, channel)

    page = press(editor, made[number], to)
    moved = order_of(editor.desk, channel)
    undo(editor, page)

    assert moved == after
    assert order_of(editor.desk, channel) == "A B C"
    assert times_of(editor.desk, channel) == before


def test_a_stale_order_is_told_and_changes_nothing(editor: Visitor) -> None:
    channel = make_channel(editor.desk)
    made = plan(editor.desk, channel, "A", "B", "C")
    old = form(editor, made[2], to="up")
    press(editor, made[0], "down")

    answer = editor.send(f"/queue/{made[2]}/order", old)

    assert answer.status_code == 303
    assert "The queue changed meanwhile" in editor.look("/queue").text
    assert order_of(editor.desk, channel) == "B A C"


def test_in_place_a_stale_order_is_a_conflict(editor: Visitor) -> None:
    channel = make_channel(editor.desk)
    made = plan(editor.desk, channel, "A", "B")
    old = {**form(editor, made[1], to="up"), "seen": "another"}

    answer = editor.send_in_place(f"/queue/{made[1]}/order", old)

    assert answer.status_code == 409
    assert 'hx-target="#toasts"' in answer.text
    assert "The queue changed meanwhile" in answer.text


def test_in_place_a_move_answers_with_its_undo_alone(editor: Visitor) -> None:
    made = plan(editor.desk, make_channel(editor.desk), "A", "B")

    answer = editor.send_in_place(
        f"/queue/{made[1]}/order", form(editor, made[1], to="up")
    )

    assert answer.status_code == 200
    assert "HX-Redirect" not in answer.headers
    assert "Moved up to" in answer.text
    assert "Undo" in answer.text


def test_a_double_click_moves_once(editor: Visitor) -> None:
    channel = make_channel(editor.desk)
    made = plan(editor.desk, channel, "A", "B", "C")
    click = form(editor, made[2], to="up")

    answers = [editor.send(f"/queue/{made[2]}/order", click) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert order_of(editor.desk, channel) == "A C B"


def test_what_is_going_out_has_no_buttons_and_is_not_moved(editor: Visitor) -> None:
    channel = make_channel(editor.desk)
    post_id = make_scheduled(editor.desk, channel, "Now")
    plan(editor.desk, channel, "Later")
    claim(editor.desk)

    page = editor.look("/queue").text
    answer = editor.send(f"/queue/{post_id}/order", {"to": "down", "seen": "x"})

    assert "publishing" in page
    assert f'id="next-{post_id}"' not in page
    assert answer.status_code == 409
    assert "going out this very moment" in sentence(answer)


def test_a_post_goes_back_to_draft_and_undo_brings_it_back(editor: Visitor) -> None:
    (post_id,) = plan(editor.desk, make_channel(editor.desk), "A")
    before = look_up(editor.desk, post_id)

    editor.send(f"/calendar/draft/{post_id}", {"seen": before.fence})
    drafted = look_up(editor.desk, post_id).state
    undo(editor, editor.look("/queue").text)

    after = look_up(editor.desk, post_id)
    assert drafted == State.DRAFT
    assert (after.state, after.due_at) == (before.state, before.due_at)


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.ANALYST])
def test_authors_and_analysts_only_read(visit: Visit, role: Role) -> None:
    reader = visit(role)
    made = plan(reader.desk, make_channel(reader.desk), "A", "B")

    page = reader.look("/queue").text
    answer = reader.send(f"/queue/{made[1]}/order", {"to": "up", "seen": "x"})

    assert "Send next" not in page
    assert "Weekly times" not in page
    assert answer.status_code == 403


def test_a_stopped_channel_says_why_and_leads_out(editor: Visitor) -> None:
    channel = make_channel(editor.desk, "Gazette")
    Scripted.checking.append(Unauthorized("The token was revoked."))
    editor.send(f"/channels/{channel}/check")

    page = editor.look("/queue").text

    assert "Stopped: The token was revoked." in page
    assert "Reconnect Gazette" in page


def test_a_held_channel_says_who_held_it(editor: Visitor) -> None:
    channel = make_channel(editor.desk)
    with editor.desk.db.writing() as session:
        now = db.now(session)
        holds.hold(
            session, scope="channel", target=str(channel), by=Actor("Ines"), now=now
        )

    page = editor.look("/queue").text

    assert "by Ines" in page
    assert "Lift the hold" in page


def test_empty_queues_teach(editor: Visitor) -> None:
    nothing = editor.look("/queue").text
    channel = make_channel(editor.desk)
    slotless = editor.look("/queue").text
    every_hour(editor.desk, channel)
    empty = editor.look("/queue").text

    assert "No channel yet" in nothing
    assert "Add weekly times" in slotless
    assert "Paste a story in the inbox" in empty


def weekly(visitor: Visitor, channel: int) -> list[str]:
    with visitor.desk.db.reading() as session:
        return slots.slots_as_text(channels.weekly_slots(session, channel))


def change(visitor: Visitor, channel: int, **values: object) -> str:
    """Send the grid as it stands, changed so; gives the page that follows."""
    now = weekly(visitor, channel)
    filled = {"seen": ["", *now], "slot": now, **values}
    answer = visitor.send(f"/queue/{channel}/times", filled)
    assert answer.status_code == 303, answer.text
    return visitor.look(answer.location).text


def test_a_time_is_added_copied_and_removed(editor: Visitor) -> None:
    channel = make_channel(editor.desk)

    change(editor, channel, do="add", time="9:30", day=["mon", "sat"])
    added = weekly(editor, channel)
    change(editor, channel, do="monday")
    copied = weekly(editor, channel)
    change(editor, channel, do="remove 09:30")

    assert added == ["mon 09:30", "sat 09:30"]
    assert copied == [
        f"{day} 09:30" for day in ("mon", "tue", "wed", "thu", "fri", "sat")
    ]
    assert weekly(editor, channel) == []


def test_a_preset_fills_the_week_and_can_be_undone(editor: Visitor) -> None:
    channel = make_channel(editor.desk)
    change(editor, channel, do="add", time="06:00", day=["sun"])

    page = change(editor, channel, do="preset 3")
    filled = weekly(editor, channel)
    editor.send(
        "/queue/times/undo", {"of": re.findall(r'name="of" value="([^"]*)"', page)}
    )

    assert len(filled) == 21
    assert "Next free slot" in page
    assert weekly(editor, channel) == ["sun 06:00"]


def test_unticked_times_go_and_their_posts_keep_their_time(editor: Visitor) -> None:
    channel = make_channel(editor.desk)
    every_hour(editor.desk, channel)
    post_id = make_post(editor.desk, channel)
    editor.send(f"/posts/{post_id}/schedule", {"when": "slot"})
    before = look_up(editor.desk, post_id).due_at

    change(editor, channel, do="save", slot=["mon 09:00"])

    assert weekly(editor, channel) == ["mon 09:00"]
    assert look_up(editor.desk, post_id).due_at == before


def test_two_editors_of_one_grid_do_not_overwrite_each_other(editor: Visitor) -> None:
    channel = make_channel(editor.desk)
    change(editor, channel, do="add", time="09:30", day=["mon"])

    page = change(editor, channel, seen=[""], slot=[], do="save")

    assert "Someone else changed these weekly times" in page
    assert weekly(editor, channel) == ["mon 09:30"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"do": "add", "time": "soon", "day": "mon"}, "no time of day"),
        ({"do": "add", "time": "09:00"}, "Tick the days"),
        ({"do": "save", "slot": "someday"}, "no weekly time"),
    ],
)
def test_a_time_that_is_none_is_refused(
    editor: Visitor, values: dict[str, object], said: str
) -> None:
    channel = make_channel(editor.desk)

    answer = editor.send(f"/queue/{channel}/times", values)

    assert answer.status_code == 400
    assert said in sentence(answer)
    assert weekly(editor, channel) == []


def test_an_unknown_channel_has_no_times(editor: Visitor) -> None:
    assert editor.look("/queue/99/times").status_code == 404
    assert editor.send("/queue/99/times", {"do": "save"}).status_code == 404


def test_a_banner_leads_to_the_channel(editor: Visitor) -> None:
    channel = make_channel(editor.desk)
    with editor.desk.db.writing() as session:
        now = db.now(session)
        holds.hold(session, scope="channel", target=str(channel), now=now)

    page = editor.look("/queue").text

    assert f'<a href="/channels/{channel}">Lift the hold</a>' in page
