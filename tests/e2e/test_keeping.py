"""Nothing that a person typed is lost: two browsers, no sign-in, no network, no tab."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import (
    Browser,
    Error,
    Locator,
    Page,
    expect,
)

from desk import db, people
from desk.desk import Desk
from desk.lifecycle import State
from desk.migrating import upgrade
from desk.models import User
from tests import factories
from tests.e2e.composing import BRIDGE, panel_opened
from tests.e2e.conftest import CONNECTORS, Screens, settings_in, signed_in
from tests.e2e.conftest import opened as opened_desk
from tests.e2e.newsroom import Newsroom
from tests.factories import look_up, make_channel, make_person, make_post

PASSWORD = "three small grey ferries"
AUTOSAVED = pytest.mark.parametrize("autosaved", [False, True])


@pytest.fixture
def ines(chromium: Browser, own_screens: Screens) -> Iterator[Page]:
    """The admin, who has a password."""
    set_password(own_screens)
    with signed_in(chromium, own_screens) as page:
        yield page


def set_password(screens: Screens) -> None:
    with screens.desk.db.writing() as session:
        admin = people.ensure_admin(session, db.now(session))
        factories.set_password(session, admin.id, PASSWORD)


@contextmanager
def colleague(chromium: Browser, screens: Screens, name: str) -> Iterator[Page]:
    """Another person, in a browser of their own."""
    person = make_person(screens.desk, name)
    token = session_of(screens, person)
    own = Screens(screens.address, token, screens.room, screens.desk)
    with signed_in(chromium, own) as page:
        yield page


def session_of(screens: Screens, person: User) -> str:
    with screens.desk.db.writing() as session:
        return people.begin_session(session, person.id, "Chrome", db.now(session))


def sign_out(screens: Screens) -> None:
    """As a new password or an admin ends every session."""
    with screens.desk.db.writing() as session:
        now = db.now(session)
        people.end_sessions(session, people.ensure_admin(session, now).id, now)


def sign_in(page: Page, email: str = "admin@localhost") -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def opened(page: Page, screens: Screens, which: str) -> Locator:
    """What a post says that is a draft, in its share; or one that has its time."""
    if which == "draft":
        return panel_opened(page, screens)
    page.goto(f"{screens.address}/posts/{screens.room.scheduled}")
    return page.locator("[data-card]").first


def field(card: Locator) -> Locator:
    return card.locator(".writer textarea")


def saved(card: Locator) -> None:
    expect(card.locator(".saved")).to_contain_text(re.compile("Saved|Kept as"))


def words_of(screens: Screens, card: Locator) -> list[str]:
    """What the desk has of a post: its own text, and what is typed over it."""
    post = look_up(screens.desk, int(card.get_attribute("data-card") or 0))
    return [post.text, *(copy.text or "" for copy in post.copies)]


def wait_until_the_desk_has(
    page: Page, screens: Screens, number: int, text: str
) -> None:
    for _ in range(200):
        post = look_up(screens.desk, number)
        if text in [post.text, *(copy.text for copy in post.copies)]:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"the desk never got {text!r}")


WHICH = pytest.mark.parametrize("which", ["draft", "scheduled"])


@WHICH
@AUTOSAVED
def test_a_colleagues_correction_is_never_overwritten_in_silence(
    chromium: Browser, own_screens: Screens, ines: Page, which: str, autosaved: bool
) -> None:
    with colleague(chromium, own_screens, "Ben") as ben:
        hers, his = opened(ines, own_screens, which), opened(ben, own_screens, which)
        number = int(hers.get_attribute("data-card") or 0)
        field(hers).fill("Ines's correction")
        saved(hers)
        if which == "scheduled":
            ines.get_by_role("button", name="Save changes").click()
            expect(ines.locator("#toasts")).to_contain_text("Saved.")
        field(his).fill("Ben's words")
        if autosaved and which == "scheduled":
            saved(his)
        if which == "scheduled":
            ben.get_by_role("button", name="Save changes").click()

        conflict = ben.get_by_role("alert", name="Conflict")
        expect(conflict).to_contain_text("Ines's correction")
        expect(conflict.locator("ins").last).to_have_text("Ben's words")
        assert look_up(own_screens.desk, number).text == "Ines's correction"
        field(his).press_sequentially(", longer")
        conflict.get_by_role("button", name="Keep mine").click()
        expect(conflict).to_have_count(0)
        assert look_up(own_screens.desk, number).text == "Ben's words, longer"


@pytest.mark.parametrize("button", ["Use on all channels", "In a first reply"])
def test_a_press_on_an_older_page_shows_the_correction_and_makes_no_conflict(
    chromium: Browser, own_screens: Screens, ines: Page, button: str
) -> None:
    with colleague(chromium, own_screens, "Ben") as ben:
        hers = opened(ines, own_screens, "draft")
        number = int(hers.get_attribute("data-card") or 0)
        field(hers).fill("Ines's own words")
        saved(hers)
        hers.get_by_text("only: picture, link").click()
        ben.goto(f"{own_screens.address}/posts/{number}")
        field(ben.locator("[data-card]")).fill("Ben's correction")
        saved(ben.locator("[data-card]"))
    hers.get_by_role("button", name=button).click()

    expect(field(hers)).to_have_value("Ben's correction")
    expect(ines.get_by_role("alert", name="Conflict")).to_have_count(0)
    field(hers).press("End")
    field(hers).press_sequentially(", and on")
    saved(hers)
    post = look_up(own_screens.desk, number)
    assert (post.text, post.copies) == ("Ben's correction, and on", [])


def test_what_one_typed_oneself_keeps_no_button_from_working(
    ines: Page, own_screens: Screens
) -> None:
    post_id = make_post(own_screens.desk, make_channel(own_screens.desk, "Harbour"))
    ines.goto(f"{own_screens.address}/posts/{post_id}")
    card = ines.locator("[data-card]").first

    field(card).fill("Typed a moment ago")
    saved(card)
    ines.get_by_role("button", name="Cancel this post").click()

    expect(ines.locator(".toast")).to_contain_text("Cancelled")
    assert look_up(own_screens.desk, post_id).state == State.CANCELLED


@WHICH
@AUTOSAVED
def test_words_typed_while_signed_out_are_there_after_signing_in(
    own_screens: Screens, ines: Page, which: str, autosaved: bool
) -> None:
    card = opened(ines, own_screens, which)
    number, here = int(card.get_attribute("data-card") or 0), ines.url
    if autosaved:
        field(card).fill("Begun")
        saved(card)
    sign_out(own_screens)
    field(card).fill("Every word of it")
    expect(ines.locator("#signed-out")).to_be_visible()
    ines.locator("#signed-out").get_by_role("link", name="Sign in").click()
    sign_in(ines)

    expect(ines).to_have_url(here)
    expect(field(card)).to_have_value("Every word of it")
    wait_until_the_desk_has(ines, own_screens, number, "Every word of it")


@WHICH
def test_signing_in_in_another_tab_is_enough(
    own_screens: Screens, ines: Page, which: str
) -> None:
    card = opened(ines, own_screens, which)
    number = int(card.get_attribute("data-card") or 0)
    sign_out(own_screens)
    field(card).fill("Every word of it")
    expect(ines.locator("#signed-out")).to_be_visible()
    other = ines.context.new_page()
    other.goto(f"{own_screens.address}/sign-in")
    sign_in(other)
    expect(other.get_by_label("Paste an article")).to_be_visible()
    other.close()

    wait_until_the_desk_has(ines, own_screens, number, "Every word of it")
    expect(ines.locator("#signed-out")).to_be_hidden()
    expect(field(card)).to_have_value("Every word of it")


def test_a_page_that_is_older_than_the_sign_in_can_still_be_sent(
    own_screens: Screens, ines: Page
) -> None:
    card = opened(ines, own_screens, "scheduled")
    number = int(card.get_attribute("data-card") or 0)
    ines.context.clear_cookies(name="form")
    field(card).fill("Every word of it")
    ines.get_by_role("button", name="Save changes").click()

    expect(ines.locator("#toasts")).to_contain_text("Saved.")
    assert look_up(own_screens.desk, number).text == "Every word of it"


def test_words_are_never_shown_to_the_next_person_at_the_browser(
    own_screens: Screens, ines: Page
) -> None:
    ben = make_person(own_screens.desk, "Ben")
    with own_screens.desk.db.writing() as session:
        factories.set_password(session, ben.id, PASSWORD)
    card = opened(ines, own_screens, "scheduled")
    number = int(card.get_attribute("data-card") or 0)
    sign_out(own_screens)
    field(card).fill("Ines's secret")
    expect(card.locator(".saved")).to_contain_text("Kept in this browser")
    ines.locator("#signed-out").get_by_role("link", name="Sign in").click()
    sign_in(ines, ben.email)
    expect(field(card)).to_be_visible()
    ines.goto(f"{own_screens.address}/queue")
    ines.wait_for_timeout(6000)  # as long as words of one's own would take

    expect(ines.locator("body")).not_to_contain_text("Ines's secret")
    assert look_up(own_screens.desk, number).copies == []
    ines.goto(f"{own_screens.address}/you")
    ines.get_by_role("button", name="Sign out").click()
    sign_in(ines)
    wait_until_the_desk_has(ines, own_screens, number, "Ines's secret")


@WHICH
@AUTOSAVED
def test_what_was_typed_offline_is_saved_once_online_whatever_was_pressed(
    own_screens: Screens, ines: Page, which: str, autosaved: bool
) -> None:
    card = opened(ines, own_screens, which)
    number = int(card.get_attribute("data-card") or 0)
    if autosaved:
        field(card).fill("Begun")
        saved(card)
    ines.context.set_offline(True)
    field(card).fill("Typed in a tunnel")
    main = "[data-schedule]" if which == "draft" else "text=Save changes"
    if which == "draft":  # it rests, and says why
        expect(ines.locator(main)).to_be_disabled()
        ines.locator(main).click(force=True)
        expect(ines.locator("#needs-connection")).to_be_visible()
    else:
        ines.locator(main).click()
        expect(ines.locator("#toasts")).to_contain_text("did not answer")
    ines.context.set_offline(False)

    wait_until_the_desk_has(ines, own_screens, number, "Typed in a tunnel")
    saved(card)


@WHICH
@AUTOSAVED
def test_a_closed_tab_loses_nothing(
    own_screens: Screens, ines: Page, which: str, autosaved: bool
) -> None:
    card = opened(ines, own_screens, which)
    number, here = int(card.get_attribute("data-card") or 0), ines.url
    if autosaved:
        field(card).fill("Begun")
        saved(card)
    ines.context.set_offline(True)
    field(card).fill("Typed, and the tab closed")
    next_tab = ines.context.new_page()
    ines.close()
    next_tab.context.set_offline(False)
    next_tab.goto(here)

    again = next_tab.locator("[data-card]").first
    expect(field(again)).to_have_value("Typed, and the tab closed")
    wait_until_the_desk_has(next_tab, own_screens, number, "Typed, and the tab closed")


HANGS = """field => {
    field.value = "Typed, and the tab hung";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const end = Date.now() + 4000;
    setTimeout(() => { while (Date.now() < end); }, 0);
}"""


BUSY = """() => new Promise(begun => {
    indexedDB.open("standfirst", 1).onsuccess = ({ target }) => {
        const change = target.result.transaction("words", "readwrite");
        const words = change.objectStore("words");
        const again = () => { if (!window.free) words.count().onsuccess = again; };
        again();
        begun();
    };
})"""


@WHICH
def test_a_tab_closed_while_the_browser_could_not_write_yet_loses_nothing(
    own_screens: Screens, ines: Page, which: str
) -> None:
    card = opened(ines, own_screens, which)
    number, here = int(card.get_attribute("data-card") or 0), ines.url
    next_tab = ines.context.new_page()
    next_tab.goto(here)
    next_tab.evaluate(BUSY)
    ines.context.set_offline(True)
    field(card).fill("Typed, and the disk was slow")
    ines.close()
    next_tab.evaluate("window.free = true")
    next_tab.context.set_offline(False)
    next_tab.goto(here)

    again = next_tab.locator("[data-card]").first
    expect(field(again)).to_have_value("Typed, and the disk was slow")
    wait_until_the_desk_has(
        next_tab, own_screens, number, "Typed, and the disk was slow"
    )


@WHICH
def test_a_tab_that_hangs_after_a_letter_and_is_closed_loses_nothing(
    own_screens: Screens, ines: Page, which: str
) -> None:
    card = opened(ines, own_screens, which)
    here = ines.url
    ines.context.set_offline(True)
    field(card).evaluate(HANGS)
    next_tab = ines.context.new_page()
    ines.close()
    next_tab.context.set_offline(False)
    next_tab.goto(here)

    again = next_tab.locator("[data-card]").first
    expect(field(again)).to_have_value("Typed, and the tab hung")


@WHICH
def test_a_crashed_tab_is_made_good_from_any_page(
    own_screens: Screens, ines: Page, which: str
) -> None:
    card = opened(ines, own_screens, which)
    number = int(card.get_attribute("data-card") or 0)
    ines.context.set_offline(True)
    field(card).fill("Typed before the crash")
    expect(card.locator(".saved")).to_contain_text("Not saved yet")
    next_tab = ines.context.new_page()
    crash(ines)
    next_tab.context.set_offline(False)
    next_tab.goto(f"{own_screens.address}/queue")

    wait_until_the_desk_has(next_tab, own_screens, number, "Typed before the crash")


def crash(page: Page) -> None:
    """The renderer dies: no event of leaving reaches the page."""
    with pytest.raises(Error, match="crash"):
        page.goto("chrome://crash")
    page.close()


def test_words_that_do_not_fit_any_more_are_offered_with_the_difference(
    chromium: Browser, own_screens: Screens, ines: Page
) -> None:
    card = opened(ines, own_screens, "draft")
    here = ines.url
    ines.context.set_offline(True)
    field(card).fill("Mine, typed in a tunnel")
    with colleague(chromium, own_screens, "Ben") as ben:
        his = opened(ben, own_screens, "draft")
        field(his).fill("Ben's, typed in a tunnel")
        saved(his)
    next_tab = ines.context.new_page()
    ines.close()
    next_tab.context.set_offline(False)
    next_tab.goto(here)

    again = next_tab.locator("[data-card]").first
    expect(field(again)).to_have_value("Ben's, typed in a tunnel")
    offered = next_tab.locator("#kept-words")
    expect(offered.locator("mark")).to_have_text("Mine,")
    offered.get_by_role("button", name="Put it in").click()
    expect(field(again)).to_have_value("Mine, typed in a tunnel")
    saved(again)
    expect(offered).to_be_hidden()


def test_another_tab_of_the_same_person_takes_no_words_while_they_are_typed(
    own_screens: Screens, ines: Page
) -> None:
    card = opened(ines, own_screens, "draft")
    other = ines.context.new_page()
    beside = opened(other, own_screens, "draft")
    before = field(beside).input_value()
    field(card).fill("Being typed")
    other.evaluate("document.dispatchEvent(new Event('htmx:after:swap'))")
    saved(card)
    field(card).fill("Being typed, and on")
    saved(card)

    expect(ines.get_by_role("alert", name="Conflict")).to_have_count(0)
    expect(field(beside)).to_have_value(before)


def test_what_is_typed_after_a_refused_time_is_no_conflict_with_oneself(
    own_screens: Screens, ines: Page
) -> None:
    card = opened(ines, own_screens, "draft")
    ines.route(
        "**/plan", lambda route: route.fulfill(body="")
    )  # pressed before it came
    ines.get_by_label("Pick a time").check()
    ines.locator("#at").fill("2020-01-01T10:00")
    field(card).fill("For yesterday")
    ines.locator("[data-schedule]").click()
    expect(ines.locator("#toasts")).to_contain_text("past")
    field(card).fill("For yesterday, or tomorrow")
    saved(card)

    expect(ines.get_by_role("alert", name="Conflict")).to_have_count(0)
    number = int(card.get_attribute("data-card") or 0)
    assert look_up(own_screens.desk, number).text == "For yesterday, or tomorrow"


def test_a_pasted_article_is_there_after_signing_in(
    own_screens: Screens, ines: Page
) -> None:
    ines.goto(f"{own_screens.address}/inbox")
    ines.get_by_label("Paste an article").fill(BRIDGE)
    sign_out(own_screens)
    ines.get_by_role("button", name="Read and draft").click()
    ines.locator("#signed-out").get_by_role("link", name="Sign in").click()
    sign_in(ines)

    expect(ines.get_by_label("Paste an article")).to_have_value(BRIDGE)
    ines.get_by_role("button", name="Read and draft").click()
    expect(ines).to_have_url(re.compile("/shares/"))
    ines.goto(f"{own_screens.address}/inbox")
    expect(ines.get_by_label("Paste an article")).to_have_value("")


def test_a_discarded_working_copy_is_gone_from_the_browser_too(
    own_screens: Screens, ines: Page
) -> None:
    card = opened(ines, own_screens, "scheduled")
    before = field(card).input_value()
    field(card).fill("Half a sent")
    saved(card)
    ines.get_by_role("button", name="Discard").click()
    expect(ines.locator("#toasts")).to_contain_text("is gone")
    expect(field(card)).to_have_value(before)
    ines.reload()

    expect(field(card)).to_have_value(before)
    assert words_of(own_screens, card) == [before]


@WHICH
def test_what_the_browser_puts_back_was_typed_by_nobody(
    chromium: Browser, own_screens: Screens, ines: Page, which: str
) -> None:
    card = opened(ines, own_screens, which)
    number = int(card.get_attribute("data-card") or 0)
    with colleague(chromium, own_screens, "Ben") as ben:
        his = opened(ben, own_screens, which)
        field(his).fill("Ben's correction")
        saved(his)
        if which == "scheduled":
            ben.get_by_role("button", name="Save changes").click()
            expect(ben.locator("#toasts")).to_contain_text("Saved.")
    ines.add_init_script(PUTS_BACK)
    ines.reload()
    expect(field(card)).to_have_value("Ben's correction")
    ines.evaluate("document.querySelector('.writer textarea').value = 'Old words'")
    field(card).focus()
    ines.keyboard.press("End")
    ines.keyboard.type("!")
    saved(card)

    assert "Old words" not in " ".join(words_of(own_screens, card))
    assert look_up(own_screens.desk, number).text.startswith("Ben's correction")


PUTS_BACK = """
new MutationObserver((changes, watch) => {
  const field = document.querySelector(".writer textarea");
  if (!field) return;
  watch.disconnect();
  field.value = "Old words";
}).observe(document, { childList: true, subtree: true });
"""


def test_what_was_typed_before_the_script_came_is_saved_as_soon_as_it_comes(
    own_screens: Screens, ines: Page
) -> None:
    ines.clock.install()
    ines.clock.pause_at(datetime.now() + timedelta(minutes=1))  # noqa: DTZ005
    ines.add_init_script(TYPES_AT_ONCE)
    card = opened(ines, own_screens, "draft")
    number = int(card.get_attribute("data-card") or 0)
    expect(field(card)).to_have_value("Typed before the script")
    ines.clock.run_for(1000)

    saved(card)
    assert look_up(own_screens.desk, number).text == "Typed before the script"


TYPES_AT_ONCE = """
new MutationObserver((changes, watch) => {
  const field = document.querySelector(".writer textarea");
  if (!field) return;
  watch.disconnect();
  field.focus();
  field.value = "Typed before the script";
}).observe(document, { childList: true, subtree: true });
"""


def test_words_of_a_closed_tab_come_to_a_page_that_is_open_already(
    own_screens: Screens, ines: Page
) -> None:
    draft = opened(ines, own_screens, "draft")
    number = int(draft.get_attribute("data-card") or 0)
    closed = ines.context.new_page()
    closed.goto(f"{own_screens.address}/posts/{number}")
    ines.context.set_offline(True)
    field(closed.locator("[data-card]")).fill("Typed, and the tab closed")
    expect(closed.locator(".saved")).to_contain_text("Not saved yet")
    closed.close()
    ines.context.set_offline(False)

    wait_until_the_desk_has(ines, own_screens, number, "Typed, and the tab closed")
    expect(field(draft)).to_have_value("Typed, and the tab closed")


def test_discarding_in_one_tab_ends_no_words_that_another_could_not_save(
    own_screens: Screens, ines: Page
) -> None:
    card = opened(ines, own_screens, "scheduled")
    field(card).fill("Words of this tab")
    saved(card)
    closed = ines.context.new_page()
    closed.goto(ines.url)
    ines.context.set_offline(True)
    field(closed.locator("[data-card]")).fill("Words of the closed tab")
    expect(closed.locator(".saved")).to_contain_text("Not saved yet")
    closed.close()
    ines.context.set_offline(False)

    ines.get_by_role("button", name="Discard").click()
    expect(ines.locator("#toasts")).to_contain_text("is gone")

    expect(ines.locator("#kept-words")).to_contain_text("Words of the closed tab")


def test_an_open_tab_keeps_its_words_to_itself(
    own_screens: Screens, ines: Page
) -> None:
    draft = opened(ines, own_screens, "draft")
    number = int(draft.get_attribute("data-card") or 0)
    before = field(draft).input_value()
    writing = ines.context.new_page()
    writing.goto(f"{own_screens.address}/posts/{number}")
    ines.context.set_offline(True)
    field(writing.locator("[data-card]")).fill("Being written")
    ines.bring_to_front()
    ines.evaluate("Object.defineProperty(navigator, 'onLine', { get: () => true })")
    ines.wait_for_timeout(10_000)  # as long as words of a closed tab would take

    expect(field(draft)).to_have_value(before)


def test_a_reload_takes_no_words_that_another_tab_still_has_in_hand(
    own_screens: Screens, ines: Page
) -> None:
    draft = opened(ines, own_screens, "draft")
    before = field(draft).input_value()
    writing = ines.context.new_page()
    writing.route("**/write", lambda route: route.abort())
    writing.goto(ines.url)
    field(writing.locator("[data-card]").first).fill("Not saved, and in hand")
    expect(writing.locator(".saved").first).to_contain_text("Not saved yet")
    ines.bring_to_front()
    ines.wait_for_timeout(4_000)  # older than what is on its way from another tab

    ines.reload()
    ines.wait_for_timeout(5_000)  # as long as words of a closed tab would take
    expect(field(draft)).to_have_value(before)
    writing.close()
    ines.reload()

    expect(field(draft)).to_have_value("Not saved, and in hand")


def test_a_discarded_copy_comes_back_with_its_very_last_letter(
    own_screens: Screens, ines: Page
) -> None:
    card = opened(ines, own_screens, "scheduled")
    field(card).fill("Half a sent")
    saved(card)
    ines.evaluate(TYPES_AND_DISCARDS)
    expect(ines.locator("#toasts")).to_contain_text("is gone")
    ines.locator("#toasts").get_by_role("button", name="Undo").click()

    expect(ines.locator("#toasts")).to_contain_text("is back")
    expect(field(card)).to_have_value("Half a sentence")


TYPES_AND_DISCARDS = """() => {
  const field = document.querySelector(".writer textarea");
  field.focus();
  document.execCommand("selectAll");
  document.execCommand("insertText", false, "Half a sentence");
  document.querySelector(".copy button").click();
}"""


def test_send_now_sends_what_stands_on_the_page(
    own_screens: Screens, ines: Page
) -> None:
    card = opened(ines, own_screens, "scheduled")
    number = int(card.get_attribute("data-card") or 0)
    field(card).fill("Typed, and sent at once")
    ines.get_by_role("button", name="Send now").click()
    expect(ines.locator("#toasts")).to_contain_text("Going out.")

    post = look_up(own_screens.desk, number)
    assert (post.text, post.copies) == ("Typed, and sent at once", [])


def test_a_channels_words_are_there_after_signing_in(
    own_screens: Screens, ines: Page
) -> None:
    here = f"{own_screens.address}/channels/{own_screens.room.channel}/words"
    ines.goto(here)
    sign_out(own_screens)
    ines.get_by_label("Never use").fill("Crime, Opinion")
    ines.goto(f"{own_screens.address}/queue")
    sign_in(ines)
    ines.goto(here)

    expect(ines.get_by_label("Never use")).to_have_value("Crime, Opinion")
    ines.get_by_role("button", name="Save").click()
    expect(ines.locator("#toasts")).to_contain_text("Saved.")
    wait_until_nothing_is_kept(ines)


SMALL = {  # a page, its field by its label
    "what is live": ("/posts/{room.unconfirmed}", "Its link there"),
    "a channel": ("/channels/{room.channel}", "Name"),
    "the desk": ("/settings", "Name"),
    "an invitation": ("/team", "Email"),
}


@pytest.mark.parametrize("which", SMALL)
def test_the_small_fields_of_forms_are_there_after_signing_in(
    own_screens: Screens, ines: Page, which: str
) -> None:
    path, label = SMALL[which]
    here = own_screens.address + path.format(room=own_screens.room)
    ines.goto(here)
    sign_out(own_screens)
    ines.get_by_label(label, exact=True).fill("typed@saltmere.example")
    ines.goto(f"{own_screens.address}/queue")
    sign_in(ines)
    ines.goto(here)

    typed = ines.get_by_label(label, exact=True)
    expect(typed).to_have_value("typed@saltmere.example")


def test_what_a_form_was_refused_for_is_kept_all_the_same(
    own_screens: Screens, ines: Page
) -> None:
    here = f"{own_screens.address}/channels/{own_screens.room.channel}/words"
    ines.goto(here)
    ines.get_by_label("Template").fill("{nonsense}")
    ines.get_by_role("button", name="Save").click()
    expect(ines.locator(".wrong").first).to_be_visible()
    ines.goto(f"{own_screens.address}/queue")
    ines.goto(here)

    kept = ines.locator("#kept-words")
    expect(kept.locator("mark")).to_have_text("{nonsense}")
    kept.get_by_role("button", name="Put it in").click()
    expect(ines.get_by_label("Template")).to_have_value("{nonsense}")


def test_times_of_kept_words_are_the_newsrooms(
    chromium: Browser, own_screens: Screens
) -> None:
    context = chromium.new_context(timezone_id="America/New_York")
    cookie = {"name": "desk", "value": own_screens.token, "url": own_screens.address}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    card = opened(page, own_screens, "draft")
    here = page.url
    context.set_offline(True)
    field(card).fill("Typed in a tunnel")
    next_tab = context.new_page()
    page.close()
    next_tab.context.set_offline(False)
    next_tab.add_init_script("window.brought = []; " + TELLS_WHAT_WAS_BROUGHT)
    next_tab.goto(here)
    expect(field(next_tab.locator("[data-card]").first)).to_have_value(
        "Typed in a tunnel"
    )

    now = datetime.now(ZoneInfo("Europe/Rome"))
    expect(next_tab.locator("html")).to_have_attribute("data-brought", "1")
    told = next_tab.evaluate("window.brought")
    clocks = [f"{now - timedelta(minutes=ago):%H:%M} Europe/Rome" for ago in (0, 1)]
    assert any(told == [f"Brought back what you typed at {clock}"] for clock in clocks)
    context.close()


TELLS_WHAT_WAS_BROUGHT = """
new MutationObserver(() => {
  const told = document.querySelector(".saved")?.textContent ?? "";
  const last = window.brought.at(-1);
  if (told.startsWith("Brought") && told !== last) window.brought.push(told);
  document.documentElement.dataset.brought = window.brought.length;
}).observe(document, { childList: true, subtree: true, characterData: true });
"""


def test_a_browser_that_keeps_nothing_says_so(own_screens: Screens, ines: Page) -> None:
    ines.add_init_script("delete Window.prototype.indexedDB; delete self.indexedDB;")
    card = opened(ines, own_screens, "scheduled")
    field(card).press_sequentially("!")

    expect(ines.locator("#kept-words")).to_contain_text("This browser keeps nothing")
    saved(card)


def test_passwords_are_never_kept(own_screens: Screens, ines: Page) -> None:
    ines.goto(f"{own_screens.address}/you")
    ines.locator("input[type=password]").first.fill("a password to be forgotten")
    ines.goto(f"{own_screens.address}/queue")

    assert kept_in(ines) == []


def wait_until_nothing_is_kept(page: Page) -> None:
    """The browser forgets in a transaction of its own, once the desk has it."""
    for _ in range(200):
        if not kept_in(page):
            return
        page.wait_for_timeout(50)
    raise AssertionError(kept_in(page))


def kept_in(page: Page) -> list[object]:
    found: list[object] = page.evaluate(ALL_WORDS)
    return found


ALL_WORDS = """() => new Promise((resolve, reject) => {
  const asked = indexedDB.open("standfirst");
  asked.onerror = () => reject(asked.error);
  asked.onsuccess = () => {
    const all = asked.result.transaction("words").objectStore("words").getAll();
    all.onsuccess = () => resolve(all.result);
  };
})"""


@AUTOSAVED
def test_a_desk_that_starts_anew_gets_every_word(
    chromium: Browser, built: None, tmp_path: Path, autosaved: bool
) -> None:
    settings = settings_in(tmp_path / "home", "Europe/Rome")
    upgrade(settings)
    desk = Desk.open(settings, CONNECTORS)
    post_id = make_post(desk, make_channel(desk))
    own = Newsroom(0, post_id, 0, 0, 0, 0)
    with ExitStack() as browser:
        with opened_desk(settings, desk, own) as screens:
            set_password(screens)
            page = browser.enter_context(signed_in(chromium, screens))
            card = opened(page, screens, "scheduled")
            if autosaved:
                field(card).fill("Begun")
                saved(card)
        field(card).fill("Typed while the desk was away")
        expect(card.locator(".saved")).to_contain_text("Not saved yet")
        sign_out(screens)
        with opened_desk(settings, desk, own):
            page.locator("#signed-out").get_by_role("link", name="Sign in").click()
            sign_in(page)

            expect(field(card)).to_have_value("Typed while the desk was away")
            wait_until_the_desk_has(
                page, screens, post_id, "Typed while the desk was away"
            )


def test_two_tabs_of_one_person_lose_no_words_of_either(
    own_screens: Screens, ines: Page
) -> None:
    card = opened(ines, own_screens, "scheduled")
    here, before = ines.url, field(card).input_value()
    other, again = ines.context.new_page(), ines.context.new_page()
    beside = opened(other, own_screens, "scheduled")
    field(card).fill("Typed in the first")
    saved(card)
    field(card).fill("Typed in the first, and on")
    saved(card)
    field(beside).fill("Typed in the second")

    conflict = other.get_by_role("alert", name="Conflict")
    expect(conflict).to_contain_text("in another tab")
    expect(conflict).to_contain_text("Typed in the first, and on")
    assert words_of(own_screens, card) == [before, "Typed in the first, and on"]
    ines.close()
    other.close()
    again.goto(here)
    expect(field(again.locator("[data-card]"))).to_have_value(
        "Typed in the first, and on"
    )
    expect(again.locator("#kept-words")).to_contain_text("Typed in the second")


def test_of_the_words_of_two_tabs_the_newest_are_kept(
    own_screens: Screens, ines: Page
) -> None:
    card = opened(ines, own_screens, "scheduled")
    before = field(card).input_value()
    other = ines.context.new_page()
    beside = opened(other, own_screens, "scheduled")
    field(card).fill("Typed in the first")
    saved(card)
    field(beside).fill("Typed in the second")
    conflict = other.get_by_role("alert", name="Conflict")
    expect(conflict).to_be_visible()
    field(beside).press_sequentially(", longer")
    expect(conflict).to_contain_text("longer")
    conflict.get_by_role("button", name="Keep this one").click()

    expect(conflict).to_have_count(0)
    expect(field(beside)).to_have_value("Typed in the second, longer")
    assert words_of(own_screens, beside) == [before, "Typed in the second, longer"]
