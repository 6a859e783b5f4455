"""Sets of channels: taken with one press, kept from Compose, changed elsewhere."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete

from desk.desk import Desk
from desk.models import Preference
from tests.factories import make_channel
from tests.unit.articles.taken import drafts, take
from tests.web.filling import form_in
from tests.web.shares import share_form, share_story
from tests.web.visiting import Visitor, hidden, sentence

SET = re.compile(r'name="set" value="(\d+)".*?aria-pressed="(\w+)"><span>(.*?)</span>')


def offered(visitor: Visitor, share_id: int) -> dict[str, tuple[str, bool]]:
    """Of each set by its name: the number, and whether it is what is taken."""
    page = visitor.look(f"/shares/{share_id}").text
    return {name: (number, on == "true") for number, on, name in SET.findall(page)}


def taken(visitor: Visitor, share_id: int) -> list[str]:
    found = share_form(visitor, share_id).get("posts", [])
    return [str(one) for one in found] if isinstance(found, list) else [str(found)]


def keep(visitor: Visitor, share_id: int, name: str, *posts: int) -> None:
    form = share_form(visitor, share_id) | {
        "posts": [str(one) for one in posts],
        "set-name": name,
    }
    answer = visitor.send_bare(f"/shares/{share_id}/sets", form)
    assert answer.status_code == 303, sentence(answer)


def press(visitor: Visitor, share_id: int, number: str) -> None:
    form = share_form(visitor, share_id) | {"set": number}
    visitor.send_bare(f"/shares/{share_id}/sets/take", form)


def test_a_set_is_kept_and_taken_again_with_one_press(editor: Visitor) -> None:
    share_id, its = share_story(editor, channels=3)
    first, second, third = (post.id for post in its)
    keep(editor, share_id, "Main desk", first, second)
    number, on = offered(editor, share_id)["Main desk"]
    assert on

    press(editor, share_id, offered(editor, share_id)["Every channel"][0])
    assert taken(editor, share_id) == [str(one) for one in (first, second, third)]
    press(editor, share_id, number)

    assert taken(editor, share_id) == [str(first), str(second)]


def test_what_was_typed_is_saved_with_the_press(editor: Visitor) -> None:
    share_id, _ = share_story(editor)
    form = share_form(editor, share_id) | {"set": "0", "share-text": "Typed before"}

    answer = editor.send_bare(f"/shares/{share_id}/sets/take", form)

    assert answer.location == f"/shares/{share_id}"
    assert "Typed before" in editor.look(f"/shares/{share_id}").text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Give the set a name"),
        ("main  DESK", "There is a set “Main desk” already"),
        ("m" * 61, "60 characters at most"),
        ("\u202eksed", "turns its letters around"),
    ],
)
def test_a_name_that_can_not_be_told_apart_is_refused(
    editor: Visitor, name: str, said: str
) -> None:
    share_id, its = share_story(editor)
    keep(editor, share_id, "Main desk", its[0].id)
    form = share_form(editor, share_id) | {"set-name": name}

    answer = editor.send_bare(f"/shares/{share_id}/sets", form)

    assert answer.status_code == 400
    assert said in sentence(answer)


def test_a_set_of_nothing_is_refused(editor: Visitor) -> None:
    share_id, _ = share_story(editor)
    form = share_form(editor, share_id) | {"set-name": "Nobody", "posts": []}

    answer = editor.send_bare(f"/shares/{share_id}/sets", form)

    assert "one channel at least" in sentence(answer)


def test_a_section_offers_the_channels_of_its_last_share_and_not_its_times(
    desk: Desk, editor: Visitor
) -> None:
    older = drafts(desk, take(desk, "Aldon", "Brem", "Cord", section="Sport"))
    share_id = older[0].share_id
    at = datetime.now(UTC) + timedelta(hours=3)
    chosen = {"when": "at", "at": f"{at:%Y-%m-%d %H:%M}"}
    form = share_form(editor, share_id) | chosen
    form["posts"] = [str(older[0].id), str(older[2].id)]
    editor.send_bare(f"/shares/{share_id}/schedule", form)
    with desk.db.writing() as session:
        session.execute(delete(Preference))

    newer = drafts(desk, take(desk, section="Sport", number=2))
    number, on = offered(editor, newer[0].share_id)["As Sport went out last"]
    assert not on
    press(editor, newer[0].share_id, number)

    assert taken(editor, newer[0].share_id) == [str(newer[0].id), str(newer[2].id)]
    assert "As Culture" not in offered(editor, newer[0].share_id)


def test_a_channel_taken_in_again_is_kept_so(editor: Visitor) -> None:
    share_id, its = share_story(editor)
    one, other = (str(post.id) for post in its)
    form = share_form(editor, share_id)
    out = editor.send_bare(f"/shares/{share_id}/channels", form | {"posts": [other]})

    took = re.findall(r'name="took" value="(\d+)"', out.text)
    again = form | {"posts": [one, other], "took": took}
    editor.send_bare(f"/shares/{share_id}/channels", again)

    assert took == [other]
    assert taken(editor, share_id) == [one, other]


def test_a_set_is_changed_and_removed_beside_the_channels(editor: Visitor) -> None:
    share_id, its = share_story(editor, channels=3)
    keep(editor, share_id, "Main desk", its[0].id)
    number = offered(editor, share_id)["Main desk"][0]
    form = form_in(editor.look("/channels").text, f"/channels/sets/{number}")
    more = form | {
        "set-name": "Evening",
        "channels": [str(post.channel_id) for post in its[1:]],
    }

    editor.send_bare(f"/channels/sets/{number}", more)
    press(editor, share_id, number)
    assert taken(editor, share_id) == [str(post.id) for post in its[1:]]
    late = editor.send_bare(f"/channels/sets/{number}/remove", form)
    assert late.status_code == 409
    fresh = hidden(editor.look("/channels").text, f"/channels/sets/{number}/remove")
    editor.send_bare(f"/channels/sets/{number}/remove", fresh)

    assert "Evening" not in offered(editor, share_id)


def test_an_author_takes_sets_and_keeps_none(author: Visitor) -> None:
    share_id, _ = share_story(author)

    page = author.look(f"/shares/{share_id}").text

    assert "Every channel" in page
    assert "Save these as a set" not in page


def test_a_share_on_one_channel_offers_none(editor: Visitor) -> None:
    make_channel(editor.desk)
    share_id, _ = share_story(editor, channels=0)

    assert offered(editor, share_id) == {}
