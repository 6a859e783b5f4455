"""A button of a page that is older than the post does nothing, and says why."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post
from tests.factories import look_up
from tests.web.articles import compose_form, paste, posts_of, share_path, untouched
from tests.web.test_meanwhile import NEW, approve, in_review, says
from tests.web.visiting import Visitor

FORM = re.compile(
    r'<form[^>]*method="post" action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL
)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
AT = {"when": "at", "at": "2027-06-01 12:00"}
BUTTONS = {
    "cancel": {},
    "draft": {},
    "schedule": AT,
    "approve": {},
    "changes": {"what": "Shorter"},
}
Change = Callable[[Visitor, Post], object]


def buttons(page: str) -> dict[str, dict[str, str]]:
    """What each form of a page sends, by the last word of its address."""
    return {
        action.rsplit("/", 1)[-1].partition("?")[0]: {
            name: unescape(value) for name, value in HIDDEN.findall(inner)
        }
        for action, inner in FORM.findall(page)
    }


def rewrites(who: Visitor, post: Post) -> None:
    page = who.look(f"/posts/{post.id}").text
    form = untouched(page, post.id) | {f"text-{post.id}": NEW}
    who.send(f"/posts/{post.id}/save", form)


def moves(who: Visitor, post: Post) -> None:
    page = buttons(who.look(f"/posts/{post.id}").text)
    form = page["schedule"] | {"when": "at", "at": "2027-07-07 07:07"}
    who.send(f"/posts/{post.id}/schedule", form)


def takes_back(who: Visitor, post: Post) -> None:
    who.send(f"/posts/{post.id}/draft")


def drops(who: Visitor, post: Post) -> None:
    who.send(f"/posts/{post.id}/cancel")


def approves(who: Visitor, post: Post) -> None:
    approve(who, post.id)


IN_REVIEW: dict[str, Change] = {
    "other words": rewrites,
    "an approval": approves,
    "another time": moves,
}
PLANNED: dict[str, Change] = {
    "other words": rewrites,
    "another time": moves,
    "a draft": takes_back,
    "a drop": drops,
}


def planned(editor: Visitor) -> Post:
    article_id = paste(editor)
    form = compose_form(editor, article_id)
    editor.send(f"{share_path(editor, article_id)}/schedule", form | AT)
    first, _ = posts_of(editor.desk, article_id)
    assert first.state == State.SCHEDULED
    return first


def refused(who: Visitor, desk: Desk, post: Post, button: str, change: Change) -> None:
    """This one's page is read, the change comes, then its button is pressed."""
    form = buttons(who.look(f"/posts/{post.id}").text)[button] | BUTTONS[button]
    change(who, post)
    before = says(desk, post.id)

    answer = who.send(f"/posts/{post.id}/{button}", form)

    assert says(desk, post.id) == before
    assert answer.status_code == 409


@pytest.mark.parametrize("change", IN_REVIEW)
@pytest.mark.parametrize("button", BUTTONS)
def test_of_a_post_in_review_that_was_changed_meanwhile(
    author: Visitor, editor: Visitor, button: str, change: str
) -> None:
    post, _ = in_review(author)

    refused(editor, author.desk, post, button, IN_REVIEW[change])


@pytest.mark.parametrize("change", PLANNED)
@pytest.mark.parametrize("button", ["cancel", "draft", "schedule"])
def test_of_a_planned_post_that_was_changed_meanwhile(
    editor: Visitor, button: str, change: str
) -> None:
    refused(editor, editor.desk, planned(editor), button, PLANNED[change])


@pytest.mark.parametrize("button", ["cancel", "draft", "schedule"])
def test_a_post_that_stands_as_its_page_showed_it_can_be_changed(
    editor: Visitor, button: str
) -> None:
    post = planned(editor)
    form = buttons(editor.look(f"/posts/{post.id}").text)[button] | BUTTONS[button]
    before = says(editor.desk, post.id)

    answer = editor.send(f"/posts/{post.id}/{button}", form)

    assert answer.status_code == 303
    assert says(editor.desk, post.id) != before


@pytest.mark.parametrize("change", [rewrites, moves])
@pytest.mark.parametrize("undo", ["restore", "undo", "wait-again"])
def test_an_undo_of_what_was_changed_since(
    author: Visitor, editor: Visitor, admin: Visitor, undo: str, change: Change
) -> None:
    post, _ = in_review(author)
    pressed = {"restore": "cancel", "undo": "schedule", "wait-again": "approve"}[undo]
    page = buttons(editor.look(f"/posts/{post.id}").text)
    editor.send(f"/posts/{post.id}/{pressed}", page[pressed] | AT)
    toast = buttons(editor.look(f"/posts/{post.id}").text)[undo]
    change(admin, post)
    before = says(author.desk, post.id)

    room = "needs" if undo == "wait-again" else "posts"
    answer = editor.send(f"/{room}/{undo}", toast)

    assert answer.status_code == 409
    assert says(author.desk, post.id) == before


