"""Compose by share: common words stand there once, and others are a channel's own."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from desk import moments
from desk.lifecycle import State
from desk.models import Post, Slot
from desk.models.people import Role
from tests.factories import look_up, make_channel
from tests.web.filling import form_in
from tests.web.shares import share_form, share_of, share_story
from tests.web.visiting import Visitor, sentence


def save(visitor: Visitor, share_id: int, **written: object) -> TestResponse:
    form = share_form(visitor, share_id, **written)
    return visitor.send_bare(f"/shares/{share_id}/save", form)


def write(visitor: Visitor, share_id: int, form: dict[str, object]) -> TestResponse:
    """As autosave sends it."""
    headers = {"HX-Request": "true"}
    return visitor.send_bare(f"/shares/{share_id}/write", form, headers=headers)


def schedule(visitor: Visitor, share_id: int, **chosen: object) -> TestResponse:
    form = share_form(visitor, share_id, **chosen)
    return visitor.send_bare(f"/shares/{share_id}/schedule", form)


def anew(visitor: Visitor, its: list[Post]) -> list[Post]:
    return [look_up(visitor.desk, post.id) for post in its]


def states(visitor: Visitor, its: list[Post]) -> list[str]:
    return [post.state for post in anew(visitor, its)]


def give_slots(visitor: Visitor, channel_id: int, at: time) -> None:
    with visitor.desk.db.writing() as session:
        for weekday in range(7):
            session.add(Slot(channel_id=channel_id, weekday=weekday, local_time=at))


def in_hours(hours: int) -> datetime:
    at = datetime.now(UTC) + timedelta(hours=hours)
    return at.replace(second=0, microsecond=0)


def form_time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M}"


# ---- what it shows


def test_the_text_stands_there_once_and_every_channel_has_a_tab(
    editor: Visitor,
) -> None:
    share_id, its = share_story(editor)

    page = editor.look(f"/shares/{share_id}").text

    assert page.count('name="share-text"') == 1
    assert page.count('role="tab"') == 1 + len(its)
    assert "Harbour ferry returns after eleven months in dry dock" in page
    assert "all 2 follow it" in page
    assert "of 280, tightest: Channel" in page


def test_a_tab_has_the_mark_of_its_channel_and_its_name_for_readers(
    editor: Visitor,
) -> None:
    first, second = (make_channel(editor.desk, one) for one in ("Bay", "Bay Culture"))
    share_id, _ = share_story(editor, channels=0)

    tabs = editor.look(f"/shares/{share_id}").text.split('role="tab"')[2:]

    for tab, letter, number, name in zip(
        tabs, ("B", "C"), (first, second), ("Bay", "Bay Culture"), strict=True
    ):
        assert f'<span class="cm hue-{number % 4 + 1}" title="{name}"' in tab
        assert f'<span class="face">{letter}</span>' in tab
        assert 'href="#s-scripted"' in tab
        assert f"<b>{name}</b>" in tab


def test_only_the_panel_of_the_open_tab_is_seen(editor: Visitor) -> None:
    share_id, (first, second) = share_story(editor)

    page = editor.look(f"/shares/{share_id}?tab={first.id}").text

    panels = {
        line.split('id="')[1].split('"')[0]: " hidden"
        in line.rpartition("data-write")[2]
        for line in page.splitlines()
        if 'role="tabpanel"' in line
    }
    assert panels[f"panel-{first.id}"] is False
    assert panels[f"panel-{second.id}"] is True
    assert panels["panel-0"] is True


def test_a_tab_pressed_without_a_script_saves_all_and_opens(editor: Visitor) -> None:
    share_id, its = share_story(editor)

    answer = save(editor, share_id, **{"share-text": "For all", "tab": str(its[1].id)})

    assert answer.location == f"/shares/{share_id}?tab={its[1].id}"
    assert {post.text for post in anew(editor, its)} == {"For all"}


def test_a_share_that_there_is_not_is_not_found(editor: Visitor) -> None:
    answer = editor.look("/shares/999")

    assert answer.status_code == 404
    assert "no share number 999" in sentence(answer)


def test_an_analyst_reads_it_and_has_no_button(app: Flask, editor: Visitor) -> None:
    share_id, _ = share_story(editor)
    analyst = Visitor(app, editor.desk, Role.ANALYST)

    page = analyst.look(f"/shares/{share_id}").text

    assert "data-schedule" not in page
    assert page.count("readonly") >= 3


# ---- following


def test_what_is_written_for_all_is_said_on_every_channel(editor: Visitor) -> None:
    share_id, its = share_story(editor)

    save(
        editor, share_id, **{"share-text": "New words", "share-link": "paper.example/x"}
    )

    after = anew(editor, its)
    assert {post.text for post in after} == {"New words"}
    assert {post.link for post in after} == {"https://paper.example/x"}
    assert not any(post.own_text or post.own_link for post in after)


def test_one_channels_words_are_its_own_beside_new_ones_for_all(
    editor: Visitor,
) -> None:
    share_id, its = share_story(editor)
    one, other = its

    save(editor, share_id, **{"share-text": "For all", f"text-{one.id}": "Here alone"})

    one, other = anew(editor, its)
    assert (one.text, one.own_text) == ("Here alone", True)
    assert (other.text, other.own_text) == ("For all", False)
    assert (
        "1 follow it, Channel 1 has its own" in editor.look(f"/shares/{share_id}").text
    )


def test_an_old_form_leaves_words_of_ones_own_alone(editor: Visitor) -> None:
    share_id, its = share_story(editor)
    older = share_form(editor, share_id)
    save(editor, share_id, **{f"text-{its[0].id}": "Here alone"})

    editor.send_bare(f"/shares/{share_id}/save", older | {"share-text": "For all"})

    assert [post.text for post in anew(editor, its)] == ["Here alone", "For all"]


def test_a_channel_follows_again_and_undo_brings_its_words_back(
    editor: Visitor,
) -> None:
    share_id, its = share_story(editor)
    one = its[0]
    save(editor, share_id, **{"share-text": "For all", f"text-{one.id}": "Here alone"})
    form = share_form(editor, share_id, follow="text")
    here = {"Referer": f"http://localhost/shares/{share_id}"}

    answer = editor.send_bare(f"/posts/{one.id}/follow", form, headers=here)

    assert answer.location == f"/shares/{share_id}?tab={one.id}"
    followed = look_up(editor.desk, one.id)
    assert (followed.text, followed.own_text) == ("For all", False)
    editor.press(f"/shares/{share_id}", "/posts/former")
    back = look_up(editor.desk, one.id)
    assert (back.text, back.own_text) == ("Here alone", True)


def test_following_again_without_a_script_keeps_what_was_typed_for_all(
    editor: Visitor,
) -> None:
    share_id, its = share_story(editor)
    save(editor, share_id, **{f"text-{its[0].id}": "Here alone"})
    form = share_form(editor, share_id, **{"follow": "text", "share-text": "Typed"})

    editor.send_bare(f"/posts/{its[0].id}/follow", form)

    assert [post.text for post in anew(editor, its)] == ["Typed", "Typed"]


@pytest.mark.parametrize("named", [None, "state", "due_at"])
def test_following_in_what_nobody_follows_is_refused(
    editor: Visitor, named: str | None
) -> None:
    _, its = share_story(editor)

    answer = editor.send(f"/posts/{its[0].id}/follow", {"follow": named or ""})

    assert answer.status_code == 400


# ---- two people


def test_two_people_in_different_fields_are_merged(
    editor: Visitor, admin: Visitor
) -> None:
    share_id, its = share_story(editor)
    mine = share_form(editor, share_id, **{"share-text": "My text"})
    save(admin, share_id, **{"share-link": "https://paper.example/theirs"})

    answer = editor.send_bare(f"/shares/{share_id}/save", mine)

    assert answer.status_code == 303
    after = anew(editor, its)
    assert {post.text for post in after} == {"My text"}
    assert {post.link for post in after} == {"https://paper.example/theirs"}


def test_two_people_in_one_field_see_both_and_lose_nothing(
    editor: Visitor, admin: Visitor
) -> None:
    share_id, its = share_story(editor)
    mine = share_form(editor, share_id, **{"share-text": "My own words"})
    save(admin, share_id, **{"share-text": "Their other words"})

    answer = editor.send_bare(f"/shares/{share_id}/schedule", mine)

    assert answer.status_code == 409
    assert "Their other words" in answer.text
    assert "My own words" in answer.text
    assert states(editor, its) == [State.DRAFT, State.DRAFT]
    assert share_of(editor, share_id).text == "Their other words"


def test_keep_mine_puts_it_in(editor: Visitor, admin: Visitor) -> None:
    share_id, its = share_story(editor)
    mine = share_form(editor, share_id, **{"share-text": "My own words"})
    save(admin, share_id, **{"share-text": "Their other words"})
    page = editor.send_bare(f"/shares/{share_id}/save", mine).text

    form = form_in(page.partition("Yours, not saved")[2], f"/shares/{share_id}/save")
    editor.send_bare(f"/shares/{share_id}/save", form | {"share-text": "My own words"})

    assert {post.text for post in anew(editor, its)} == {"My own words"}


OTHERS = {  # what both write into each field of a share, and what it is called
    "share-text": ("Their words", "My words", "this text"),
    "share-link": ("https://paper.example/a", "https://paper.example/b", "this link"),
    "share-note": ("Their note", "My note", "this note"),
    "share-labels": ("storm", "coast", "these labels"),
    "share-class": ("breaking", "evergreen", "this class"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_conflict_says_who_saved_what_and_when(
    editor: Visitor, admin: Visitor, name: str
) -> None:
    share_id, _ = share_story(editor)
    theirs, mine, called = OTHERS[name]
    form = share_form(editor, share_id, **{name: mine})
    save(admin, share_id, **{name: theirs})

    answer = editor.send_bare(f"/shares/{share_id}/save", form)

    assert answer.status_code == 409
    assert re.search(
        rf"First admin saved {called} at \d\d:\d\d, while you were writing.",
        answer.text,
    )


def test_of_two_who_saved_meanwhile_each_is_named(
    visit: Callable[[Role], Visitor], editor: Visitor, admin: Visitor
) -> None:
    share_id, _ = share_story(editor)
    written = {"share-text": "My words", "share-note": "My note"}
    form = share_form(editor, share_id, **written)
    save(admin, share_id, **{"share-text": "Their words"})
    save(visit(Role.EDITOR), share_id, **{"share-note": "A third note"})

    page = editor.send_bare(f"/shares/{share_id}/save", form).text

    said = page.split("<strong>")[1].split("</strong>")[0]
    assert "First admin saved this text at" in said
    assert "; The editor 2 saved this note at" in said


def test_whoever_saved_it_in_another_window_reads_so(editor: Visitor) -> None:
    share_id, _ = share_story(editor)
    form = share_form(editor, share_id, **{"share-text": "My words"})
    save(editor, share_id, **{"share-text": "My other words"})

    answer = editor.send_bare(f"/shares/{share_id}/save", form)

    said = r"You saved this text at \d\d:\d\d in another window, while"
    assert re.search(said, answer.text)


def test_a_third_field_has_both_and_saves_what_is_made_of_it(
    editor: Visitor, admin: Visitor
) -> None:
    share_id, its = share_story(editor)
    save(editor, share_id, **{"share-text": "Ferries stay in. What is shut:"})
    shown = {"was-share-text": "Ferries stay in. What is shut:"}
    mine = share_form(editor, share_id) | shown
    mine["share-text"] = "Ferries stay in. Schools open at ten. What is shut:"
    theirs = "Ferries stay in until noon. What is shut:"
    save(admin, share_id, **{"share-text": theirs})
    page = editor.send_bare(f"/shares/{share_id}/save", mine).text

    form = form_in(page.partition("Both, in one")[2], f"/shares/{share_id}/save")
    editor.send_bare(f"/shares/{share_id}/save", form)

    both = "Ferries stay in until noon. Schools open at ten. What is shut:"
    assert {post.text for post in anew(editor, its)} == {both}


def test_saving_the_text_makes_an_old_link_no_newer(
    editor: Visitor, admin: Visitor
) -> None:
    share_id, _ = share_story(editor)
    mine = share_form(editor, share_id, **{"share-text": "My text"})
    save(admin, share_id, **{"share-link": "https://paper.example/theirs"})

    kept = write(editor, share_id, mine).headers["Desk-Kept"]
    answer = write(editor, share_id, mine | {"share-link": "https://paper.example/my"})

    assert [one.partition("=")[0] for one in kept.split()] == [f"share-{share_id}-text"]
    assert answer.status_code == 409
    assert share_of(editor, share_id).link == "https://paper.example/theirs"


# ---- autosave


def test_autosave_names_what_it_has_and_draws_what_changed(editor: Visitor) -> None:
    share_id, its = share_story(editor)

    answer = write(
        editor, share_id, share_form(editor, share_id, **{"share-text": "Hm"})
    )

    revision = share_of(editor, share_id).revision
    assert answer.headers["Desk-Kept"] == f"share-{share_id}-text={revision}"
    for post in its:
        assert f'hx-target="#panel-{post.id}"' in answer.text
    assert {post.text for post in anew(editor, its)} == {"Hm"}


def test_autosave_never_changes_what_will_be_sent(editor: Visitor) -> None:
    share_id, its = share_story(editor)
    at = form_time(in_hours(3))
    schedule(editor, share_id, posts=[str(its[0].id)], when="at", at=at)
    said = look_up(editor.desk, its[0].id).text

    answer = write(
        editor, share_id, share_form(editor, share_id, **{"share-text": "Hm"})
    )

    assert "Desk-Kept" not in answer.headers
    assert answer.headers["Desk-Left"] == "yes"  # so the next page shows them
    assert "some posts have their time" in answer.text
    assert look_up(editor.desk, its[0].id).text == said
    save(editor, share_id, **{"share-text": "Hm"})
    assert look_up(editor.desk, its[0].id).text == "Hm"


def test_a_link_that_is_none_yet_keeps_no_other_words_waiting(editor: Visitor) -> None:
    share_id, _ = share_story(editor)
    before = share_of(editor, share_id).link
    typed = {"share-text": "Hm", "share-link": "https://pa"}

    answer = write(editor, share_id, share_form(editor, share_id, **typed))

    share = share_of(editor, share_id)
    assert (share.text, share.link) == ("Hm", before)
    assert answer.headers["Desk-Kept"] == f"share-{share_id}-text={share.revision}"


def test_class_labels_and_note_are_saved_once_for_all(editor: Visitor) -> None:
    share_id, its = share_story(editor)
    form = share_form(
        editor,
        share_id,
        **{
            "share-class": "breaking",
            "share-labels": "ferry, harbour",
            "share-note": "Ask the port first",
        },
    )

    write(editor, share_id, form)

    share = share_of(editor, share_id)
    assert [label.name for label in share.labels] == ["ferry", "harbour"]
    assert share.note == "Ask the port first"
    assert {post.priority for post in anew(editor, its)} == {"breaking"}


# ---- times


def test_the_next_free_slots_are_told_before_the_press(editor: Visitor) -> None:
    share_id, its = share_story(editor)
    at = in_hours(2)
    for post in its:
        give_slots(editor, post.channel_id, at.time())

    page = editor.look(f"/shares/{share_id}").text

    assert re.search(rf"<b>(\w+ )?{at:%H:%M}</b> on 2", page)  # with its day at night
    assert "Schedule on 2" in page


def test_a_slot_that_another_story_has_is_named_as_the_reason(editor: Visitor) -> None:
    share_id, its = share_story(editor, channels=1)
    give_slots(editor, its[0].channel_id, in_hours(2).time())
    schedule(editor, share_id, when="slot")
    answer = editor.send(
        "/articles", {"source": "Second story of the day\n\nIt has a text as well."}
    )
    article = int((answer.location or "").rpartition("/")[2])
    other = next(
        post
        for number in range(1, 9)
        if (post := _found(editor, number)) and post.article_id == article
    )

    page = editor.look(f"/shares/{other.share_id}").text

    assert "1 ahead" in page
    assert "is “Harbour ferry returns after eleven…”" in page


def _found(visitor: Visitor, number: int) -> Post | None:
    with visitor.desk.db.reading() as session:
        return session.get(Post, number)


def test_one_press_gives_every_taken_channel_its_time(editor: Visitor) -> None:
    share_id, its = share_story(editor)
    at = in_hours(3)

    schedule(editor, share_id, when="at", at=form_time(at))

    after = anew(editor, its)
    assert {post.due_at for post in after} == {at}
    assert share_of(editor, share_id).due_at == at
    assert not any(post.own_time for post in after)


def test_a_channels_own_time_is_its_own(editor: Visitor) -> None:
    share_id, its = share_story(editor)
    at, later = in_hours(3), in_hours(5)
    own = {f"at-{its[1].id}": form_time(later)}

    schedule(editor, share_id, when="at", at=form_time(at), **own)

    one, other = anew(editor, its)
    assert (one.due_at, one.own_time) == (at, False)
    assert (other.due_at, other.own_time) == (later, True)


def test_a_channel_that_is_left_out_stays_a_draft_and_so_the_next_time(
    editor: Visitor,
) -> None:
    share_id, its = share_story(editor)

    schedule(
        editor, share_id, posts=[str(its[0].id)], when="at", at=form_time(in_hours(3))
    )

    assert states(editor, its) == [State.SCHEDULED, State.DRAFT]
    assert "Every channel is left out" in editor.look(f"/shares/{share_id}").text


def ticked(visitor: Visitor, share_id: int) -> list[str]:
    found = share_form(visitor, share_id).get("posts", [])
    return [str(one) for one in found] if isinstance(found, list) else [str(found)]


def test_what_is_left_out_is_known_to_colleagues_too(
    editor: Visitor, admin: Visitor
) -> None:
    share_id, its = share_story(editor)
    one, other = (str(post.id) for post in its)
    older = share_form(admin, share_id)

    form = share_form(editor, share_id, posts=[other])
    editor.send_bare(f"/shares/{share_id}/channels", form)

    assert ticked(admin, share_id) == [other]
    admin.send_bare(f"/shares/{share_id}/save", older | {"share-text": "Hm"})
    assert ticked(admin, share_id) == [other]
    save(admin, share_id, posts=[one, other])
    assert ticked(editor, share_id) == [one, other]


def test_what_was_left_out_stays_so_whatever_somebody_does_elsewhere(
    editor: Visitor,
) -> None:
    share_id, its = share_story(editor)
    one, other = (str(post.id) for post in its)
    save(editor, share_id, posts=[other])
    next_one = editor.send("/articles", {"source": "Another\n\nIt has a text."})
    page = editor.look(next_one.location or "", follow_redirects=True).text
    number = int(page.split('name="share" value="')[1].split('"')[0])

    chosen = {"when": "at", "at": form_time(in_hours(3))}
    schedule(editor, number, **chosen)

    assert ticked(editor, share_id) == [other]
    assert one not in ticked(editor, share_id)


def test_a_faulty_channel_stays_and_the_rest_goes(editor: Visitor) -> None:
    share_id, its = share_story(editor)
    long = {f"text-{its[0].id}": "too long " * 40}

    schedule(editor, share_id, when="at", at=form_time(in_hours(3)), **long)

    assert states(editor, its) == [State.DRAFT, State.SCHEDULED]
    page = editor.look(f"/shares/{share_id}").text
    assert "To be mended first on Channel 1" in page
    assert f'data-fix="text-{its[0].id}"' in page


def test_a_double_click_schedules_once(editor: Visitor) -> None:
    share_id, its = share_story(editor)
    chosen = {"when": "at", "at": form_time(in_hours(3)), "share-text": "Changed"}
    form = share_form(editor, share_id, **chosen)

    answers = [editor.send_bare(f"/shares/{share_id}/schedule", form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert {(post.text, post.state) for post in anew(editor, its)} == {
        ("Changed", State.SCHEDULED)
    }
    assert "Nothing was scheduled" not in editor.look(f"/shares/{share_id}").text


@pytest.mark.parametrize("written", ["soon", "2020-01-01 10:00", ""])
def test_a_time_that_is_none_loses_no_text(editor: Visitor, written: str) -> None:
    share_id, its = share_story(editor)

    answer = schedule(
        editor, share_id, when="at", at=written, **{"share-text": "Written with care"}
    )

    assert answer.status_code == 400
    assert states(editor, its) == [State.DRAFT, State.DRAFT]
    assert share_of(editor, share_id).text == "Written with care"


def test_the_plan_follows_what_is_chosen_and_changes_nothing(editor: Visitor) -> None:
    share_id, its = share_story(editor)
    at = in_hours(3)
    chosen = {"posts": [str(its[0].id)], "when": "at", "at": form_time(at)}

    answer = editor.send_bare(
        f"/shares/{share_id}/plan", share_form(editor, share_id, **chosen)
    )

    assert f"{at:%H:%M}</b> on Channel 1" in answer.text
    assert "Schedule on 1" in answer.text
    assert "left out" in answer.text
    assert states(editor, its) == [State.DRAFT, State.DRAFT]


@pytest.mark.parametrize(("hours", "said"), [(0, False), (3, True)])
def test_breaking_news_that_would_wait_long_is_told_of_the_other_button(
    editor: Visitor, hours: int, said: bool
) -> None:
    share_id, _ = share_story(editor)
    save(editor, share_id, **{"share-class": "breaking"})
    at = datetime.now(UTC) + timedelta(hours=hours, minutes=10)

    form = share_form(editor, share_id, when="at", at=form_time(at))
    answer = editor.send_bare(f"/shares/{share_id}/plan", form)

    assert ("Breaking: Publish now takes 10 s." in answer.text) is said


@pytest.mark.parametrize("field", ["at", "at-{}"])
def test_a_time_that_can_not_be_read_is_to_be_mended_like_anything_else(
    editor: Visitor, field: str
) -> None:
    share_id, its = share_story(editor)
    name = field.format(its[0].id)
    chosen = {"when": "at", "at": "tomorrow 9", name: "tomorow 9"}

    answer = editor.send_bare(
        f"/shares/{share_id}/plan", share_form(editor, share_id, **chosen)
    )

    assert answer.status_code == 200
    assert f'data-fix="{name}"' in answer.text
    assert "“tomorow 9” is not a time." in answer.text
    assert "time not read" in answer.text


def test_a_field_for_a_time_is_written_as_people_write_and_read_back(
    editor: Visitor,
) -> None:
    share_id, its = share_story(editor)
    filled = str(share_form(editor, share_id)["at"])
    assert re.fullmatch(r"\w{3} \d+ \w{3}( \d{4})? \d\d:\d\d", filled)

    said = editor.look("/times/said", query_string={"at": filled}).text
    schedule(editor, share_id, when="at", at=filled)

    assert said.strip() == f"{filled} UTC"
    due_at = anew(editor, its)[0].due_at
    assert due_at
    assert f"{due_at:%H:%M}" == filled[-5:]


@pytest.mark.parametrize(
    ("written", "said"),
    [("soon", "“soon” is not a time."), ("now", "Now"), (" ", "")],
)
def test_what_is_being_written_as_a_time_is_said_back(
    editor: Visitor, written: str, said: str
) -> None:
    answer = editor.look("/times/said", query_string={"at-7": written}).text

    assert said in answer
    assert bool(answer.strip()) == bool(said)


def test_an_author_sends_it_for_approval(author: Visitor) -> None:
    share_id, its = share_story(author)

    schedule(author, share_id, when="at", at=form_time(in_hours(3)))

    assert states(author, its) == [State.IN_REVIEW, State.IN_REVIEW]


# ---- what comes next


def listed(visitor: Visitor, share_id: int, path: str) -> dict[str, object]:
    """The form of its page, opened from that list."""
    here = {"Referer": f"http://localhost{path}"}
    page = visitor.look(f"/shares/{share_id}", headers=here).text
    chosen = {"when": "at", "at": form_time(in_hours(3))}
    return form_in(page, f"/shares/{share_id}/schedule") | chosen


def two_stories(visitor: Visitor) -> tuple[int, int]:
    """The shares of an older and of a newer one."""
    older, _ = share_story(visitor)
    visitor.send("/articles", {"source": "Second story of the day\n\nIt has a text."})
    return older, older + 1


def test_after_scheduling_comes_the_next_story_of_the_list(editor: Visitor) -> None:
    _, newer = two_stories(editor)
    listing = "/inbox?show=unshared"

    form = listed(editor, newer, listing)
    answer = editor.send_bare(f"/shares/{newer}/schedule", form)

    page = editor.look(answer.location or "", follow_redirects=True).text
    assert "Harbour ferry returns after eleven months" in page
    assert "Scheduled on 2 channels" in page
    assert 'name="came" value="/inbox?show=unshared"' in page


def test_whoever_wants_so_stays_on_the_share(editor: Visitor) -> None:
    _, newer = two_stories(editor)
    editor.send("/you/scheduling", {"after": "stay"})

    form = listed(editor, newer, "/inbox?show=unshared")
    answer = editor.send_bare(f"/shares/{newer}/schedule", form)

    assert (answer.location or "").startswith(f"/shares/{newer}?")
    page = editor.look(answer.location or "", follow_redirects=True)
    assert page.request.path == f"/shares/{newer}/posts"
    assert "Scheduled on 2 channels" in page.text


def test_after_the_last_story_comes_the_list(editor: Visitor) -> None:
    older, _ = two_stories(editor)
    listing = "/inbox?show=unshared"

    form = listed(editor, older, listing)
    answer = editor.send_bare(f"/shares/{older}/schedule", form)

    assert answer.location == listing
    assert "Every story here has a share." in editor.look(listing).text


@pytest.mark.parametrize("path", ["/queue", "/calendar?week=2027-W01"])
def test_whoever_came_from_the_times_comes_back_to_them(
    editor: Visitor, path: str
) -> None:
    _, newer = two_stories(editor)

    answer = editor.send_bare(f"/shares/{newer}/schedule", listed(editor, newer, path))

    assert answer.location == path


@pytest.mark.parametrize("path", ["//elsewhere.example/inbox", "/team", "inbox", ""])
def test_no_other_address_is_led_to(editor: Visitor, path: str) -> None:
    older, _ = two_stories(editor)
    form = listed(editor, older, "/inbox") | {"came": path}

    answer = editor.send_bare(f"/shares/{older}/schedule", form)

    assert answer.location == "/inbox"


def test_a_plain_post_stays_on_its_page(editor: Visitor) -> None:
    make_channel(editor.desk, "Aldon")
    page = editor.look("/shares/new").location or ""
    number = int(page.rpartition("/")[2])
    at = {"when": "at", "at": form_time(in_hours(3))}

    answer = schedule(editor, number, **at, **{"share-text": "Hm"})

    assert answer.location == page


def test_what_needs_a_hand_keeps_its_page(editor: Visitor) -> None:
    _, newer = two_stories(editor)
    first = look_up(editor.desk, 3)
    form = listed(editor, newer, "/inbox") | {f"text-{first.id}": "too long " * 40}

    answer = editor.send_bare(f"/shares/{newer}/schedule", form)

    assert answer.location == f"/shares/{newer}?came=/inbox"


# ---- publish now


def test_publish_now_waits_in_sight_and_undo_stops_it(editor: Visitor) -> None:
    share_id, its = share_story(editor)
    form = share_form(editor, share_id)

    editor.send_bare(f"/shares/{share_id}/publish", form)

    page = editor.look(f"/shares/{share_id}").text
    assert "Going out on 2 in" in page
    assert "Nothing has left the desk yet" in page
    undo = form_in(page.partition("data-leaving")[0][-400:] + page, "/posts/undo")
    editor.send_bare("/posts/undo", undo)
    assert states(editor, its) == [State.DRAFT, State.DRAFT]


def test_every_screen_counts_what_goes_out_and_stops_it(
    editor: Visitor, admin: Visitor, author: Visitor
) -> None:
    share_id, its = share_story(editor)
    editor.send_bare(f"/shares/{share_id}/publish", share_form(editor, share_id))

    seen = {path: admin.look(path).text for path in ("/inbox", "/queue", "/counters")}

    assert all("going out in" in page for page in seen.values())
    assert "going out in" not in author.look("/inbox").text
    admin.press("/queue", "/posts/undo")
    assert states(editor, its) == [State.DRAFT, State.DRAFT]
    assert "going out in" not in admin.look("/inbox").text


def test_now_is_never_remembered(editor: Visitor) -> None:
    share_id, _ = share_story(editor)
    editor.send_bare(f"/shares/{share_id}/publish", share_form(editor, share_id))
    editor.press(f"/shares/{share_id}", "/posts/undo")

    form = share_form(editor, share_id)

    assert form["when"] == "at"
    now = datetime.now(UTC)
    assert moments.parse(str(form["at"]), ZoneInfo("UTC"), now) > now


def test_who_may_not_publish_has_no_such_button(author: Visitor) -> None:
    share_id, _ = share_story(author)

    page = author.look(f"/shares/{share_id}").text

    assert "Send for approval on 2" in page
    assert "data-publish" not in page


def test_every_button_that_leads_elsewhere_does_so_with_a_script_as_well(
    editor: Visitor,
) -> None:
    share_id, _ = share_story(editor)

    page = editor.look(f"/shares/{share_id}").text

    buttons = re.findall(r"<button[^>]*formaction=\"[^>]*>", page)
    scripted = ("hx-post", 'name="tab"', "data-set=")
    bare = [one for one in buttons if not any(word in one for word in scripted)]
    assert bare == [
        f'<button class="button tight" formaction="/shares/{share_id}/save">'
    ]
    assert f"<noscript>{bare[0]}" in page


# ---- the picture


def own_picture() -> tuple[io.BytesIO, str]:
    data = io.BytesIO()
    Image.new("RGB", (320, 200), "#2f5f7f").save(data, "PNG")
    data.seek(0)
    return data, "own.png"


def test_one_picture_with_alt_and_credit_is_put_in_once_for_all(
    editor: Visitor,
) -> None:
    share_id, its = share_story(editor)
    form = share_form(editor, share_id, **{"share-text": "Typed before"})
    form["share-picture"] = own_picture()
    editor.send_bare(f"/shares/{share_id}/picture", form)
    number = share_of(editor, share_id).pictures[0].picture_id

    save(
        editor,
        share_id,
        **{f"share-alt-{number}": "A ferry", f"share-credit-{number}": "Noor Halvard"},
    )

    after = anew(editor, its)
    assert all(post.picture_id for post in after)
    assert {(post.alt, post.credit) for post in after} == {("A ferry", "Noor Halvard")}
    assert {post.text for post in after} == {"Typed before"}


@pytest.mark.parametrize(
    ("platform", "alt", "said"),
    [
        ("scripted", "A ferry (Noor Halvard)", "Credit, in its alt text: Noor Halvard"),
        ("paper", "A ferry", "Noor Halvard"),
    ],
)
def test_the_preview_shows_the_credit_as_the_post_will_carry_it(
    app: Flask, editor: Visitor, platform: str, alt: str, said: str
) -> None:
    make_channel(app.extensions["desk"], "Gazette", platform)
    share_id, _ = share_story(editor, channels=0)
    form = share_form(editor, share_id) | {"share-picture": own_picture()}
    editor.send_bare(f"/shares/{share_id}/picture", form)
    number = share_of(editor, share_id).pictures[0].picture_id
    about = {f"share-alt-{number}": "A ferry", f"share-credit-{number}": "Noor Halvard"}

    save(editor, share_id, **about)

    preview = editor.look(f"/shares/{share_id}").text.split('data-preview="')[1]
    assert f'alt="{alt}"' in preview
    assert f'<p class="hint">{said}</p>' in preview


def test_a_picture_is_taken_out_of_all_that_follow(editor: Visitor) -> None:
    share_id, its = share_story(editor)
    form = share_form(editor, share_id) | {"share-picture": own_picture()}
    editor.send_bare(f"/shares/{share_id}/picture", form)

    editor.send_bare(f"/shares/{share_id}/picture/remove", share_form(editor, share_id))

    assert share_of(editor, share_id).pictures == []
    assert {post.picture_id for post in anew(editor, its)} == {None}


def described(visitor: Visitor, share_id: int) -> int:
    """An own picture, with alt text and credit; gives its number."""
    form = share_form(visitor, share_id) | {"share-picture": own_picture()}
    visitor.send_bare(f"/shares/{share_id}/picture", form)
    number = share_of(visitor, share_id).pictures[0].picture_id
    said = {f"share-alt-{number}": "A ferry", f"share-credit-{number}": "Noor Halvard"}
    save(visitor, share_id, **said)
    return number


def undo(visitor: Visitor, share_id: int) -> TestResponse:
    return visitor.press(f"/shares/{share_id}", "/shares/picture/back")


def test_undo_brings_a_picture_back_with_all_that_was_said_of_it(
    editor: Visitor,
) -> None:
    share_id, its = share_story(editor)
    number = described(editor, share_id)
    editor.send_bare(f"/shares/{share_id}/picture/remove", share_form(editor, share_id))

    answer = undo(editor, share_id)

    assert answer.location == f"/shares/{share_id}"
    (shown,) = share_of(editor, share_id).pictures
    assert (shown.picture_id, shown.alt, shown.credit) == (
        number,
        "A ferry",
        "Noor Halvard",
    )
    after = anew(editor, its)
    assert {(post.alt, post.own_pictures) for post in after} == {("A ferry", False)}
    assert all(post.picture_id for post in after)


def test_undo_takes_a_picture_out_that_was_put_in(editor: Visitor) -> None:
    share_id, its = share_story(editor)
    form = share_form(editor, share_id) | {"share-picture": own_picture()}
    editor.send_bare(f"/shares/{share_id}/picture", form)

    undo(editor, share_id)

    assert share_of(editor, share_id).pictures == []
    assert {post.picture_id for post in anew(editor, its)} == {None}


def test_words_about_a_picture_that_is_gone_are_a_conflict(
    editor: Visitor, admin: Visitor
) -> None:
    share_id, _ = share_story(editor)
    form = share_form(editor, share_id) | {"share-picture": own_picture()}
    editor.send_bare(f"/shares/{share_id}/picture", form)
    number = share_of(editor, share_id).pictures[0].picture_id
    mine = share_form(editor, share_id, **{f"share-alt-{number}": "A ferry"})
    admin.send_bare(f"/shares/{share_id}/picture/remove", share_form(admin, share_id))

    answer = editor.send_bare(f"/shares/{share_id}/save", mine)

    assert answer.status_code == 409
    assert "A ferry" in answer.text
