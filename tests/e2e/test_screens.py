"""Every screen in a real browser: accessible, narrow enough, in light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route, expect

from desk.lifecycle import State
from tests.e2e.composing import its_posts, panel_opened, preview
from tests.e2e.conftest import PICTURES, Screens, Theme, signed_in
from tests.e2e.newsroom import Newsroom
from tests.factories import look_up, make_post, make_scheduled, now_of, run_due
from tests.unit.publishing import steps
from web import assets

ROME = ZoneInfo("Europe/Rome")
Path = Callable[[Newsroom], str]

SCREENS: dict[str, Path] = {
    "inbox": lambda room: "/",
    "compose": lambda room: f"/articles/{room.to_compose}",
    "new-post": lambda room: "/shares/new",
    "take-a-story": lambda room: f"/shares/{room.share_live}/story",
    "campaign": lambda room: f"/articles/{room.to_compose}/campaign",
    "status": lambda room: "/status",
    "needs": lambda room: "/needs",
    "records": lambda room: "/records",
    "records-none": lambda room: "/records?range=yesterday",
    "queue": lambda room: "/queue",
    "weekly-times": lambda room: "/queue/2/times",
    "calendar": lambda room: "/calendar",
    "calendar-month": lambda room: "/calendar?view=month",
    "calendar-day": lambda room: "/calendar?view=day",
    "move-to": lambda room: f"/calendar/move/{room.scheduled}",
    "channels": lambda room: "/channels",
    "channel": lambda room: "/channels/2",
    "words": lambda room: f"/channels/{room.channel}/words",
    "channel-form": lambda room: "/channels/add/scripted",
    "reconnect": lambda room: "/channels/2/reconnect",
    "team": lambda room: "/team",
    "settings": lambda room: "/settings",
    "you": lambda room: "/you",
    "post-live": lambda room: f"/posts/{room.published}",
    "post-failed": lambda room: f"/posts/{room.failed}",
    "post-doubtful": lambda room: f"/posts/{room.unconfirmed}",
    "post-scheduled": lambda room: f"/posts/{room.scheduled}",
    "share-live": lambda room: f"/shares/{room.share_live}/posts",
    "share-failed": lambda room: f"/shares/{room.share_failed}/posts",
    "paper": lambda room: "/paper",
    "error": lambda room: "/posts/4242",
}
THEMES: tuple[Theme, ...] = ("light", "dark")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TOOLS = assets.SOURCE.parents[1] / "tests" / "frontend" / "node_modules"
AXE = TOOLS / "axe-core" / "axe.min.js"
RUN_AXE = """async (tags) => {
  const only = { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] };
  return (await axe.run(document, only)).violations;
}"""  # what is right of a page is as long as the page

each_screen = pytest.mark.parametrize("screen", list(SCREENS))


@pytest.fixture(scope="module")
def looking(chromium: Browser, screens: Screens) -> Iterator[Page]:
    """One signed-in page for all the tests that only look."""
    with signed_in(chromium, screens) as page:
        yield page


def violations(page: Page) -> list[str]:
    if not page.evaluate("'axe' in window"):  # as long as the page is not left
        page.evaluate(AXE.read_text())
    return [
        f"{one['id']}: {node['html']}"
        for one in page.evaluate(RUN_AXE, RULES)
        for node in one["nodes"]
    ]


@each_screen
def test_a_screen_has_no_accessibility_violation(
    looking: Page, screens: Screens, screen: str
) -> None:
    looking.set_viewport_size({"width": 1280, "height": 800})
    looking.goto(screens.address + SCREENS[screen](screens.room))

    for theme in THEMES:
        looking.emulate_media(color_scheme=theme)
        looking.screenshot(path=PICTURES / f"{screen}-{theme}.png")
        assert violations(looking) == [], theme


@each_screen
def test_a_screen_does_not_scroll_sideways(
    looking: Page, screens: Screens, screen: str
) -> None:
    looking.emulate_media(color_scheme="light")
    looking.goto(screens.address + SCREENS[screen](screens.room))

    for width in (390, 320):
        looking.set_viewport_size({"width": width, "height": 844})
        looking.screenshot(path=PICTURES / f"{screen}-{width}.png")
        assert looking.evaluate("document.documentElement.scrollWidth") <= width


def test_signing_in_has_no_accessibility_violation(
    chromium: Browser, screens: Screens
) -> None:
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{screens.address}/sign-in")

        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            page.screenshot(path=PICTURES / f"sign-in-{theme}.png")
            assert violations(page) == [], theme


def test_what_is_typed_is_counted_previewed_and_kept(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        card, first = panel_opened(page, own_screens), its_posts(own_screens)[0]
        field = card.locator("textarea").first
        field.fill("The ferry is back, and so is the old fare.")
        field.press_sequentially(" At last.")

        expect(card.locator(".saved")).to_contain_text("Saved")
        expect(preview(page, first).locator(".text")).to_contain_text(
            "The ferry is back, and so is the old fare. At last."
        )
        page.reload()
        expect(card.locator("textarea").first).to_have_value(
            "The ferry is back, and so is the old fare. At last."
        )


def test_scheduling_waits_for_a_saving_on_its_way(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        card, first = panel_opened(page, own_screens), its_posts(own_screens)[0]
        page.get_by_label("Pick a time").check()
        kept: list[tuple[Route, APIResponse]] = []
        page.route(
            "**/write", lambda route: kept.append((route, route.fetch())), times=1
        )
        with page.expect_request("**/write"):
            card.locator("textarea").first.fill("Typed in a hurry")
        page.get_by_role("button", name="Schedule on").click()
        while not kept:  # the saving is answered only after the click
            page.wait_for_timeout(20)
        for route, answer in kept:
            route.fulfill(response=answer)

        expect(page.locator("#toasts")).to_contain_text("Scheduled on 3 channels")
        post = look_up(own_screens.desk, first.id)
        assert (post.text, post.state) == ("Typed in a hurry", State.SCHEDULED)


def test_a_text_over_the_limit_is_named_in_the_main_button(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        card = panel_opened(page, own_screens)
        page.get_by_label("Pick a time").check()
        card.locator("textarea").first.fill("word " * 70)

        expect(card.locator(".problems")).to_contain_text("over the limit of 280")
        expect(page.locator("[data-schedule]")).to_have_text("Schedule on 2, fix 1")
        card.get_by_role("button", name="Lead").click()
        expect(page.locator("[data-schedule]")).to_have_text("Schedule on 3")


def test_a_sentence_comes_without_leaving_the_page(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        page.goto(own_screens.address)
        page.get_by_label("Paste an article").fill("http://127.0.0.1:9/article")
        page.get_by_role("button", name="Read and draft").click()

        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("Paste an article")).to_have_value(
            "http://127.0.0.1:9/article"
        )


def test_the_board_moves_by_itself(chromium: Browser, own_screens: Screens) -> None:
    with signed_in(chromium, own_screens) as page:
        page.goto(f"{own_screens.address}/status")
        expect(page.locator("[data-live-mark]")).to_contain_text("Live")
        channel = look_up(own_screens.desk, own_screens.room.published).channel_id
        make_scheduled(own_screens.desk, channel, "Came while watching")
        run_due(own_screens.desk)

        done = page.locator("[aria-labelledby=c-done]")
        expect(done).to_contain_text("Came while watching")


def test_a_page_that_hears_of_many_changes_draws_some_and_the_last(
    chromium: Browser, own_screens: Screens
) -> None:
    told: list[str] = []

    def tell(route: Route) -> None:
        """One more change, and another a moment later: as while posts go out."""
        told.append(f"retry: 100\nevent: version\ndata: {len(told)}\n\n")
        route.fulfill(content_type="text/event-stream", body=told[-1])

    with signed_in(chromium, own_screens) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.route("**/live/events", tell)
        page.goto(f"{own_screens.address}/status")
        while len(told) < 12:
            page.wait_for_timeout(20)
        page.unroute("**/live/events")
        drawn = sum("/status/board" in url for url in asked)

        assert 1 <= drawn <= len(told) / 3
        with page.expect_request("**/status/board"):
            pass


def test_a_post_page_changes_by_itself(chromium: Browser, own_screens: Screens) -> None:
    desk = own_screens.desk
    channel = look_up(desk, own_screens.room.published).channel_id
    post_id = make_post(desk, channel, "Watch me go out")
    with signed_in(chromium, own_screens) as page:
        page.goto(f"{own_screens.address}/posts/{post_id}")
        page.get_by_role("button", name="Send now").click()
        expect(page.locator("#toasts")).to_contain_text("Going out")
        steps.alter(desk, post_id, next_at=now_of(desk))  # they are over
        run_due(desk)

        expect(page.locator("#account-state")).to_contain_text("Published")


def test_hold_everything_and_lift_it(chromium: Browser, own_screens: Screens) -> None:
    with signed_in(chromium, own_screens) as page:
        page.goto(own_screens.address)
        page.get_by_role("button", name="Hold everything").click()
        expect(page.locator(".hold-banner")).to_contain_text("Everything is held")
        page.get_by_role("button", name="Lift the hold").click()

        expect(page.locator(".hold-banner")).to_have_count(0)


def test_everything_works_without_javascript(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens, javascript=False) as page:
        card = panel_opened(page, own_screens)
        card.locator("textarea").first.fill("Written without JavaScript")
        page.get_by_label("Pick a time").check()
        at = datetime.now(ROME) + timedelta(hours=2)
        page.locator("#at").fill(f"{at:%Y-%m-%dT%H:%M}")
        page.get_by_role("button", name="Schedule on").click()
        expect(page.locator("#toasts")).to_contain_text("Scheduled on 3 channels")
        page.locator("#toasts").get_by_role("button", name="Undo").click()

        expect(page.locator("#toasts")).to_contain_text("Undone")
        field = card.locator("textarea").first
        expect(field).to_have_value("Written without JavaScript")


def test_the_shortcut_sheet_opens_and_keys_walk(
    chromium: Browser, screens: Screens
) -> None:
    with signed_in(chromium, screens) as page:
        page.goto(f"{screens.address}/status")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        expect(page.locator(".ticket h3 a").first).to_be_focused()
        page.keyboard.press("g")
        page.keyboard.press("q")

        expect(page).to_have_url(f"{screens.address}/queue")


def test_the_newsroom_is_as_it_should_be(screens: Screens) -> None:
    room = screens.room

    found = [
        look_up(screens.desk, post_id).state
        for post_id in (room.scheduled, room.published, room.failed, room.unconfirmed)
    ]

    assert found == [
        State.SCHEDULED,
        State.PUBLISHED,
        State.FAILED,
        State.UNCONFIRMED,
    ]