@pytest.mark.parametrize("change", [rewrites, moves])
def test_a_group_of_which_one_was_changed_meanwhile_is_not_dropped(
    editor: Visitor, admin: Visitor, change: Change
) -> None:
    post = planned(editor)
    other = next(
        o for o in posts_of(editor.desk, post.article_id or 0) if o.id != post.id
    )
    pages = [editor.look(f"/posts/{one.id}").text for one in (post, other)]
    shown = [value for page in pages for value in buttons(page)["cancel"].items()]
    change(admin, post)

    answer = editor.send("/needs/drop", {**dict(shown), "of": [post.id, other.id]})

    assert answer.status_code == 409
    states = {look_up(editor.desk, one.id).state for one in (post, other)}
    assert states == {State.SCHEDULED}


def makes_a_thread(who: Visitor, post: Post) -> None:
    form = untouched(who.look(f"/posts/{post.id}").text, post.id)
    who.send(f"/posts/{post.id}/thread", form | {"thread": "on"})


def moves_the_link(who: Visitor, post: Post) -> None:
    form = untouched(who.look(f"/posts/{post.id}").text, post.id)
    who.send(f"/posts/{post.id}/link-place", form | {"link-place": "reply"})


def goes_everywhere(who: Visitor, post: Post) -> None:
    """The text of its sibling is put on this one, too."""
    other = next(o for o in posts_of(who.desk, post.article_id or 0) if o.id != post.id)
    page = who.look(share_path(who, post.article_id or 0)).text
    form = untouched(page, post.id) | untouched(page, other.id)
    form[f"text-{other.id}"] = "For all of you"
    who.send(f"/posts/{other.id}/spread", form)


def sends_in(who: Visitor, post: Post) -> None:
    form = compose_form(who, post.article_id or 0)
    who.send(f"/shares/{post.share_id}/schedule", form | AT)


ARRANGED: dict[str, Change] = {
    "a thread": makes_a_thread,
    "a text of another": goes_everywhere,
}


@pytest.mark.parametrize("change", [moves_the_link, sends_in, rewrites])
@pytest.mark.parametrize("pressed", ARRANGED)
def test_an_undo_of_words_that_a_colleague_changed_or_decided_on_since(
    editor: Visitor, admin: Visitor, pressed: str, change: Change
) -> None:
    first, _ = posts_of(editor.desk, paste(editor))
    ARRANGED[pressed](editor, first)
    toast = buttons(editor.look(f"/posts/{first.id}").text)["former"]
    change(admin, first)
    before = says(editor.desk, first.id)

    answer = editor.send("/posts/former", toast)

    assert answer.status_code == 409
    assert says(editor.desk, first.id) == before


@pytest.mark.parametrize("pressed", ARRANGED)
def test_an_undo_of_words_that_stand_as_it_left_them(
    editor: Visitor, pressed: str
) -> None:
    first, _ = posts_of(editor.desk, paste(editor))
    was = says(editor.desk, first.id)
    ARRANGED[pressed](editor, first)
    toast = buttons(editor.look(f"/posts/{first.id}").text)["former"]

    answer = editor.send("/posts/former", toast)

    after = says(editor.desk, first.id)
    assert answer.status_code == 303
    assert (after["text"], after["thread"]) == (was["text"], was["thread"])


WORDS: dict[str, dict[str, str]] = {
    "save": {},
    "thread": {"thread": "on"},
    "link-place": {"link-place": "reply"},
    "picture/remove": {},
}


@pytest.mark.parametrize("change", [moves, takes_back, drops])
@pytest.mark.parametrize("button", WORDS)
def test_words_of_a_page_go_into_no_post_that_was_decided_on_since(
    editor: Visitor, admin: Visitor, button: str, change: Change
) -> None:
    post = planned(editor)
    page = editor.look(f"/posts/{post.id}").text
    (words,) = [inner for to, inner in FORM.findall(page) if to.endswith("/save")]
    form = untouched(words, post.id)
    change(admin, post)
    before = says(editor.desk, post.id)

    written = form | {f"text-{post.id}": NEW} | WORDS[button]
    answer = editor.send(f"/posts/{post.id}/{button}", written)

    assert says(editor.desk, post.id) == before or change is takes_back
    assert look_up(editor.desk, post.id).thread == before["thread"]
    if button == "save":
        assert "since you opened this page" in editor.look(f"/posts/{post.id}").text
    else:
        assert answer.status_code == 409
