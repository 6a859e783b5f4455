"""The calendar: what stands where, and the one form behind every way to move it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import insert

from connectors.paper import Paper
from desk.config import Settings
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post
from desk.models.people import Role
from tests.factories import (
    claim,
    look_up,
    make_channel,
    make_post,
    make_scheduled,
    make_share,
    now_of,
    run_due,
)
from tests.fakes.scripted import Scripted
from tests.unit.scheduling.planning import every_hour, plan
from tests.warmth import warmed
from tests.web.visiting import Visitor, field, sentence
from web import create_app

Visit = Callable[[Role | None], Visitor]


def mover(visitor: Visitor, post_id: int, **values: object) -> dict[str, object]:
    """The form of “Move to…”, filled in so."""
    page = visitor.look(f"/calendar/move/{post_id}").text
    return {"seen": field(page, "seen"), "once": field(page, "once"), **values}


def slip(page: str, post_id: int) -> str:
    return page.split(f'id="slip-{post_id}"')[1].split("</a>")[0]


def noon_in(visitor: Visitor, days: int) -> datetime:
    at = now_of(visitor.desk) + timedelta(days=days)
    return at.replace(hour=12, minute=0, second=0, microsecond=0)


def test_a_week_shows_each_post_with_its_time_and_state(editor: Visitor) -> None:
    channel = make_channel(editor.desk, "Gazette")
    live = make_scheduled(editor.desk, channel, "Went out")
    run_due(editor.desk)
    going = make_scheduled(editor.desk, channel, "Is going out")
    claim(editor.desk)

    page = editor.look("/calendar").text

    assert "live" in slip(page, live)
    assert "publishing" in slip(page, going)
    assert "Gazette" in slip(page, live)
    assert 'class="now-line"' in page


def test_a_month_and_a_day_show_it_too(editor: Visitor) -> None:
    at = noon_in(editor, 1)
    post_id = make_scheduled(editor.desk, make_channel(editor.desk), "Tomorrow", at)

    for view in ("month", "day", "week"):
        page = editor.look(f"/calendar?view={view}&day={at.date()}").text
        assert "12:00" in slip(page, post_id), view


def test_another_week_does_not_show_it(editor: Visitor) -> None:
    at = noon_in(editor, 1)
    make_scheduled(editor.desk, make_channel(editor.desk), "Tomorrow", at)

    page = editor.look(f"/calendar?day={at.date() + timedelta(days=14)}").text

    assert "Tomorrow" not in page


def test_a_channel_can_be_picked(editor: Visitor) -> None:
    one, other = make_channel(editor.desk, "One"), make_channel(editor.desk, "Other")
    at = noon_in(editor, 0) + timedelta(hours=11)
    make_scheduled(editor.desk, one, "Of the one", at)
    make_scheduled(editor.desk, other, "Of the other", at)

    page = editor.look(f"/calendar?channel={one}&day={at.date()}").text

    assert "Of the one" in page
    assert "Of the other" not in page


def test_free_slots_and_drafts_without_a_time_are_shown(editor: Visitor) -> None:
    channel = make_channel(editor.desk)
    every_hour(editor.desk, channel)
    post_id = make_post(editor.desk, channel, "Unplaced")

    page = editor.look(f"/calendar?day={noon_in(editor, 7).date()}").text

    assert page.count('class="free"') == 7 * 24
    assert "Unplaced" in slip(page.split('class="tray"')[1], post_id)


def test_posts_within_five_minutes_are_told(editor: Visitor) -> None:
    channel = make_channel(editor.desk)
    at = noon_in(editor, 1)
    near = [
        make_scheduled(editor.desk, channel, "Near", at + timedelta(minutes=n))
        for n in (0, 4)
    ]
    alone = make_scheduled(editor.desk, channel, "Alone", at + timedelta(minutes=30))

    page = editor.look(f"/calendar?day={at.date()}").text

    assert ["too close" in slip(page, post_id) for post_id in [*near, alone]] == [
        True,
        True,
        False,
    ]


def test_a_post_moves_to_a_day_and_a_time_and_undo_brings_it_back(
    editor: Visitor,
) -> None:
    (post_id,) = plan(editor.desk, make_channel(editor.desk), "A")
    before = look_up(editor.desk, post_id).due_at
    at = noon_in(editor, 3)

    answer = editor.send(
        f"/calendar/move/{post_id}",
        mover(editor, post_id, at=f"{at:%Y-%m-%d %H:%M}", back="/calendar?view=day"),
    )
    moved = look_up(editor.desk, post_id).due_at
    page = editor.look(answer.location).text
    editor.send("/calendar/undo", {"of": field(page, "of")})

    assert answer.location == "/calendar?view=day"
    assert "Moved to" in page
    assert moved == at
    assert look_up(editor.desk, post_id).due_at == before


def test_a_move_is_written_as_a_time_is_everywhere(editor: Visitor) -> None:
    (post_id,) = plan(editor.desk, make_channel(editor.desk), "A")
    path = f"/calendar/move/{post_id}"
    at = noon_in(editor, 3)

    page = editor.look(path).text
    editor.send(path, mover(editor, post_id, at=f"{at:%a} 12"))

    assert page.count('name="at"') == 1
    assert 'hx-get="/times/said"' in page
    assert look_up(editor.desk, post_id).due_at == at


def test_a_draft_is_placed_in_a_free_slot(editor: Visitor) -> None:
    channel = make_channel(editor.desk)
    every_hour(editor.desk, channel)
    post_id = make_post(editor.desk, channel)
    slot = noon_in(editor, 1)

    editor.send(
        f"/calendar/move/{post_id}",
        mover(editor, post_id, to="slot", slot=slot.isoformat()),
    )

    post = look_up(editor.desk, post_id)
    assert (post.state, post.slot_at) == (State.SCHEDULED, slot)


def test_an_older_page_moves_nothing(editor: Visitor) -> None:
    (post_id,) = plan(editor.desk, make_channel(editor.desk), "A")
    old = mover(editor, post_id, at=noon_in(editor, 4).isoformat())
    at = noon_in(editor, 3)
    new = mover(editor, post_id, at=at.isoformat())
    editor.send(f"/calendar/move/{post_id}", new)

    editor.send(f"/calendar/move/{post_id}", old)

    assert "Someone else changed this post" in editor.look("/calendar").text
    assert look_up(editor.desk, post_id).due_at == at


def test_the_same_form_twice_moves_once(editor: Visitor) -> None:
    (post_id,) = plan(editor.desk, make_channel(editor.desk), "A")
    form = mover(editor, post_id, at=noon_in(editor, 3).isoformat())

    answers = [editor.send(f"/calendar/move/{post_id}", form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert "meanwhile" not in editor.look("/calendar").text


def test_what_is_out_can_not_be_moved_and_says_why(editor: Visitor) -> None:
    post_id = make_scheduled(editor.desk, make_channel(editor.desk), "Out")
    run_due(editor.desk)

    page = editor.look(f"/calendar/move/{post_id}").text
    answer = editor.send(
        f"/calendar/move/{post_id}",
        {"seen": 1, "at": noon_in(editor, 2).isoformat()},
    )

    assert "This post is published" in page
    assert "Move to this time" not in page
    assert answer.status_code == 409
    assert "This post is published" in sentence(answer)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"at": "2020-01-01 12:00"}, "is past"),
        ({"at": "someday"}, "not a time"),
        ({"at": "11/12 9:00"}, "Write it like"),
        ({"at": "tomorrow"}, "names no time of day"),
        ({"to": "slot"}, "not a time"),
    ],
)
def test_a_time_that_is_none_is_refused(
    editor: Visitor, values: dict[str, object], said: str
) -> None:
    (post_id,) = plan(editor.desk, make_channel(editor.desk), "A")
    before = look_up(editor.desk, post_id).due_at

    answer = editor.send(f"/calendar/move/{post_id}", mover(editor, post_id, **values))

    assert answer.status_code == 400
    assert said in sentence(answer)
    assert look_up(editor.desk, post_id).due_at == before


@pytest.mark.parametrize("of", [[], ["nonsense"], ["1/2/time/soon"]])
def test_nonsense_is_not_undone(editor: Visitor, of: list[str]) -> None:
    answer = editor.send("/calendar/undo", {"of": of})

    assert answer.status_code in {303, 400}


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.ANALYST])
def test_authors_and_analysts_only_read(visit: Visit, role: Role) -> None:
    reader = visit(role)
    (post_id,) = plan(reader.desk, make_channel(reader.desk), "A")
    day = look_up(reader.desk, post_id).due_at
    assert day

    page = reader.look(f"/calendar?day={day.date()}").text

    assert f'href="/posts/{post_id}"' in page
    assert "data-move" not in slip(page, post_id)
    for path in (f"/calendar/move/{post_id}", f"/calendar/draft/{post_id}"):
        assert reader.send(path, {"seen": 1}).status_code == 403


@pytest.mark.parametrize("day", ["soon", "2026-13-01", "9999-12-31", "0001-01-01"])
def test_a_day_that_is_none_is_refused(editor: Visitor, day: str) -> None:
    assert editor.look(f"/calendar?day={day}").status_code == 400


def test_an_empty_calendar_teaches(editor: Visitor) -> None:
    nothing = editor.look("/calendar").text
    make_channel(editor.desk)
    empty = editor.look("/calendar").text

    assert "No channel yet" in nothing
    assert "Paste a story in the inbox" in empty


@pytest.fixture
def roman(desk: Desk, settings: Settings) -> Visitor:
    """An editor in Rome, where the clocks change."""
    told = settings.model_copy(update={"zone_name": "Europe/Rome"})
    app: Flask = warmed(create_app(told, {"scripted": Scripted, "paper": Paper}))
    app.testing = False
    return Visitor(app, desk, Role.EDITOR)


def clock_change(visitor: Visitor, month: int) -> str:
    """The last Sunday of the next March or October."""
    today = now_of(visitor.desk).astimezone(ZoneInfo("Europe/Rome")).date()
    year = today.year + (today.month >= month)
    last = today.replace(year=year, month=month, day=31)
    return str(last - timedelta(days=(last.weekday() + 1) % 7))


def test_the_hour_that_is_skipped_is_marked_and_refused(roman: Visitor) -> None:
    (post_id,) = plan(roman.desk, make_channel(roman.desk), "A")
    day = clock_change(roman, 3)

    page = roman.look(f"/calendar?day={day}").text
    answer = roman.send(
        f"/calendar/move/{post_id}", mover(roman, post_id, at=f"{day} 02:30")
    )

    assert page.count("no such hour") == 1
    assert answer.status_code == 400
    assert "does not exist in Europe/Rome" in sentence(answer)


def test_the_hour_that_comes_twice_asks_which_and_takes_the_answer(
    roman: Visitor,
) -> None:
    (post_id,) = plan(roman.desk, make_channel(roman.desk), "A")
    day = clock_change(roman, 10)

    answer = roman.send(
        f"/calendar/move/{post_id}", mover(roman, post_id, at=f"{day} 02:30")
    )
    roman.send(
        f"/calendar/move/{post_id}", mover(roman, post_id, at=f"{day} 02:30+01:00")
    )
    page = roman.look(f"/calendar?day={day}").text

    assert "happens twice in Europe/Rome" in sentence(answer)
    assert "this hour comes twice" in page
    assert "02:30" in slip(page, post_id)


def fill(desk: Desk, count: int) -> datetime:
    """So many posts, a minute apart from tomorrow on; gives when they begin."""
    channel = make_channel(desk)
    now = now_of(desk)
    first = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    share = make_share(desk)
    with desk.db.writing() as session:
        session.execute(
            insert(Post),
            [
                {"share_id": share, "channel_id": channel, "state": "scheduled",
                 "text": f"Number {n}", "due_at": first + timedelta(minutes=n),
                 "created_at": now, "next_at": first + timedelta(minutes=n)}
                for n in range(count)
            ],
        )  # fmt: skip
    return first


@pytest.mark.parametrize("view", ["week", "month"])
def test_a_thousand_posts_make_a_page_of_sane_size(editor: Visitor, view: str) -> None:
    day = fill(editor.desk, 1000).date()
    began = time.monotonic()
    page = editor.look(f"/calendar?view={view}&day={day}").text
    took = time.monotonic() - began

    assert page.count('class="slip') <= (8 * 24 * 7 if view == "week" else 4 * 42)
    hidden = sum(int(more) for more in re.findall(r"\+(\d+) more", page))
    assert page.count('id="slip-') + hidden == 1000
    assert len(page) < 400_000
    assert took < 3
