"""The page of a share that is out, in a real browser: by key, on a phone, by itself."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Screens, signed_in


def test_a_post_is_chosen_and_written_in_by_key(
    chromium: Browser, own_screens: Screens
) -> None:
    room = own_screens.room
    with signed_in(chromium, own_screens) as page:
        page.goto(f"{own_screens.address}/shares/{room.share_failed}/posts")
        page.keyboard.press("j")
        expect(page.locator(".post-row h3 a").first).to_be_focused()
        page.locator(f"#row-{room.failed} h3 a").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#post-title")).to_contain_text("Gazette")
        page.locator("body").click(position={"x": 2, "y": 2})
        page.keyboard.press("e")

        expect(page.locator(f"#text-{room.failed}")).to_be_focused()
        page.goto(f"{own_screens.address}/posts/{room.failed}")
        page.keyboard.press("e")
        expect(page.locator(f"#text-{room.failed}")).to_be_focused()
        page.locator("body").click(position={"x": 2, "y": 2})
        page.keyboard.press("r")
        expect(page.locator("#toasts")).to_contain_text("Going out")


def test_a_campaign_is_asked_for_pressed_and_undone(
    chromium: Browser, own_screens: Screens
) -> None:
    story = own_screens.room.to_compose
    with signed_in(chromium, own_screens) as page:
        page.goto(f"{own_screens.address}/articles/{story}/campaign?shares=6")
        page.get_by_label("Plan").select_option("2")
        expect(page.locator(".campaign-steps > li")).to_have_count(2)
        page.get_by_role("button", name="Schedule 2 shares").click()
        expect(page.locator("#toasts")).to_contain_text("Scheduled 2 shares")
        page.locator("#toasts").get_by_role("button", name="Undo").click()

        expect(page.locator("#toasts")).to_contain_text("the story is as it was")


def test_a_share_is_duplicated_by_key_and_a_second_g_takes_an_angle(
    chromium: Browser, own_screens: Screens
) -> None:
    share = own_screens.room.share_live
    with signed_in(chromium, own_screens) as page:
        page.goto(f"{own_screens.address}/shares/{share}/posts")
        page.keyboard.press("d")
        expect(page.locator("#toasts")).to_contain_text("A copy")
        page.goto(f"{own_screens.address}/shares/{share}/posts")
        page.keyboard.press("g")
        page.keyboard.press("g")

        expect(page.locator("#toasts")).to_contain_text("angle")


def test_rows_are_low_and_their_acts_are_large_on_a_phone(
    chromium: Browser, screens: Screens
) -> None:
    with signed_in(chromium, screens) as page:
        page.goto(f"{screens.address}/shares/{screens.room.share_live}/posts")
        row = page.locator(".post-row").first.bounding_box()
        page.set_viewport_size({"width": 390, "height": 844})
        act = page.locator(".share-acts .button").first.bounding_box()

        assert row
        assert row["height"] <= 60
        assert act
        assert act["height"] >= 44


def test_everything_of_a_share_works_without_javascript(
    chromium: Browser, own_screens: Screens
) -> None:
    room = own_screens.room
    with signed_in(chromium, own_screens, javascript=False) as page:
        page.goto(f"{own_screens.address}/shares/{room.share_failed}/posts")
        page.locator(f"#row-{room.failed}").get_by_role("button", name="Retry").click()
        expect(page.locator("#toasts")).to_contain_text("Going out")
        page.goto(f"{own_screens.address}/shares/{room.share_failed}/posts")
        page.get_by_role("button", name="Share again").click()

        expect(page.locator("#toasts")).to_contain_text("A new share")
