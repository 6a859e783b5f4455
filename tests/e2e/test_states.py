"""Inbox and compose in every state: accessible and narrow enough, whatever happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.composing import its_posts, opened, panel_opened, preview
from tests.e2e.conftest import PICTURES, Screens, serving, signed_in
from tests.e2e.test_screens import THEMES, violations

Reach = Callable[[Page, Screens], None]


@pytest.fixture(scope="module")
def own(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    """One desk for this file, which its states change a little."""
    with serving(tmp_path_factory.mktemp("states") / "home") as found:
        yield found


@pytest.fixture(scope="module")
def page(chromium: Browser, own: Screens) -> Iterator[Page]:
    with signed_in(chromium, own) as found:
        yield found


def over_the_limit(page: Page, own: Screens) -> None:
    card = panel_opened(page, own)
    card.locator(".writer textarea").fill("word " * 70)
    expect(card.locator(".problems")).to_be_visible()


def link_card(page: Page, own: Screens) -> None:
    card = panel_opened(page, own, 1)
    card.get_by_text("only: picture, link").click()
    shown = preview(page, its_posts(own)[1]).locator(".link-card")
    if shown.count() == 0:
        card.get_by_role("button", name="Link card").click()
    expect(shown).to_be_visible()


def conflict(page: Page, own: Screens) -> None:
    card = panel_opened(page, own, 2)
    number = card.get_attribute("data-card")
    page.evaluate(
        "(n) => { document.querySelector(`[name=revision-${n}]`).value = 9 }", number
    )
    card.locator(".writer textarea").fill("What I wrote meanwhile")
    expect(page.get_by_role("button", name="Keep mine")).to_be_visible()


def failed_read(page: Page, own: Screens) -> None:
    page.goto(f"{own.address}/inbox")
    page.get_by_label("Paste an article").fill("http://127.0.0.1:9/article")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()


def empty(page: Page, own: Screens) -> None:
    page.goto(f"{own.address}/inbox?show=dismissed&section=Nothing")
    expect(page.locator(".empty")).to_be_visible()


def ticked(page: Page, own: Screens) -> None:
    page.goto(f"{own.address}/inbox")
    page.locator("[data-tick]").first.check()
    expect(page.locator("#ticked")).to_contain_text("1 story")
    page.locator(".labels summary").click()
    expect(page.get_by_label("Label for the ticked stories")).to_be_visible()


def menu_of_a_story(page: Page, own: Screens) -> None:
    page.goto(f"{own.address}/inbox")
    page.locator(".row-more summary").first.click()
    expect(page.locator(".row-more [data-key=e]").first).to_be_visible()


def shortcuts(page: Page, own: Screens) -> None:
    page.goto(f"{own.address}/status")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def everything_held(page: Page, own: Screens) -> None:
    page.goto(f"{own.address}/inbox")
    if page.locator("[data-hold] button").count():
        page.keyboard.press("Escape")
        page.locator("[data-hold] button").click()
        expect(page.locator(".hold-banner")).to_be_visible()
        page.goto(f"{own.address}/inbox")
    expect(page.locator(".hold-banner")).to_be_visible()


def second_step(page: Page, own: Screens) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, own)
    page.get_by_role("button", name="Next: where and when").click()
    page.get_by_text("Pick a time", exact=True).click()
    expect(page.locator("#at")).to_be_visible()


def working_copy(page: Page, own: Screens) -> None:
    page.goto(f"{own.address}/posts/{own.room.scheduled}")
    page.locator(".writer textarea").fill("Half a sentence, not saved yet")
    page.locator(".beside summary").click()


def kept_words(page: Page, own: Screens) -> None:
    """Words of another tab, over which the post was changed."""
    page.goto(f"{own.address}/posts/{own.room.scheduled}")
    page.evaluate(OTHER_WORDS, page.locator("[data-card]").get_attribute("data-card"))
    page.reload()
    page.evaluate("document.getElementById('signed-out').hidden = false")
    expect(page.get_by_role("button", name="Put it in")).to_be_visible()


OTHER_WORDS = """async (number) => {
  const { person } = document.body.dataset;
  const [place, field] = [`post-${number}`, `text-${number}`];
  const asked = indexedDB.open("standfirst");
  await new Promise((resolve) => { asked.onsuccess = resolve; });
  const words = asked.result.transaction("words", "readwrite").objectStore("words");
  const put = words.put({
    key: [person, place, field, "elsewhere"], person, place, field, at: 0,
    text: "Typed in a tunnel", began: "What stood there", page: "/", title: "A post",
  });
  await new Promise((resolve) => { put.onsuccess = resolve; });
}"""
STATES: dict[str, Reach] = {
    "post-copy": working_copy,
    "kept-words": kept_words,
    "compose-over": over_the_limit,
    "compose-link-card": link_card,
    "compose-conflict": conflict,
    "compose-time": second_step,
    "inbox-failed-read": failed_read,
    "inbox-empty": empty,
    "inbox-ticked": ticked,
    "inbox-menu": menu_of_a_story,
    "shortcuts": shortcuts,
    "held": everything_held,
}


@pytest.mark.parametrize("state", list(STATES))
def test_a_state_is_accessible_and_narrow_enough(
    page: Page, own: Screens, state: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light")
    STATES[state](page, own)

    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        page.screenshot(path=PICTURES / f"{state}-{theme}.png")
        assert violations(page) == [], theme
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        page.screenshot(path=PICTURES / f"{state}-{width}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == [], "small"
