"""A press on compose is for posts that stand as the page showed them, one by one."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

import pytest

from desk import articles
from desk.lifecycle import State
from desk.models import Post
from tests.factories import look_up
from tests.unit.picturing.made import picture
from tests.web.articles import compose_form, paste, posts_of, share_path, untouched
from tests.web.test_meanwhile import says
from tests.web.test_older_buttons import buttons
from tests.web.visiting import Visitor, sentence

AT = {"when": "at", "at": "2027-06-01 12:00"}
PRESSES = pytest.mark.parametrize("press", ["schedule", "publish"])
Change = Callable[[Visitor, Post], object]


def posted(who: Visitor, post: Post, path: str, **values: object) -> None:
    """A button of the post's own page, as it stands now."""
    page = who.look(f"/posts/{post.id}").text
    shown = buttons(page).get(path, {})
    said = untouched(page, post.id) | shown | values
    assert who.send(f"/posts/{post.id}/{path}", said).status_code == 303


def drops(who: Visitor, post: Post) -> None:
    posted(who, post, "cancel")


def moves(who: Visitor, post: Post) -> None:
    posted(who, post, "schedule", when="at", at="2027-07-07 07:07")


def moves_and_takes_back(who: Visitor, post: Post) -> None:
    moves(who, post)
    posted(who, post, "draft")


def asks_for_changes(who: Visitor, post: Post) -> None:
    posted(who, post, "changes", what="Shorter")


def makes_a_thread(who: Visitor, post: Post) -> None:
    posted(who, post, "thread", thread="on")


def moves_the_link(who: Visitor, post: Post) -> None:
    posted(who, post, "link-place", **{"link-place": "reply"})


def puts_a_picture_in(who: Visitor, post: Post) -> None:
    file = (BytesIO(picture("RGB", "PNG")), "own.png")
    form = untouched(who.look(f"/posts/{post.id}").text, post.id)
    name = f"picture-{post.id}"
    who.send(f"/posts/{post.id}/picture", form | {name: file})


OF_DRAFTS: dict[str, Change] = {
    "cancelled": drops,
    "given another time": moves,
    "given a time and taken back": moves_and_takes_back,
    "made a thread": makes_a_thread,
    "given its link elsewhere": moves_the_link,
    "given a picture": puts_a_picture_in,
}
IN_REVIEW: dict[str, Change] = {
    "cancelled": drops,
    "given another time": moves,
    "returned": asks_for_changes,
}


def pressed_late(
    anna: Visitor, ben: Visitor, article: int, press: str, change: Change
) -> tuple[Post, dict[str, object]]:
    """Ben's page is read, Anna changes its first post, then he presses."""
    his = compose_form(ben, article)
    first, second = posts_of(ben.desk, article)
    change(anna, first)
    before = says(ben.desk, first.id)

    answer = ben.send(f"{share_path(ben, article)}/{press}", his | AT)

    assert answer.status_code == 303
    assert look_up(ben.desk, second.id).state == State.SCHEDULED
    page = ben.look(answer.location or "", follow_redirects=True).text
    assert f"Changed on {first.channel.name} since you opened this page" in page
    return first, before


@PRESSES
@pytest.mark.parametrize("change", OF_DRAFTS)
def test_a_draft_that_a_colleague_changed_stays_and_the_others_go(
    editor: Visitor, admin: Visitor, press: str, change: str
) -> None:
    article = paste(editor)

    first, before = pressed_late(admin, editor, article, press, OF_DRAFTS[change])

    assert says(editor.desk, first.id) == before


@PRESSES
@pytest.mark.parametrize("change", IN_REVIEW)
def test_so_does_a_post_in_review_that_a_colleague_decided_on(
    author: Visitor, editor: Visitor, admin: Visitor, press: str, change: str
) -> None:
    article = paste(author)
    author.send(
        f"{share_path(author, article)}/schedule", compose_form(author, article) | AT
    )

    first, before = pressed_late(admin, editor, article, press, IN_REVIEW[change])

    assert says(editor.desk, first.id) == before


@PRESSES
def test_what_is_written_over_such_a_post_is_kept_and_not_sent(
    editor: Visitor, admin: Visitor, press: str
) -> None:
    article = paste(editor)
    his = compose_form(editor, article)
    first, _ = posts_of(editor.desk, article)
    his[f"text-{first.id}"] = "Ben's words"
    moves(admin, first)
    before = says(editor.desk, first.id)

    editor.send(f"{share_path(editor, article)}/{press}", his | AT)

    after = look_up(editor.desk, first.id)
    assert says(editor.desk, first.id) == before
    assert [copy.text for copy in after.copies] == ["Ben's words"]


@PRESSES
def test_a_post_that_is_out_by_now_holds_up_no_other(
    editor: Visitor, admin: Visitor, press: str
) -> None:
    article = paste(editor)

    def goes_out(_who: Visitor, post: Post) -> None:
        with editor.desk.db.writing() as session:
            session.get_one(Post, post.id).state = State.PUBLISHED

    first, before = pressed_late(admin, editor, article, press, goes_out)

    assert says(editor.desk, first.id) == before


