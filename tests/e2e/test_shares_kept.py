"""Nothing typed for all channels is lost: two people, no sign-in, no network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from desk import db, scheduling
from desk.lifecycle import State
from desk.models import Post, Share
from desk.scheduling import At
from tests.e2e.composing import for_all, opened
from tests.e2e.conftest import Screens, signed_in
from tests.e2e.test_keeping import (
    colleague,
    crash,
    set_password,
    sign_in,
    sign_out,
)
from tests.factories import look_up


@pytest.fixture
def ines(chromium: Browser, own_screens: Screens) -> Iterator[Page]:
    """The admin, who has a password."""
    set_password(own_screens)
    with signed_in(chromium, own_screens) as page:
        yield page


def saved(page: Page) -> None:
    expect(page.locator("#saved-share")).to_contain_text("Saved")


def said(screens: Screens, its: list[Post]) -> set[str]:
    return {look_up(screens.desk, post.id).text for post in its}


def wait_until_the_desk_says(
    page: Page, screens: Screens, its: list[Post], text: str
) -> None:
    for _ in range(200):
        if said(screens, its) == {text}:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"the desk never got {text!r}")


def link_of(screens: Screens, its: list[Post]) -> str | None:
    with screens.desk.db.reading() as session:
        return session.get_one(Share, its[0].share_id).link


def give_a_time(screens: Screens, its: list[Post]) -> None:
    desk = screens.desk
    with desk.db.writing() as session:
        now = db.now(session)
        due = At(now + timedelta(hours=3))
        for post in its:
            scheduling.schedule(desk, session, post.id, due, now=now)


def test_two_people_in_one_text_see_both_and_keep_the_newest_letter(
    chromium: Browser, own_screens: Screens, ines: Page
) -> None:
    with colleague(chromium, own_screens, "Ben") as ben:
        its = opened(ines, own_screens)
        opened(ben, own_screens)
        for_all(ines).fill("Ines's correction")
        saved(ines)
        for_all(ben).fill("Ben's words")

        conflict = ben.get_by_role("alert", name="Conflict")
        expect(conflict).to_contain_text("Ines's correction")
        assert said(own_screens, its) == {"Ines's correction"}
        for_all(ben).press("Control+End")
        for_all(ben).press_sequentially(", longer")
        conflict.get_by_role("button", name="Keep mine").click()
        expect(conflict).to_have_count(0)
        assert said(own_screens, its) == {"Ben's words, longer"}


def test_taking_what_is_saved_ends_ones_own_words(
    chromium: Browser, own_screens: Screens, ines: Page
) -> None:
    with colleague(chromium, own_screens, "Ben") as ben:
        its = opened(ines, own_screens)
        opened(ben, own_screens)
        for_all(ines).fill("Ines's correction")
        saved(ines)
        for_all(ben).fill("Ben's words")
        ben.get_by_role("button", name="Keep theirs").click()

        expect(for_all(ben)).to_have_value("Ines's correction")
        expect(ben.locator("#kept-words")).to_be_hidden()
        assert said(own_screens, its) == {"Ines's correction"}


def test_two_people_in_two_fields_are_merged_while_both_type(
    chromium: Browser, own_screens: Screens, ines: Page
) -> None:
    with colleague(chromium, own_screens, "Ben") as ben:
        its = opened(ines, own_screens)
        opened(ben, own_screens)
        ben.get_by_label("Link, once for all").fill("https://paper.example/ben")
        ben.get_by_label("Link, once for all").blur()
        saved(ben)
        for_all(ines).fill("Ines's text")
        saved(ines)

        assert said(own_screens, its) == {"Ines's text"}
        assert link_of(own_screens, its) == "https://paper.example/ben"


def test_words_typed_while_signed_out_are_there_after_signing_in(
    own_screens: Screens, ines: Page
) -> None:
    its = opened(ines, own_screens)
    here = ines.url
    sign_out(own_screens)
    for_all(ines).fill("Every word of it")
    expect(ines.locator("#signed-out")).to_be_visible()
    ines.locator("#signed-out").get_by_role("link", name="Sign in").click()
    sign_in(ines)

    expect(ines).to_have_url(here)
    expect(for_all(ines)).to_have_value("Every word of it")
    wait_until_the_desk_says(ines, own_screens, its, "Every word of it")


def test_what_was_typed_offline_is_saved_once_online_whatever_was_pressed(
    own_screens: Screens, ines: Page
) -> None:
    its = opened(ines, own_screens)
    ines.context.set_offline(True)
    for_all(ines).fill("Typed offline")
    for button in ("#go-main", "#go-now"):
        expect(ines.locator(button)).to_have_attribute("aria-disabled", "true")
        ines.locator(button).click(force=True)
    ines.keyboard.press("Control+Enter")
    expect(ines.locator("#needs-connection")).to_contain_text("Needs the connection")
    expect(ines.locator("#saved-share")).to_contain_text("kept in this browser")
    ines.context.set_offline(False)

    wait_until_the_desk_says(ines, own_screens, its, "Typed offline")
    for button in ("#go-main", "#go-now"):
        expect(ines.locator(button)).not_to_have_attribute("aria-disabled", "true")
    assert {look_up(own_screens.desk, one.id).state for one in its} == {State.DRAFT}


def test_a_crashed_tab_is_made_good_from_any_page(
    own_screens: Screens, ines: Page
) -> None:
    its = opened(ines, own_screens)
    ines.context.route("**/shares/*/write", lambda route: route.abort())
    for_all(ines).fill("Words of a tab that is gone")
    expect(ines.locator("#saved-share")).to_contain_text("Not saved yet")
    crash(ines)
    ines.context.unroute("**/shares/*/write")
    other = ines.context.new_page()
    other.goto(f"{own_screens.address}/channels")

    wait_until_the_desk_says(other, own_screens, its, "Words of a tab that is gone")
    other.close()


def test_a_save_of_a_share_that_has_its_time_waits_for_a_person(
    own_screens: Screens, ines: Page
) -> None:
    its = opened(ines, own_screens)
    ines.get_by_label("Pick a time").check()
    ines.locator(f"#time-{its[0].id}").click()
    ines.get_by_label(f"Goes out on {its[0].channel.name}", exact=True).uncheck()
    ines.locator("#go-main").click()
    expect(ines.locator("#toasts")).to_contain_text("Scheduled on")
    opened(ines, own_screens)
    before = look_up(own_screens.desk, its[1].id).text
    for_all(ines).fill("Typed over what is scheduled")
    expect(ines.locator("#saved-share")).to_contain_text("Kept in this browser")

    assert look_up(own_screens.desk, its[1].id).text == before
    ines.get_by_role("button", name="Save", exact=True).click()
    wait_until_the_desk_says(ines, own_screens, its, "Typed over what is scheduled")
    # a browser that is closed while its page is on its way may hang for minutes
    expect(ines.locator("#toasts")).to_contain_text("Saved.")
    assert look_up(own_screens.desk, its[0].id).state == State.DRAFT


def test_words_that_no_autosave_takes_any_more_are_shown_on_the_next_page(
    own_screens: Screens, ines: Page
) -> None:
    its = opened(ines, own_screens)
    expect(for_all(ines)).to_be_visible()
    give_a_time(own_screens, its)  # a colleague's press, meanwhile
    for_all(ines).fill("Typed while all of it was given its time")
    expect(ines.locator("#saved-share")).to_contain_text("Kept in this browser")

    ines.goto(f"{own_screens.address}/needs")

    shown = ines.locator("#kept-words")
    expect(shown).to_contain_text("Typed while all of it", timeout=15_000)
    expect(shown.get_by_role("button", name="Copy")).to_be_visible()
    shown.get_by_role("button", name="Discard").click()
    expect(shown).to_be_hidden()


def test_enter_in_a_time_saves_and_schedules_nothing(
    own_screens: Screens, ines: Page
) -> None:
    its = opened(ines, own_screens)
    for_all(ines).fill("Typed before the time")
    ines.locator(f"#time-{its[0].id}").click()
    ines.locator(f"#at-{its[0].id}").press("Enter")

    wait_until_the_desk_says(ines, own_screens, its, "Typed before the time")
    states = {look_up(own_screens.desk, one.id).state for one in its}
    assert states == {State.DRAFT}
