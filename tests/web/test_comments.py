"""Comments on the pages of a share: written, changed, taken back, in its history."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from desk.desk import Desk
from desk.models.people import Role
from tests.factories import look_up, make_channel, make_post, make_scheduled, run_due
from tests.web.shares import share_story
from tests.web.test_guards import records
from tests.web.visiting import Visitor, hidden, plain, sentence

Visit = Callable[[Role | None], Visitor]
SAID = "Wait for the <judge>."


@pytest.fixture
def share(desk: Desk, editor: Visitor) -> int:
    return look_up(desk, make_post(desk, make_channel(desk))).share_id


def write(visitor: Visitor, page: str, action: str, text: str) -> TestResponse:
    """In a form of this page, and send it."""
    sent = hidden(visitor.look(page).text, action)
    return visitor.send(action, {**sent, "comment": text})


def comment(visitor: Visitor, share: int, text: str = SAID) -> None:
    page = f"/shares/{share}/posts"
    answer = write(visitor, page, f"/shares/{share}/comments", text)
    assert answer.status_code == 303
    assert answer.location == f"{page}#comments"


def section(visitor: Visitor, path: str) -> str:
    found = re.search(
        r'<details class="comments".*', visitor.look(path).text, re.DOTALL
    )
    assert found
    return found[0].split("<section", 1)[0]


def test_every_page_of_a_share_leads_to_its_comments_and_counts_them(
    editor: Visitor,
) -> None:
    share, _ = share_story(editor)
    comment(editor, share)
    comment(editor, share, "Later, then.")

    for path in (f"/shares/{share}/posts", f"/shares/{share}"):
        page = editor.look(path).text
        way = re.search(r'<a class="to-comments" href="#comments-list">.*?</a>', page)
        assert way
        assert plain(way[0]) == "Comments 2"
        assert 'id="comments-list"' in page


def test_the_row_of_a_story_says_how_many_comments_its_share_has(
    editor: Visitor,
) -> None:
    share, _ = share_story(editor)
    assert "to-comments" not in editor.look("/inbox").text
    comment(editor, share)

    row = editor.look("/inbox").text

    way = re.search(r'<a class="to-comments" href="[^"]*#comments-list"[^>]*>', row)
    assert way
    assert "1 comment on “Harbour ferry" in plain(row)


def test_a_comment_stands_on_every_page_of_its_share_with_its_writer(
    share: int, editor: Visitor, visit: Visit
) -> None:
    comment(editor, share)

    for role in (Role.AUTHOR, Role.ANALYST):
        reader = visit(role)
        for path in (f"/shares/{share}/posts", f"/shares/{share}"):
            shown = section(reader, path)
            assert re.search(r"Comments 1 .*The editor \d\d:\d\d", plain(shown))
            assert "Wait for the &lt;judge&gt;." in shown
            assert "Take back" not in shown


def test_it_is_folded_where_the_share_is_written(share: int, editor: Visitor) -> None:
    assert '<details class="comments" id="comments">' in section(
        editor, f"/shares/{share}"
    )
    assert 'id="comments" open>' in section(editor, f"/shares/{share}/posts")


def test_an_analyst_comments_and_changes_nothing_else(
    desk: Desk, share: int, visit: Visit
) -> None:
    analyst = visit(Role.ANALYST)
    before = records(desk)

    comment(analyst, share)

    after = records(desk)
    assert {name for name in after if after[name] != before[name]} == {"comments"}


def test_its_writer_changes_it_and_undoes_that(share: int, editor: Visitor) -> None:
    comment(editor, share)
    page = f"/shares/{share}/posts"

    write(editor, page, "/comments/1/edit", "Go.")
    changed = editor.look(page).text
    editor.send("/comments/former", hidden(changed, "/comments/former"))

    assert re.search(r"changed \d\d:\d\d Go\.", plain(changed))
    assert "&lt;judge&gt;" in section(editor, page)


def test_its_writer_takes_it_back_and_undoes_that(share: int, editor: Visitor) -> None:
    comment(editor, share)
    page = f"/shares/{share}/posts"

    editor.press(page, "/comments/1/remove")
    gone = editor.look(page).text
    editor.send("/comments/back", hidden(gone, "/comments/back"))

    assert "judge" not in gone
    assert "The editor: wrote a comment, and took it back." in plain(gone)
    assert "&lt;judge&gt;" in section(editor, page)


def test_what_is_said_stands_in_the_history(share: int, editor: Visitor) -> None:
    comment(editor, share)

    went = editor.look(f"/shares/{share}/posts").text.split('class="went"')[1]

    assert re.search(r"\d\d:\d\d The editor: commented “Wait for the", plain(went))


def test_a_comment_without_words_says_so(share: int, editor: Visitor) -> None:
    answer = editor.send(f"/shares/{share}/comments", {"comment": " "})

    assert answer.status_code == 400
    assert sentence(answer) == "Write something first: this comment is empty."


def test_a_colleagues_comment_is_not_theirs_to_change(
    share: int, editor: Visitor, admin: Visitor
) -> None:
    comment(editor, share)
    sent = hidden(editor.look(f"/shares/{share}/posts").text, "/comments/1/remove")

    answer = admin.send_bare("/comments/1/remove", sent)

    assert answer.status_code == 403
    assert "whoever wrote" in sentence(answer)


def test_in_place_only_the_comments_are_drawn_anew(share: int, editor: Visitor) -> None:
    sent = hidden(editor.look(f"/shares/{share}").text, f"/shares/{share}/comments")

    answer = editor.send_in_place(
        f"/shares/{share}/comments", {**sent, "comment": SAID}
    )

    assert answer.headers["Desk-Kept"] == f"comment-on-{share}"
    assert "HX-Redirect" not in answer.headers
    assert 'hx-target="#comments-list"' in answer.text
    assert "&lt;judge&gt;" in editor.look(f"/shares/{share}/comments").text


def test_what_the_engine_did_is_folded_and_what_became_of_it_is_not(
    desk: Desk, editor: Visitor
) -> None:
    post = make_scheduled(desk, make_channel(desk))
    run_due(desk)

    went = editor.look(f"/shares/{look_up(desk, post).share_id}/posts").text
    told, _, engine = went.split('class="went"')[1].partition("For the technicians")

    assert "Live on" in plain(told)
    assert "Sending, try 1." not in told
    assert "Sending, try 1." in engine.split("</section>")[0]


def test_a_comment_from_compose_leads_back_there(editor: Visitor) -> None:
    share, _ = share_story(editor)

    page = f"/shares/{share}"
    sent = hidden(editor.look(page).text, f"{page}/comments")
    from_there = {"Referer": f"http://localhost{page}"}

    answer = editor.send(
        f"{page}/comments", {**sent, "comment": SAID}, headers=from_there
    )

    assert answer.location == f"{page}#comments"
