"""What stands around a teaser, in a real browser: hashtags, threads, the style."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.e2e.composing import its_posts, panel_opened, preview
from tests.e2e.conftest import Screens, signed_in

SENTENCE = "The ferry sails again on Monday, and the fare is the old one. "
LONG = "\n\n".join([SENTENCE * 3] * 2)


def test_a_hashtag_goes_in_and_out_again(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        card = panel_opened(page, own_screens)
        text = card.locator("textarea").first
        before = text.input_value()
        one, two = card.locator("[data-tag]").all()[:2]

        one.click()
        expect(text).to_have_value(f"{before}\n\n#Saltmere")
        expect(one).to_have_attribute("aria-pressed", "true")
        two.click()
        expect(text).to_have_value(f"{before}\n\n#Saltmere #TransportNews")
        one.click()
        expect(text).to_have_value(f"{before}\n\n#TransportNews")
        two.click()
        expect(text).to_have_value(before)
        expect(card.locator(".saved")).to_contain_text("Saved")


def test_a_long_text_becomes_a_thread_and_one_post_again(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        card = panel_opened(page, own_screens)
        shown = preview(page, its_posts(own_screens)[0])
        card.locator("textarea").first.fill(LONG)
        card.get_by_role("button", name="Make it a thread").click()

        expect(shown.get_by_role("group", name="Part 2 of 2")).to_be_visible()
        expect(card.locator(".counter-line")).to_contain_text("2 parts")
        expect(card.locator(".problems")).to_have_count(0)
        card.get_by_text("only: picture, link").click()
        card.get_by_role("button", name="In a first reply").click()
        expect(shown.get_by_role("group", name="Reply with the link")).to_be_visible()
        expect(card.locator(".counter-line")).to_contain_text("2 parts and a reply")
        page.locator("#toasts").get_by_role("button", name="Undo").last.click()
        expect(shown.get_by_role("group", name="Reply with the link")).to_have_count(0)
        card.get_by_role("button", name="One post again").click()
        expect(card.locator(".counter-line")).to_contain_text("over the 280 limit")


def test_the_example_follows_the_form(chromium: Browser, own_screens: Screens) -> None:
    room = own_screens.room
    with signed_in(chromium, own_screens) as page:
        page.goto(f"{own_screens.address}/channels/{room.channel}/words")
        example = page.locator("#example")
        page.get_by_label("Template").fill("{nonsense}")
        expect(example).to_contain_text("can't name {nonsense}")
        page.get_by_label("Template").fill("FERRY: {teaser}\n\n{hashtags}")
        page.get_by_label("From the article’s topics").select_option("1")
        page.get_by_label("Tag the link").check()
        expect(example).to_contain_text("FERRY: The Saltmere crossing")
        expect(example).to_contain_text("#Saltmere")
        expect(example).to_contain_text("utm_source=scripted")

        page.get_by_label("Template").fill("{teaser} {")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".wrong")).to_contain_text("stands alone")
        expect(page.get_by_label("Template")).to_be_focused()
        page.get_by_label("Template").fill("FERRY: {teaser}")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("#toasts")).to_contain_text("Saved")
        expect(page.get_by_label("Template")).to_have_value("FERRY: {teaser}")
