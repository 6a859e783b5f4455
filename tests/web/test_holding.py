"""Holding a part: a channel, a section, a keyword or a post, by button and by word."""

from __future__ import annotations

import pytest

from desk import holds
from tests.factories import look_up, make_channel, make_scheduled, run_due
from tests.fakes.scripted import Scripted
from tests.unit.test_holds import make_about
from tests.web.visiting import Visitor, sentence


def standing(visitor: Visitor) -> list[tuple[str, str]]:
    with visitor.desk.db.reading() as session:
        return [(one.scope, one.target) for one in holds.list_holds(session)]


@pytest.mark.parametrize(
    ("scope", "target", "covered"),
    [
        ("channel", "1", "Desk"),
        ("section", "Sport", "everything in Sport"),
        ("keyword", "dodge", "everything about “dodge”"),
        ("post", "1", "post 1"),
    ],
)
def test_a_part_is_held_says_so_everywhere_and_is_lifted_there(
    editor: Visitor, scope: str, target: str, covered: str
) -> None:
    post_id = make_about(
        editor.desk, make_channel(editor.desk, "Desk"), "Dodge", "Sport"
    )

    editor.send("/hold", {"scope": scope, "target": target, "why": "The family asked"})
    banner = editor.look("/counters").text
    run_due(editor.desk)
    stopped = (look_up(editor.desk, post_id).state, Scripted.live())
    editor.send("/lift", {"scope": scope, "target": target})

    assert f"Held: {covered}." in banner
    assert f'name="scope" value="{scope}"' in banner
    assert f'name="target" value="{target}"' in banner
    assert stopped == ("scheduled", [])
    assert standing(editor) == []


def test_a_post_is_held_from_its_page(editor: Visitor) -> None:
    make_scheduled(editor.desk, make_channel(editor.desk))

    before = editor.look("/posts/1").text
    editor.send("/hold", {"scope": "post", "target": "1"})
    after = editor.look("/posts/1").text

    assert "Hold this post" in before
    assert "Hold this post" not in after
    assert "Held: post 1. Nothing of it goes out until you lift it." in after


def test_the_board_offers_to_hold_a_part(editor: Visitor) -> None:
    page = editor.look("/status").text

    assert 'value="section"' in page
    assert 'value="keyword"' in page


@pytest.mark.parametrize(
    ("scope", "target"),
    [("post", "99"), ("channel", "99"), ("post", "x"), ("section", " "), ("town", "A")],
)
def test_a_hold_on_nothing_is_refused(editor: Visitor, scope: str, target: str) -> None:
    answer = editor.send("/hold", {"scope": scope, "target": target})

    assert answer.status_code == 400
    assert sentence(answer)
    assert standing(editor) == []
