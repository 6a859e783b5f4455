"""The calendar in a real browser: drag, keys and “Move to…” all end in one form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Screens, serving, signed_in
from tests.e2e.planning import Planned, drag, due_in_rome, plan_days
from tests.e2e.test_screens import violations

WEEKS = count(1)


@pytest.fixture(scope="module")
def own(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    """One desk for this file; each test has posts and a week of its own."""
    with serving(tmp_path_factory.mktemp("calendar") / "home") as found:
        yield found


@pytest.fixture
def made(own: Screens) -> Planned:
    return plan_days(own, next(WEEKS))


@pytest.fixture
def page(chromium: Browser, own: Screens, made: Planned) -> Iterator[Page]:
    with signed_in(chromium, own, height=1000) as opened:
        opened.goto(f"{own.address}/calendar?day={made.tuesday}")
        yield opened


def told(page: Page, words: str) -> None:
    expect(page.locator("#toasts")).to_contain_text(words)


def test_the_mouse_drags_a_post_to_a_time_and_undo_brings_it_back(
    page: Page, own: Screens, made: Planned
) -> None:
    day = made.tuesday + timedelta(days=3)
    cell = page.locator(f'[data-day="{day}"][data-hour="16"]')
    drag(page, page.locator(f"#slip-{made.posts[0]}"), cell, 0.4)

    told(page, "Moved to Fri")
    expect(cell.locator(f"#slip-{made.posts[0]}")).to_be_visible()
    assert due_in_rome(own.desk, made.posts[0]) == "Fri 16:15"
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    told(page, "Undone")
    assert due_in_rome(own.desk, made.posts[0]) == "Tue 10:15"


def test_a_draft_is_dragged_in_from_the_tray(page: Page, made: Planned) -> None:
    slip = page.locator(".tray .slip").first
    number = slip.get_attribute("id")
    day = made.tuesday
    cell = page.locator(f'[data-day="{day}"][data-hour="8"]')
    drag(page, slip, cell, 0.1)

    expect(cell.locator(f"#{number}")).to_contain_text("scheduled")
    expect(page.locator(f".tray #{number}")).to_have_count(0)


def test_keys_pick_up_move_and_drop(page: Page, own: Screens, made: Planned) -> None:
    says = page.locator("#calendar-says")
    page.locator(f"#slip-{made.posts[0]}").focus()
    page.keyboard.press("m")
    expect(says).to_contain_text("Picked up")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(says).to_contain_text("Wed")
    expect(says).to_contain_text("10:45")
    page.keyboard.press("Enter")

    told(page, "Moved to Wed")
    expect(page.locator(f"#slip-{made.posts[0]}")).to_contain_text("10:45")
    expect(page.locator(f"#slip-{made.posts[0]}")).to_be_focused()
    assert due_in_rome(own.desk, made.posts[0]) == "Wed 10:45"


def test_escape_lets_it_be_and_what_is_out_says_why(
    page: Page, own: Screens, made: Planned
) -> None:
    says = page.locator("#calendar-says")
    page.locator(f"#slip-{made.posts[0]}").focus()
    page.keyboard.press("M")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(says).to_have_text("Put back.")
    page.keyboard.press("t")
    page.locator(f"#slip-{own.room.published}").focus()
    page.keyboard.press("m")

    expect(says).to_contain_text("This post is published")
    assert due_in_rome(own.desk, made.posts[0]) == "Tue 10:15"


def test_move_to_in_a_dialog_says_what_is_wrong_there(
    page: Page, own: Screens, made: Planned
) -> None:
    page.locator(f"#slip-{made.posts[1]}").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert violations(page) == []
    written = dialog.get_by_label("New time")
    written.fill("1 Jan 2020 9:00")
    dialog.get_by_role("button", name="Move to this time").click()
    expect(dialog).to_contain_text("is past")
    written.fill(f"{made.tuesday:%a %-d %b %Y} 18:30")
    expect(dialog.get_by_role("status")).to_contain_text("18:30 CE")
    dialog.get_by_role("button", name="Move to this time").click()

    expect(dialog).to_be_hidden()
    expect(page.locator(f"#slip-{made.posts[1]}")).to_contain_text("18:30")
    expect(page.locator(f"#slip-{made.posts[1]}")).to_be_focused()


def test_a_month_is_moved_in_by_days(page: Page, own: Screens, made: Planned) -> None:
    page.keyboard.press("m")
    expect(page.locator("#calendar")).to_have_attribute("data-view", "month")
    page.locator(f"#slip-{made.posts[2]}").focus()
    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")

    told(page, "Moved to Fri")
    assert due_in_rome(own.desk, made.posts[2]) == "Fri 10:15"


def test_keys_turn_the_pages(page: Page, own: Screens, made: Planned) -> None:
    page.keyboard.press("]")
    after = made.tuesday + timedelta(days=7)
    expect(page).to_have_url(f"{own.address}/calendar?view=week&day={after}")
    page.keyboard.press("t")
    expect(page.locator(".is-today").first).to_be_visible()
    page.keyboard.press("n")

    expect(page).to_have_url(f"{own.address}/inbox")


def test_a_change_elsewhere_waits_until_the_post_is_put_down(
    page: Page, own: Screens, made: Planned
) -> None:
    page.locator(f"#slip-{made.posts[0]}").focus()
    page.keyboard.press("m")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('deskChanged'))")
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"#slip-{made.posts[0]}.in-air")).to_be_visible()
    with page.expect_request("**/calendar?*"):
        page.keyboard.press("Escape")

    expect(page.locator(f"#slip-{made.posts[0]}")).to_be_focused()


def test_a_phone_has_an_agenda(chromium: Browser, own: Screens, made: Planned) -> None:
    with signed_in(chromium, own, width=390) as page:
        page.goto(f"{own.address}/calendar?day={made.tuesday}")
        tops = [
            box["y"]
            for post_id in made.posts
            if (box := page.locator(f"#slip-{post_id}").bounding_box())
        ]
        page.locator(f"#slip-{made.posts[0]}").click()

        assert tops == sorted(set(tops))
        expect(page.get_by_role("dialog")).to_be_visible()