@PRESSES
def test_the_same_press_goes_once_the_page_is_read_again(
    editor: Visitor, admin: Visitor, press: str
) -> None:
    article = paste(editor)
    first, _ = pressed_late(admin, editor, article, press, makes_a_thread)

    again = compose_form(editor, article, posts=[str(first.id)])
    editor.send(f"{share_path(editor, article)}/{press}", again | AT)

    assert look_up(editor.desk, first.id).state == State.SCHEDULED


def test_ones_own_saving_leaves_the_page_as_new_as_it_was(editor: Visitor) -> None:
    article = paste(editor)
    form = compose_form(editor, article)
    for post in posts_of(editor.desk, article):
        typed = {f"text-{post.id}": f"Typed for {post.channel.name}"}
        form |= typed
        editor.send_in_place(f"/posts/{post.id}/write", form)

    editor.send(f"{share_path(editor, article)}/publish", form)

    states = {post.state for post in posts_of(editor.desk, article)}
    assert states == {State.SCHEDULED}


@pytest.mark.parametrize(
    ("button", "values"),
    [
        ("thread", {"thread": "on"}),
        ("link-place", {"link-place": "reply"}),
        ("picture/remove", {}),
    ],
)
@pytest.mark.parametrize("change", [drops, moves, moves_and_takes_back])
def test_a_button_of_a_card_leaves_a_post_that_a_colleague_decided_on(
    editor: Visitor,
    admin: Visitor,
    button: str,
    values: dict[str, str],
    change: Change,
) -> None:
    article = paste(editor)
    his = compose_form(editor, article)
    first, _ = posts_of(editor.desk, article)
    change(admin, first)
    before = says(editor.desk, first.id)

    answer = editor.send(f"/posts/{first.id}/{button}", his | values)

    assert says(editor.desk, first.id) == before
    assert answer.status_code == 409


def test_a_picture_that_the_page_never_showed_is_not_taken_out(
    editor: Visitor, admin: Visitor
) -> None:
    article = paste(editor)
    his = compose_form(editor, article)
    first, _ = posts_of(editor.desk, article)
    puts_a_picture_in(admin, first)
    before = says(editor.desk, first.id)

    answer = editor.send(f"/posts/{first.id}/picture/remove", his)

    assert says(editor.desk, first.id) == before
    assert answer.status_code == 409


def offered(page: str) -> list[str]:
    """The addresses by which this page's other pictures are chosen."""
    return re.findall(r'formaction="(/articles/\d+/pictures/[^"]+)"', page)


def test_a_picture_that_is_not_offered_any_more_chooses_no_other(
    editor: Visitor,
) -> None:
    article = paste(editor)
    lamp, gull = (
        {"url": f"http://127.0.0.1:9/{name}.jpg", "caption": name, "credit": ""}
        for name in ("lamp", "gull")
    )

    def others(*pictures: dict[str, str]) -> None:
        with editor.desk.db.writing() as session:
            articles.find_article(session, article).others = list(pictures)

    others(lamp, gull)
    first, _ = offered(editor.look(share_path(editor, article)).text)
    others(gull)

    answer = editor.send(first, compose_form(editor, article))

    assert "The pictures have changed since" in sentence(answer)


def other_headlines(who: Visitor) -> int:
    article = paste(who)
    with who.desk.db.writing() as session:
        told = {"h1": "The ferry is back", "title": "Ferry back"}
        articles.find_article(session, article).said = {"headline": told}
    return article


def taking(page: str) -> list[str]:
    """The addresses by which this page takes what another source said."""
    found = re.findall(r'formaction="(/articles/\d+/said/[^"]+)"', page)
    return [unescape(one) for one in found]


def headline(who: Visitor, article: int) -> str:
    with who.desk.db.reading() as session:
        return articles.find_article(session, article).headline


def test_what_a_source_said_goes_over_no_choice_that_the_page_never_showed(
    editor: Visitor, admin: Visitor
) -> None:
    article = other_headlines(editor)
    h1, title = taking(editor.look(share_path(editor, article)).text)
    admin.send(h1, compose_form(admin, article))

    answer = editor.send(title, compose_form(editor, article))

    assert headline(editor, article) == "The ferry is back"
    assert answer.status_code == 409
    title, _ = taking(editor.look(share_path(editor, article)).text)
    editor.send(title, compose_form(editor, article))
    assert headline(editor, article) == "Ferry back"


def test_an_undo_of_what_was_taken_stops_where_another_was_taken_since(
    editor: Visitor, admin: Visitor
) -> None:
    article = other_headlines(editor)
    h1, _ = taking(editor.look(share_path(editor, article)).text)
    editor.send(h1, compose_form(editor, article))
    page = editor.look(share_path(editor, article)).text
    undo = re.findall(r'name="of" value="([^"]*)"', page)
    title = next(one for one in taking(page) if one.split("?")[0].endswith("title"))
    admin.send(title, compose_form(admin, article))

    answer = editor.send("/articles/said/back", {"of": undo})

    assert headline(editor, article) == "Ferry back"
    assert answer.status_code == 409
