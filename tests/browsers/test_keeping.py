"""No word is lost: where browsers differ in what they keep, put back and can do."""

from __future__ import annotations

import pytest

from desk.posts.editing import Change
from desk.shares import editing as shares
from tests.browsers.conftest import House, sign_in
from tests.browsers.page import Page
from tests.e2e.composing import its_posts
from tests.e2e.test_keeping import sign_out
from tests.factories import look_up
from tests.unit.shares import sharing

SHOWS_ALL = """(css) => {
    const field = document.querySelector(css);
    return field.scrollHeight - field.clientHeight <= 1;
}"""


def opened(page: Page, house: House, where: str) -> tuple[int, str]:
    """What the first channel says, in the text for all or in its own; and its field."""
    first = its_posts(house.screens)[0]
    if where == "its page":
        page.open(f"/posts/{first.id}")
    elif where == "its tab":
        page.open(f"/shares/{first.share_id}?tab={first.id}")
    else:
        page.open(f"/shares/{first.share_id}")
        return first.id, "#share-text"
    return first.id, f"#text-{first.id}"


def has(page: Page, house: House, post_id: int, text: str) -> None:
    page.until_true(
        f"the desk says “{text}”", lambda: look_up(house.desk, post_id).text == text
    )


@pytest.mark.parametrize("where", ["the text for all", "its tab", "its page"])
def test_what_the_browser_puts_back_was_typed_by_nobody(
    page: Page, house: House, where: str
) -> None:
    post_id, field = opened(page, house, where)
    page.write(field, "Written before the correction")
    has(page, house, post_id, "Written before the correction")
    if where == "the text for all":
        share_id = look_up(house.desk, post_id).share_id
        sharing.save(house.desk, share_id, shares.Change(text="Ben's correction"))
    else:
        sharing.edit(house.desk, post_id, Change(text="Ben's correction"))
    page.reload()
    page.says(field, "Ben's correction")
    page.focus(field)
    page.press("Control", "End")
    page.type("!")

    has(page, house, post_id, "Ben's correction!")


@pytest.mark.parametrize("where", ["the text for all", "its tab"])
def test_words_typed_while_signed_out_are_there_after_signing_in(
    page: Page, house: House, where: str
) -> None:
    post_id, field = opened(page, house, where)
    sign_out(house.screens)
    page.focus(field)
    page.press("Control", "a")
    page.type("Every word of it")
    page.click("#signed-out a", "Sign in")
    sign_in(page)

    page.says(field, "Every word of it")
    has(page, house, post_id, "Every word of it")


@pytest.mark.parametrize("where", ["the text for all", "its tab"])
def test_what_was_typed_while_no_desk_answered_is_saved_when_it_does(
    page: Page, house: House, where: str
) -> None:
    post_id, field = opened(page, house, where)
    with house.away():
        page.write(field, "Typed in a tunnel")
        page.click("#go-main", "Schedule on")
        page.sees("#toasts", "did not answer")

    has(page, house, post_id, "Typed in a tunnel")


def test_words_are_there_when_their_page_was_left_while_no_desk_answered(
    page: Page, house: House
) -> None:
    post_id, field = opened(page, house, "its tab")
    with house.away():
        page.write(field, "Typed, and the tab closed")
        page.sees(f"#saved-{post_id}", "Not saved yet")
        page.browser.open("about:blank")
    page.open("/queue")

    has(page, house, post_id, "Typed, and the tab closed")


@pytest.mark.parametrize("where", ["the text for all", "its tab", "its page"])
def test_a_writing_field_is_as_tall_as_its_words(
    page: Page, house: House, where: str
) -> None:
    _, field = opened(page, house, where)
    page.write(field, "A line of its own\n" * 14)
    page.until("all of it is seen", SHOWS_ALL, field)
