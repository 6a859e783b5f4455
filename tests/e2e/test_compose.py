"""Compose in a real browser: two actions, every press undoable, no mouse needed."""

from __future__ import annotations

import io
import re

from PIL import Image
from playwright.sync_api import Browser, expect

from desk import report
from desk.lifecycle import State
from tests.e2e.composing import (
    BRIDGE,
    for_all,
    its_posts,
    left_out,
    opened,
    panel_opened,
    preview,
)
from tests.e2e.conftest import Screens, paste, signed_in
from tests.e2e.newsroom import STORIES
from tests.factories import look_up, make_channel


def test_two_actions_schedule_a_pasted_article_on_four_channels(
    chromium: Browser, own_screens: Screens
) -> None:
    make_channel(own_screens.desk, "Evening")
    with signed_in(chromium, own_screens) as page:
        page.goto(own_screens.address)
        paste(page, BRIDGE)
        page.get_by_role("button", name="Schedule on 4").click()

        expect(page.locator("#toasts")).to_contain_text("Scheduled on 4 channels")
        expect(page.get_by_role("heading", name=STORIES[0][0])).to_be_visible()


def test_a_post_shows_its_picture_or_the_card_of_its_link(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        card = panel_opened(page, own_screens, 1)
        seen = preview(page, its_posts(own_screens)[1])
        card.get_by_text("only: picture, link").click()
        alt = card.get_by_label("Alt text").input_value()
        card.locator(".writer textarea").fill("The ferry is back.")
        card.get_by_role("button", name="Link card").click()

        expect(seen.locator(".link-card")).to_contain_text("saltmere.example")
        expect(seen.locator(".shown")).to_have_count(0)
        expect(card.get_by_role("button", name="Lead")).to_be_visible()
        expect(card.locator(".writer textarea")).to_have_value("The ferry is back.")
        card.get_by_role("button", name="Picture", exact=True).click()
        expect(seen.locator(".shown")).to_be_visible()
        expect(card.get_by_label("Alt text")).to_have_value(alt)
        expect(card.locator(".mark-draft")).to_be_visible()


def test_undo_brings_a_removed_picture_back_with_all_that_was_said_of_it(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        card = panel_opened(page, own_screens)
        seen = preview(page, its_posts(own_screens)[0])
        card.get_by_text("only: picture, link").click()
        card.get_by_label("Alt text").fill("A ferry at the quay")
        card.get_by_label("Credit").fill("Noor Halvard")
        card.get_by_role("button", name="Link card").click()
        expect(seen.locator(".link-card")).to_be_visible()
        page.locator("#toasts").get_by_role("button", name="Undo").click()

        expect(card.get_by_label("Alt text")).to_have_value("A ferry at the quay")
        expect(card.get_by_label("Credit")).to_have_value("Noor Halvard")


def test_one_text_goes_on_all_channels_and_comes_back(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        its = its_posts(own_screens)
        card = panel_opened(page, own_screens)

        def words() -> list[str]:
            fields = (page.locator(f"#text-{post.id}") for post in its)
            return [field.input_value() for field in fields]

        before = words()
        card.locator(".writer textarea").fill("The ferry is back.")
        card.get_by_role("button", name="Use on all channels").click()

        expect(page.locator("#toasts")).to_contain_text("on 2 more channels")
        assert words() == ["The ferry is back."] * 3
        page.locator("#toasts").get_by_role("button", name="Undo").click()
        expect(page.locator("#toasts")).to_contain_text("Undone")
        assert words() == ["The ferry is back.", *before[1:]]


def test_a_candidate_is_undone_by_its_button_and_by_ctrl_z(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        card = panel_opened(page, own_screens)
        field = card.locator(".writer textarea")
        field.fill("My own words")
        card.get_by_role("button", name="Lead").click()
        expect(field).to_have_value(re.compile("sail again"))
        card.get_by_role("button", name="Undo").click()
        expect(field).to_have_value("My own words")
        card.get_by_role("button", name="Quote").click()
        expect(field).to_have_value(re.compile("Tomas Reil"))
        field.press("Control+z")

        expect(field).to_have_value("My own words")


def test_everything_is_reached_without_a_mouse(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        page.goto(own_screens.address)
        paste(page, BRIDGE)
        expect(page.locator("[data-schedule]")).to_be_visible()
        page.get_by_label("Pick a time").check()
        page.keyboard.press("Alt+2")
        second = page.locator(".panel:visible")
        expect(second.locator(".writer textarea")).to_be_focused()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text("Two crowns, from the first.")
        page.keyboard.press("Control+s")
        expect(second.locator(".saved")).to_contain_text("Saved")
        page.keyboard.press("Control+Enter")

        expect(page.locator("#toasts")).to_contain_text("Scheduled on")
        page.goto(f"{own_screens.address}/queue")
        expect(page.locator("main")).to_contain_text("Two crowns, from the first.")


def test_what_can_not_go_out_is_where_the_main_button_leads(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        first, *others = its_posts(own_screens)
        card = panel_opened(page, own_screens)
        for other in others:
            left_out(page, other)
        card.locator(".writer textarea").fill("word " * 70)
        button = page.locator("[data-schedule]")
        expect(button).to_have_text("Fix 1")
        expect(preview(page, first).locator("mark")).to_have_text(re.compile("word"))
        page.keyboard.press("Alt+0")
        button.click()

        expect(card.locator(".writer textarea")).to_be_focused()


def written(screens: Screens, text: str) -> bool:
    with screens.desk.db.reading() as session:
        return any(post.text == text for post in report.list_posts(session))


def test_nothing_typed_is_lost_by_leaving_or_by_a_network_that_went(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        card = panel_opened(page, own_screens)
        field = card.locator(".writer textarea")
        field.fill("Written, and left at once")
        page.goto(f"{own_screens.address}/queue")
        while not written(own_screens, "Written, and left at once"):
            page.wait_for_timeout(50)  # it was on its way when the page had gone
        card = panel_opened(page, own_screens)
        expect(field).to_have_value("Written, and left at once")
        page.context.set_offline(True)
        field.fill("Written without a network")
        expect(page.locator("#offline")).to_be_visible()
        expect(card.locator(".saved")).to_contain_text("Not saved yet")
        page.context.set_offline(False)

        expect(card.locator(".saved")).to_contain_text("Saved")


def test_a_small_screen_asks_for_the_words_and_then_for_the_time(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens, width=390, height=844) as page:
        opened(page, own_screens)
        schedule = page.locator("[data-schedule]")
        expect(schedule).to_be_hidden()
        page.get_by_role("button", name="Next: where and when").click()
        expect(page.get_by_role("group", name="When")).to_be_visible()
        box = schedule.bounding_box()
        assert box is not None
        assert box["y"] > 844 / 2, "out of a thumb's reach"
        page.get_by_text("Pick a time", exact=True).click()
        schedule.click()

        expect(page.locator("#toasts")).to_contain_text("Scheduled on 3 channels")


def test_a_picture_is_removed_without_javascript_and_the_words_are_kept(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens, javascript=False) as page:
        card = panel_opened(page, own_screens)
        seen = preview(page, its_posts(own_screens)[0])
        card.locator(".writer textarea").fill("Written without JavaScript")
        card.get_by_text("only: picture, link").click()
        card.get_by_role("button", name="Link card").click()

        expect(seen.locator(".link-card")).to_be_visible()
        expect(card.locator(".writer textarea")).to_have_value(
            "Written without JavaScript"
        )
        page.locator("#toasts").get_by_role("button", name="Undo").click()
        expect(seen.locator(".shown")).to_be_visible()


def test_an_uploaded_picture_is_shown_at_once(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        card = panel_opened(page, own_screens)
        shown = preview(page, its_posts(own_screens)[0]).locator(".shown")
        before = shown.get_attribute("src")
        card.get_by_text("only: picture, link").click()
        card.locator("input[type=file]").set_input_files(
            {"name": "own.png", "mimeType": "image/png", "buffer": drawing()}
        )

        expect(page.locator("#toasts")).to_contain_text("The picture is in")
        expect(shown).not_to_have_attribute("src", before or "")


def test_the_next_article_is_offered_the_same_way(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        left_out(page, opened(page, own_screens)[0])
        page.get_by_label("Pick a time").check()
        page.locator("[data-schedule]").click()
        expect(page.locator("#toasts")).to_contain_text("Scheduled on 2 channels")
        page.goto(own_screens.address)
        paste(page, BRIDGE)

        expect(page.locator("[data-schedule]")).to_have_text("Schedule on 2")
        expect(page.get_by_label("Pick a time")).to_be_checked()
        first = look_up(own_screens.desk, own_screens.room.scheduled)
        assert first.state == State.SCHEDULED


def test_publish_now_is_its_own_button_and_undo_stops_it(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        its = opened(page, own_screens)
        button = page.locator("[data-publish]")
        expect(page.get_by_label("Now", exact=True)).to_have_count(0)
        expect(button).to_have_text("Publish now on 3")
        left_out(page, its[0])
        expect(button).to_have_text("Publish now on 2")
        for_all(page).fill("Out in a hurry")
        button.click()
        expect(page.locator("#toasts")).to_contain_text("Going out")
        page.locator("#toasts").get_by_role("button", name="Undo").click()

        expect(page.locator("#toasts")).to_contain_text("Undone: nothing goes out")
        with own_screens.desk.db.reading() as session:
            its = report.list_posts(session, article_id=own_screens.room.to_compose)
        assert {post.state for post in its} == {State.DRAFT}


def test_both_buttons_stand_in_one_row_whatever_time_is_chosen(
    chromium: Browser, screens: Screens
) -> None:
    with signed_in(chromium, screens, width=1280) as page:
        opened(page, screens)
        for choice in ("Next free slots", "Pick a time"):
            page.get_by_label(choice).check()
            boxes = [
                page.locator(b).bounding_box() for b in ("[data-schedule]", PUBLISH)
            ]
            tops = {round(box["y"] + box["height"] / 2) for box in boxes if box}

            assert len(tops) == 1, choice


PUBLISH = "[data-publish]"


def test_undo_is_offered_only_as_long_as_it_stops_anything(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        opened(page, own_screens)
        page.locator("[data-publish]").click()
        toasts = page.locator("#toasts")
        expect(toasts).to_contain_text("Going out")
        expect(toasts.get_by_role("button", name="Undo")).to_be_visible()
        toasts.hover()

        expect(toasts.get_by_role("button", name="Undo")).to_have_count(0)
        expect(toasts).to_contain_text("Going out")


def drawing() -> bytes:

    data = io.BytesIO()
    Image.new("RGB", (640, 400), "#2f5f7f").save(data, "PNG")
    return data.getvalue()


def test_a_runner_up_is_taken_and_given_back_while_the_words_stay(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        opened(page, own_screens)
        text = for_all(page)
        page.get_by_text("Read the story").click()
        text.fill("Typed and not saved yet.")
        taken = "Harbour ferry returns after eleven months in dry dock."
        page.get_by_role("button", name=re.compile("Use this.*headline")).click()
        headline = page.locator(".story-words h2")
        expect(headline).to_have_text(taken)
        expect(for_all(page)).to_have_value("Typed and not saved yet.")
        page.locator("#toasts").get_by_role("button", name="Undo").click()

        expect(headline).to_have_text(taken[:-1])


FIXED_SIZE = """
const supports = CSS.supports.bind(CSS);
CSS.supports = (name, ...more) => name !== "field-sizing" && supports(name, ...more);
addEventListener("DOMContentLoaded", () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("textarea.input { field-sizing: fixed !important }");
  document.adoptedStyleSheets = [sheet];
});
"""


def test_the_writing_field_grows_where_the_browser_does_not_do_it(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        page.add_init_script(FIXED_SIZE)
        field = panel_opened(page, own_screens).locator(".writer textarea")
        field.fill("A line of its own\n" * 14)

        hidden = "(field) => field.scrollHeight - field.clientHeight"
        assert field.evaluate(hidden) <= 1
        field.fill("One line")
        assert field.evaluate("(field) => field.rows") <= 4
