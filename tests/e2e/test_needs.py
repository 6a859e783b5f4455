"""Needs you and records in a real browser: by mouse, by keys, for each role."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from desk import people, report
from desk.desk import Desk
from desk.models.people import Role
from tests import factories
from tests.e2e import trouble
from tests.e2e.conftest import PICTURES, Screens, serving, signed_in
from tests.e2e.test_screens import THEMES, violations
from tests.factories import look_up, make_channel, make_scheduled, now_of, run_due

PASSWORD = "four words do well"
TITLES = (
    "Channels",
    "Live twice",
    "May be live on Evening Post",
    "Refused by Evening Post",
    "Missed",
    "Fell due during a hold",
    "Awaiting approval",
)


@pytest.fixture(scope="module")
def troubled(
    built: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Screens]:
    """A newsroom with one of each trouble; every test has channels of its own."""
    with serving(tmp_path_factory.mktemp("troubled") / "home") as found:
        desk = found.desk
        channel = make_channel(desk, "Evening Post")
        for text in ("Night buses return", "Council counts its lamps"):
            trouble.refused(desk, channel, text)
        trouble.doubtful(desk, channel, "A quiet word from the harbour")
        trouble.missed(desk, channel, "Tide tables for Sunday")
        trouble.held(desk, channel, "Market prices")
        trouble.twice(desk, channel, "The last ferry, and the first")
        trouble.in_review(desk, _draft(found))
        trouble.stopped(desk, make_channel(desk, "X main"), 6)
        yield found


@pytest.fixture
def looking(chromium: Browser, troubled: Screens) -> Iterator[Page]:
    with signed_in(chromium, troubled) as page:
        yield page


def _draft(screens: Screens) -> int:
    """A draft with a picture and a link."""
    with screens.desk.db.reading() as session:
        its = report.list_posts(session, article_id=screens.room.to_compose)
        return min(post.id for post in its)


def entry(page: Page, post_id: int) -> str:
    return f"#post-{post_id}"


def test_every_trouble_can_be_read_by_everyone(
    looking: Page, troubled: Screens
) -> None:
    looking.goto(f"{troubled.address}/needs")
    for title in TITLES:
        expect(looking.locator(".group h2", has_text=title).first).to_be_visible()
    looking.evaluate(
        "document.querySelectorAll('.opens').forEach((d) => d.open = true)"
    )

    for theme in THEMES:
        looking.emulate_media(color_scheme=theme)
        looking.screenshot(path=PICTURES / f"needs-all-{theme}.png", full_page=True)
        assert violations(looking) == [], theme
    for width in (390, 320):
        looking.set_viewport_size({"width": width, "height": 844})
        looking.screenshot(path=PICTURES / f"needs-all-{width}.png", full_page=True)
        assert looking.evaluate("document.documentElement.scrollWidth") <= width
        assert _too_small(looking) == []


def _too_small(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('main a, main button, main summary')]"
        ".map((one) => [one, one.getBoundingClientRect()])"
        ".filter(([one, box]) => box.height && box.height < 24"
        " && !one.closest('p, h3, dd'))"
        ".map(([one]) => one.outerHTML)"
    )
    return found


def test_a_group_is_sent_again_with_one_click(looking: Page, troubled: Screens) -> None:
    desk = troubled.desk
    channel = make_channel(desk, "Morning Post")
    ids = [trouble.refused(desk, channel, text) for text in ("First", "Second")]
    looking.goto(f"{troubled.address}/needs")

    group = looking.locator(".group", has_text="Refused by Morning Post")
    expect(group).to_contain_text(trouble.NIGHT)
    expect(group).to_contain_text("Surely not sent")
    group.get_by_role("button", name="Send all 2 again").click()

    expect(looking.locator("#toasts")).to_contain_text("2 posts go out again")
    expect(looking.locator(entry(looking, ids[0]))).to_have_count(0)
    assert look_up(desk, ids[0]).state == "scheduled"


def test_a_dropped_post_comes_back_with_undo(looking: Page, troubled: Screens) -> None:
    post_id = trouble.missed(troubled.desk, make_channel(troubled.desk, "Drops"), "Old")
    looking.goto(f"{troubled.address}/needs")

    looking.locator(entry(looking, post_id)).get_by_role("button", name="Drop").click()
    expect(looking.locator("#toasts")).to_contain_text("will not go out")
    gone = look_up(troubled.desk, post_id).state
    looking.locator("#toasts").get_by_role("button", name="Undo").click()

    expect(looking.locator(entry(looking, post_id))).to_have_count(1)
    assert gone == "cancelled"
    assert look_up(troubled.desk, post_id).state == "missed"


def test_a_missed_post_is_moved_without_dragging(
    looking: Page, troubled: Screens
) -> None:
    post_id = trouble.missed(
        troubled.desk, make_channel(troubled.desk, "Moves"), "Later"
    )
    looking.goto(f"{troubled.address}/needs")

    mine = looking.locator(entry(looking, post_id))
    mine.get_by_text("Move to…").click()
    mine.get_by_role("button", name="Move", exact=True).click()

    expect(looking.locator("#toasts")).to_contain_text("Scheduled:")
    assert look_up(troubled.desk, post_id).state == "scheduled"


def test_the_list_is_settled_by_keys_alone(looking: Page, troubled: Screens) -> None:
    desk = troubled.desk
    channel = make_channel(desk, "Keys")
    doubt = trouble.doubtful(desk, channel, "In doubt, by keys")
    failed = trouble.refused(desk, channel, "Refused, by keys")
    looking.goto(f"{troubled.address}/needs")

    looking.keyboard.press("j")
    expect(looking.locator("#needs h3 a").first).to_be_focused()
    looking.locator(f"{entry(looking, doubt)} h3 a").focus()
    looking.keyboard.press("r")
    expect(looking.locator(f"#url-{doubt}")).to_be_focused()
    looking.keyboard.insert_text("https://social.example/@keys/1")
    looking.keyboard.press("Enter")
    expect(looking.locator("#toasts")).to_contain_text("Noted: it is live.")
    looking.locator(f"{entry(looking, failed)} h3 a").focus()
    looking.keyboard.press("r")

    expect(looking.locator("#toasts")).to_contain_text("Going out.")
    expect(looking.locator("#needs h3 a:focus")).to_have_count(1)
    assert look_up(desk, doubt).state == "published"
    assert look_up(desk, failed).state == "scheduled"


def test_e_opens_the_text_of_a_post(looking: Page, troubled: Screens) -> None:
    channel = make_channel(troubled.desk, "Edits")
    post_id = trouble.refused(troubled.desk, channel, "To be edited")
    looking.goto(f"{troubled.address}/needs")

    looking.locator(f"{entry(looking, post_id)} h3 a").focus()
    looking.keyboard.press("e")

    expect(looking).to_have_url(f"{troubled.address}/posts/{post_id}#text-{post_id}")


def test_an_editor_approves_what_is_shown(looking: Page, troubled: Screens) -> None:
    desk = troubled.desk
    post_id = look_up(desk, _draft(troubled)).id
    looking.goto(f"{troubled.address}/needs")

    mine = looking.locator(entry(looking, post_id))
    expect(mine.locator(".preview")).to_contain_text("saltmere.example")
    expect(mine).to_contain_text("Alt text: A drawing")
    mine.get_by_role("button", name="Approve for").click()

    expect(looking.locator("#toasts")).to_contain_text("Approved: it goes out")
    assert look_up(desk, post_id).state == "scheduled"
    looking.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(looking.locator(entry(looking, post_id))).to_have_count(1)


def test_the_list_renews_itself_but_never_under_an_open_form(
    looking: Page, troubled: Screens
) -> None:
    desk = troubled.desk
    channel = make_channel(desk, "Renews")
    mine = trouble.missed(desk, channel, "Being moved")
    looking.goto(f"{troubled.address}/needs")
    details = looking.locator(f"{entry(looking, mine)} .opens")
    details.locator("summary").click()

    late = trouble.missed(desk, channel, "Missed meanwhile")
    expect(looking.locator("#needs-count")).to_contain_text("need")
    expect(looking).to_have_title(re.compile(r"^\("))
    expect(details).to_have_attribute("open", "")
    expect(looking.locator(entry(looking, late))).to_have_count(0)
    details.locator("summary").click()

    expect(looking.locator(entry(looking, late))).to_have_count(1)


def test_a_form_opened_while_the_list_was_on_its_way_stays_open(
    looking: Page, troubled: Screens
) -> None:
    channel = make_channel(troubled.desk, "Overtakes")
    mine = trouble.missed(troubled.desk, channel, "Opened meanwhile")
    looking.goto(f"{troubled.address}/needs")
    details = looking.locator(f"{entry(looking, mine)} .opens")

    def open_it_first(route: Route) -> None:
        details.evaluate("details => { details.open = true }")
        route.continue_()

    looking.route("**/needs/list", open_it_first, times=1)
    looking.evaluate(
        """() => {
            const list = document.getElementById("needs");
            window.answered = new Promise((resolve) =>
                list.addEventListener("htmx:finally:request", () => resolve(true)));
        }"""
    )
    late = trouble.missed(troubled.desk, channel, "Told of meanwhile")
    looking.evaluate("() => window.answered")
    expect(details).to_have_attribute("open", "")
    details.locator("summary").click()

    expect(looking.locator(entry(looking, late))).to_have_count(1)


def test_a_list_that_did_not_change_is_not_sent_again(
    looking: Page, troubled: Screens
) -> None:
    channel = make_channel(troubled.desk, "Stays")
    mine = trouble.missed(troubled.desk, channel, "Stands there already")
    looking.goto(f"{troubled.address}/needs")

    def renewed() -> int:
        with looking.expect_response("**/needs/list") as told:
            looking.evaluate("document.body.dispatchEvent(new Event('deskChanged'))")
        told.value.finished()
        return told.value.status

    assert renewed() == 200
    patience = time.monotonic() + 90
    while renewed() != 304:  # what fell due just now says by how many seconds, at first
        assert time.monotonic() < patience
    expect(looking.locator(entry(looking, mine))).to_have_count(1)
    late = trouble.missed(troubled.desk, channel, "Missed since")
    expect(looking.locator(entry(looking, late))).to_have_count(1)


def test_an_analyst_lands_on_status_and_takes_the_records_along(
    chromium: Browser, troubled: Screens
) -> None:
    desk = troubled.desk
    with chromium.new_context(accept_downloads=True) as context:
        page = context.new_page()
        page.goto(f"{troubled.address}/sign-in")
        _analyst(desk)
        page.get_by_label("Email").fill("analyst@paper.org")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{troubled.address}/status")

        page.goto(f"{troubled.address}/records?range=7d")
        page.get_by_label("State").select_option("live")
        expect(page).to_have_url(re.compile("state=live"))
        expect(page.locator(".records")).to_contain_text("The last ferry")
        with page.expect_download() as csv:
            page.get_by_role("link", name="Download CSV").click()
        with page.expect_download() as taken:
            page.get_by_role("link", name="JSON").click()

        assert csv.value.path().read_bytes().startswith(b"\xef\xbb\xbfpost,due,")
        rows = json.loads(taken.value.path().read_text())["posts"]
        assert {row["state"] for row in rows} == {"live"}
        assert page.locator("main form[method=post]").count() == 0


def _analyst(desk: Desk) -> None:
    with desk.db.writing() as session:
        now = now_of(desk)
        user, _ = people.invite(session, "analyst@paper.org", "Ada", Role.ANALYST, now)
        factories.set_password(session, user.id, PASSWORD)


def test_the_board_moves_for_an_analyst_too(
    chromium: Browser, troubled: Screens
) -> None:
    desk = troubled.desk
    channel = make_channel(desk, "Watched")
    with desk.db.writing() as session:
        now = now_of(desk)
        user, _ = people.invite(session, "ola@paper.org", "Ola", Role.ANALYST, now)
        token = people.begin_session(session, user.id, "", now)
    with signed_in(chromium, replace(troubled, token=token)) as page:
        page.goto(f"{troubled.address}/status")
        expect(page.locator("[data-live-mark]")).to_contain_text("Live")
        make_scheduled(desk, channel, "Came while an analyst watched")
        run_due(desk)

        done = page.locator("[aria-labelledby=c-done]")
        expect(done).to_contain_text("Came while an analyst watched")
        expect(done).to_contain_text("s late")
