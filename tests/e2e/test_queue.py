"""The queue and its slots editor in a real browser, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from desk import channels, slots
from tests.e2e.conftest import Screens, serving, signed_in
from tests.e2e.planning import TEXTS, Planned, drag, due_in_rome, plan_days

FIRST, SECOND, THIRD = TEXTS


@pytest.fixture(scope="module")
def own(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    """One desk for this file; each test has a channel and posts of its own."""
    with serving(tmp_path_factory.mktemp("queue") / "home") as found:
        yield found


@pytest.fixture
def made(own: Screens) -> Planned:
    return plan_days(own)


@pytest.fixture
def page(chromium: Browser, own: Screens, made: Planned) -> Iterator[Page]:
    with signed_in(chromium, own) as opened:
        opened.goto(f"{own.address}/queue")
        yield opened


def in_order(page: Page, made: Planned, *texts: str) -> None:
    """Wait until the column shows these, from its head."""
    links = page.locator(f"#lineup-{made.channel} [data-position] h3 a")
    expect(links).to_have_text(list(texts))


def told(page: Page, words: str) -> None:
    expect(page.locator("#toasts")).to_contain_text(words)


def undo(page: Page) -> None:
    page.locator("#toasts").get_by_role("button", name="Undo").click()


def test_buttons_and_undo(page: Page, made: Planned) -> None:
    page.locator(f"#up-{made.posts[2]}").click()
    told(page, "Moved up to")
    in_order(page, made, FIRST, THIRD, SECOND)
    expect(page.locator(f"#up-{made.posts[2]}")).to_be_focused()
    undo(page)
    told(page, "Undone")
    in_order(page, made, FIRST, SECOND, THIRD)
    page.locator(f"#next-{made.posts[2]}").click()
    told(page, "It goes out next")
    in_order(page, made, THIRD, FIRST, SECOND)


@pytest.mark.parametrize(("name", "number"), [("down", 0), ("next", 2)])
def test_the_focus_stays_where_a_browser_can_not_move_elements(
    page: Page, made: Planned, name: str, number: int
) -> None:
    page.add_init_script("delete Element.prototype.moveBefore")
    page.reload()
    button = page.locator(f"#{name}-{made.posts[number]}")
    button.focus()
    page.keyboard.press("Enter")

    first, second = (SECOND, FIRST) if name == "down" else (THIRD, FIRST)
    in_order(page, made, first, second, THIRD if name == "down" else SECOND)
    expect(button).to_be_focused()


def test_shift_and_arrows_move_and_keep_the_focus(page: Page, made: Planned) -> None:
    page.locator(f"#open-{made.posts[2]}").focus()
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Shift+ArrowUp")

    in_order(page, made, THIRD, FIRST, SECOND)
    expect(page.locator(f"#open-{made.posts[2]}")).to_be_focused()
    told(page, "Moved up to Tue")
    page.keyboard.press("Shift+ArrowDown")
    in_order(page, made, FIRST, THIRD, SECOND)


def test_the_mouse_drags_a_post_to_another_place(
    page: Page, own: Screens, made: Planned
) -> None:
    first, _, third = made.posts
    drag(page, page.locator(f"#line-{third}"), page.locator(f"#line-{first}"), 0.1)

    told(page, "Moved to Tue")
    in_order(page, made, THIRD, FIRST, SECOND)
    assert due_in_rome(own.desk, first) == "Wed 10:15"


def test_a_changed_order_is_told_and_shown_anew(
    page: Page, chromium: Browser, own: Screens, made: Planned
) -> None:
    page.route("**/queue", lambda route: route.abort())  # it does not hear of it
    with signed_in(chromium, own) as other:
        other.goto(f"{own.address}/queue")
        other.locator(f"#up-{made.posts[2]}").click()
        told(other, "Moved up to")
    page.locator(f"#up-{made.posts[1]}").click()
    told(page, "The queue changed meanwhile")
    page.unroute("**/queue")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('deskChanged'))")

    in_order(page, made, FIRST, THIRD, SECOND)


def test_move_to_a_free_slot_in_a_dialog_and_back_to_draft(
    page: Page, own: Screens, made: Planned
) -> None:
    with own.desk.db.writing() as session:
        channels.set_slots(session, made.channel, set(slots.parse("mon-sun 06:00")))
    post_id = made.posts[2]
    page.locator(f"#mover-{post_id}").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Move to this slot").click()

    told(page, "06:00")
    expect(dialog).to_be_hidden()
    expect(page.locator(f"#mover-{post_id}")).to_be_focused()
    expect(page.locator(f"#line-{post_id}")).to_contain_text("06:00")
    page.locator(f"#draft-{post_id}").click()
    expect(page.locator(f"#line-{post_id}")).to_have_count(0)
    undo(page)
    expect(page.locator(f"#line-{post_id}")).to_be_visible()


def test_weekly_times_without_javascript(
    chromium: Browser, own: Screens, made: Planned
) -> None:
    with signed_in(chromium, own, javascript=False) as page:
        page.goto(f"{own.address}/queue")
        page.locator(f"#lineup-{made.channel} .button[href$=times]").click()
        page.get_by_label("Time, in Europe/Rome").fill("09:30")
        page.keyboard.press("Enter")
        expect(page.get_by_role("checkbox", name="Mon 09:30")).to_be_checked()
        expect(page.get_by_role("checkbox", name="Sat 09:30")).not_to_be_checked()
        page.get_by_role("checkbox", name="Sat 09:30").check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("checkbox", name="Sat 09:30")).to_be_checked()
        page.get_by_role("button", name="3 slots a day").click()
        expect(page.get_by_role("row")).to_have_count(4)
        undo(page)

        expect(page.get_by_role("checkbox", name="Sat 09:30")).to_be_checked()
        expect(page.get_by_role("row")).to_have_count(2)


def test_the_queue_works_without_javascript(
    chromium: Browser, own: Screens, made: Planned
) -> None:
    with signed_in(chromium, own, javascript=False) as page:
        page.goto(f"{own.address}/queue")
        page.locator(f"#up-{made.posts[2]}").click()
        in_order(page, made, FIRST, THIRD, SECOND)
        undo(page)
        in_order(page, made, FIRST, SECOND, THIRD)
        page.locator(f"#mover-{made.posts[0]}").click()
        page.get_by_label("New time").fill("tue 11:45")
        page.get_by_role("button", name="Move to this time").click()

        told(page, "11:45")
        assert due_in_rome(own.desk, made.posts[0]) == "Tue 11:45"
