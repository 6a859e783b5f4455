"""Compose by share in a real browser: the text once, a tab for each channel."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from desk.lifecycle import State
from tests.e2e.composing import BRIDGE, for_all, left_out, opened, tab
from tests.e2e.conftest import Screens, Theme, paste, signed_in
from tests.e2e.test_screens import violations
from tests.factories import look_up, make_channel


def test_the_text_is_written_once_and_said_everywhere(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        its = opened(page, own_screens)
        for_all(page).fill("The ferry is back.")
        expect(page.locator("#saved-share")).to_contain_text("Saved")
        tab(page, its[1]).click()

        expect(page.locator(f"#text-{its[1].id}")).to_have_value("The ferry is back.")
        expect(page.locator(f"#preview-{its[1].id}")).to_contain_text(
            "The ferry is back."
        )
        assert {look_up(own_screens.desk, one.id).text for one in its} == {
            "The ferry is back."
        }


def test_one_channels_words_are_changed_and_taken_back(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        its = opened(page, own_screens)
        for_all(page).fill("For all of them.")
        expect(page.locator("#saved-share")).to_contain_text("Saved")
        tab(page, its[0]).click()
        page.locator(f"#text-{its[0].id}").fill("Here alone.")
        expect(page.locator(f"#saved-{its[0].id}")).to_contain_text("Saved")
        expect(tab(page, its[0])).to_contain_text("own text")
        page.get_by_role("button", name="Follow the share again").click()

        expect(page.locator(f"#text-{its[0].id}")).to_have_value("For all of them.")
        expect(tab(page, its[0])).not_to_contain_text("own text")
        page.locator("#toasts").get_by_role("button", name="Undo").click()
        expect(page.locator(f"#text-{its[0].id}")).to_have_value("Here alone.")


def test_tabs_are_walked_by_keys(chromium: Browser, screens: Screens) -> None:
    with signed_in(chromium, screens) as page:
        its = opened(page, screens)
        page.locator("#tab-0").focus()
        page.keyboard.press("ArrowDown")
        expect(tab(page, its[0])).to_be_focused()
        expect(page.locator(f"#panel-{its[0].id}")).to_be_visible()
        page.keyboard.press("End")
        expect(tab(page, its[-1])).to_be_focused()
        page.keyboard.press("Alt+1")
        expect(page.locator(f"#text-{its[0].id}")).to_be_focused()
        page.keyboard.press("Alt+0")

        expect(for_all(page)).to_be_focused()
        expect(page.locator(f"#panel-{its[0].id}")).to_be_hidden()


def test_what_is_to_be_mended_opens_its_tab_and_field(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        its = opened(page, own_screens)
        page.get_by_label("Pick a time").check()
        tab(page, its[0]).click()
        page.locator(f"#text-{its[0].id}").fill("long " * 400)
        expect(page.locator("#go-main")).to_contain_text("fix 1")
        page.keyboard.press("Alt+0")
        page.locator("#fixes button").first.click()

        expect(page.locator(f"#text-{its[0].id}")).to_be_focused()


def test_a_channel_is_left_out_and_taken_in_its_menu(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        its = opened(page, own_screens)
        many = len(its)
        page.locator(f"#time-{its[0].id}").click()
        page.get_by_label(f"Goes out on {its[0].channel.name}", exact=True).uncheck()

        expect(page.locator("#wheres-title")).to_have_text(
            f"{many - 1} of {many} channels"
        )
        expect(tab(page, its[0])).to_contain_text("left out")
        page.get_by_label(f"Goes out on {its[0].channel.name}", exact=True).check()
        expect(page.locator("#wheres-title")).to_have_text(f"{many} of {many} channels")


def test_a_set_is_kept_and_taken_with_one_press(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        its = opened(page, own_screens)
        left_out(page, its[0])
        expect(page.locator("#wheres-title")).to_have_text("2 of 3 channels")
        page.locator(".sets > summary").click()
        page.get_by_label("Save these as a set").fill("Main desk")
        page.keyboard.press("Enter")
        expect(page.locator("#toasts")).to_contain_text("set of 2 channels")
        page.locator(".sets > summary").click()
        page.get_by_role("button", name="Every channel").click()
        expect(page.locator("#wheres-title")).to_have_text("3 of 3 channels")
        page.get_by_role("button", name="Main desk").click()

        expect(page.locator("#wheres-title")).to_have_text("2 of 3 channels")
        expect(page.locator("#sets-now")).to_have_text("Main desk")
        page.keyboard.press("Escape")
        expect(page.locator("#toasts .notice")).to_have_count(0)
        page.reload()
        expect(page.locator("#wheres-title")).to_have_text("2 of 3 channels")


def test_a_time_is_said_back_while_it_is_written(
    chromium: Browser, screens: Screens
) -> None:
    with signed_in(chromium, screens) as page:
        opened(page, screens)
        page.get_by_label("Pick a time").check()
        page.locator("#at").fill("tomorrow 9")
        expect(page.locator("#at-said")).to_contain_text(re.compile(r"09:00 CES?T$"))
        expect(page.locator("#plan-say")).to_contain_text("09:00 on 3")
        page.locator("#at").fill("tomorow 9")

        expect(page.locator("#fixes")).to_contain_text("“tomorow 9” is not a time")
        expect(page.locator("#go-main")).to_have_text("Fix the time")


def test_publish_now_counts_in_its_bar_and_undo_stops_it(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        its = opened(page, own_screens)
        page.locator("#go-now").click()
        counting = page.locator(".counting")
        expect(counting).to_contain_text(f"Going out on {len(its)} in")
        counting.get_by_role("button", name="Undo").click()

        expect(page.locator("#toasts")).to_contain_text("Undone: nothing goes out")
        assert {look_up(own_screens.desk, one.id).state for one in its} == {State.DRAFT}


def test_everything_is_saved_and_scheduled_without_a_mouse(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        its = opened(page, own_screens)
        page.get_by_label("Next free slots").focus()
        page.keyboard.press("ArrowRight")
        for_all(page).focus()
        page.keyboard.press("Control+End")
        page.keyboard.type(" And more.")
        page.keyboard.press("Control+Enter")

        expect(page.locator("#toasts")).to_contain_text("Scheduled on")
        after = [look_up(own_screens.desk, one.id) for one in its]
        assert {post.state for post in after} == {State.SCHEDULED}
        assert all("And more." in post.text for post in after)


def test_eight_channels_fit_on_one_screen_and_a_half(
    chromium: Browser, own_screens: Screens
) -> None:
    for number in range(5):
        make_channel(own_screens.desk, f"Evening {number}")
    with signed_in(chromium, own_screens, width=1280) as page:
        page.goto(own_screens.address)
        paste(page, BRIDGE)
        page.wait_for_url("**/shares/*")

        expect(page.get_by_role("tab")).to_have_count(1 + 8)
        assert page.evaluate("document.documentElement.scrollHeight") <= 1200
        box = for_all(page).bounding_box()
        assert box
        assert box["y"] <= 250


@pytest.mark.parametrize("width", [390, 320])
def test_eight_channels_are_no_wider_than_a_phone(
    chromium: Browser, own_screens: Screens, width: int
) -> None:
    for number in range(5):
        make_channel(own_screens.desk, f"Evening {number}")
    with signed_in(chromium, own_screens, width=1280) as page:
        page.goto(own_screens.address)
        paste(page, BRIDGE)
        page.wait_for_url("**/shares/*")
        page.set_viewport_size({"width": width, "height": 800})
        expect(page.locator("[data-next]")).to_be_visible()
        first = page.evaluate("document.documentElement.scrollWidth")
        page.locator("[data-next]").click()

        assert first == width
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_without_javascript_a_tab_saves_and_opens(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens, javascript=False) as page:
        its = opened(page, own_screens)
        for_all(page).fill("Written without JavaScript")
        tab(page, its[1]).click()

        expect(page.locator(f"#text-{its[1].id}")).to_be_visible()
        expect(page.locator(f"#text-{its[1].id}")).to_have_value(
            "Written without JavaScript"
        )


@pytest.mark.parametrize("width", [390, 320])
def test_a_phone_has_two_steps_and_no_sideways_scroll(
    chromium: Browser, screens: Screens, width: int
) -> None:
    with signed_in(chromium, screens, width=width) as page:
        opened(page, screens)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        expect(page.locator("#go-main")).to_be_hidden()
        page.get_by_role("button", name="Next: where and when").click()
        expect(page.locator("#go-main")).to_be_visible()
        expect(for_all(page)).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("button", name="Text", exact=True).click()

        expect(for_all(page)).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_has_no_accessibility_violation(
    chromium: Browser, screens: Screens, theme: Theme
) -> None:
    with signed_in(chromium, screens, theme=theme) as page:
        its = opened(page, screens)
        found = violations(page)
        tab(page, its[0]).click()
        page.locator(f"#time-{its[0].id}").click()

        assert found + violations(page) == []
