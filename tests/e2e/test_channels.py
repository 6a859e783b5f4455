"""Channels, people and the zone in a real browser, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from connectors.base import Unauthorized
from desk import channels, db
from tests.e2e.conftest import PICTURES, Screens, serving, signed_in
from tests.e2e.test_screens import violations
from tests.fakes.scripted import Scripted

PASSWORD = "eleven quiet ferries"


@pytest.fixture(scope="module")
def office(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    """One desk for all of these: each changes a channel or a person of its own."""
    with serving(tmp_path_factory.mktemp("office") / "home") as found:
        yield found


def test_a_channel_is_added_by_mouse(chromium: Browser, office: Screens) -> None:
    with signed_in(chromium, office) as page:
        page.goto(f"{office.address}/channels")
        page.get_by_role("link", name="Add a channel").click()
        page.get_by_role("link", name="Scripted").click()
        page.get_by_label("What the newsroom calls it").fill("Town talk")
        page.get_by_label("Account").fill("town")
        page.get_by_label("Token").fill("hush-hush")
        Scripted.checking.append(Unauthorized("The token is not known."))
        page.get_by_role("button", name="Connect").click()

        expect(page.get_by_role("alert")).to_contain_text("The token is not known.")
        expect(page.get_by_role("alert")).to_be_focused()
        expect(page.get_by_label("Account")).to_have_value("town")
        expect(page.get_by_label("Token")).to_have_value("")
        assert violations(page) == []

        page.get_by_label("Token").fill("right")
        page.get_by_role("button", name="Connect").click()
        expect(
            page.get_by_role("heading", name="Town talk is connected")
        ).to_be_visible()
        assert violations(page) == []
        page.get_by_role("link", name="Add weekly times").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Town talk")


def test_a_channel_is_added_by_keyboard(chromium: Browser, office: Screens) -> None:
    with signed_in(chromium, office, width=390, height=844) as page:
        page.goto(f"{office.address}/channels/add/scripted")
        expect(page.get_by_label("What the newsroom calls it")).to_be_focused()
        page.keyboard.type("By keys")
        page.keyboard.press("Tab")
        page.keyboard.press("Control+A")
        page.keyboard.type("keys")
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", name="By keys is connected")).to_be_visible()


def test_a_channel_is_held_lifted_retired_and_brought_back(
    chromium: Browser, office: Screens
) -> None:
    with office.desk.db.reading() as session:
        now = db.now(session)
    channel = channels.add(office.desk, "scripted", "Old news", {"account": "old"}, now)
    with signed_in(chromium, office) as page:
        page.goto(f"{office.address}/channels/{channel}")
        page.get_by_label("Hold this channel").fill("Recount")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Held since")).to_contain_text("Recount")
        page.locator("#main").get_by_role("button", name="Lift the hold").click()
        expect(page.locator("#toasts")).to_contain_text("lifted")
        page.get_by_text("Set this by hand").click()
        page.get_by_label("Never twice", exact=False).first.check()
        assert violations(page) == []
        page.get_by_role("button", name="Save this").click()
        expect(page.get_by_text("Set by an admin.")).to_be_visible()
        page.get_by_role("button", name="Retire Old news").click()
        expect(page.locator("#toasts")).to_contain_text("Old news is retired")
        page.locator("#toasts").get_by_role("button", name="Undo").click()

        expect(page.locator("#toasts")).to_contain_text("back in use")


def test_another_account_needs_its_name_typed(
    chromium: Browser, office: Screens
) -> None:
    with office.desk.db.writing() as session:
        stopped = channels.find_channel_named(session, "Gazette")
        channels.stop(stopped, "It was revoked.", db.now(session))
        gazette = stopped.id
    with signed_in(chromium, office) as page:
        page.goto(f"{office.address}/channels")
        expect(page.locator(f"#channel-{gazette}")).to_contain_text("It was revoked.")
        page.get_by_role("link", name="Reconnect Gazette").click()
        expect(page.get_by_label("Token")).to_have_attribute(
            "placeholder", "Kept; enter to replace"
        )
        page.get_by_label("Account").fill("rival")
        page.get_by_role("button", name="Reconnect").click()
        expect(page.get_by_role("alert")).to_contain_text("belongs to rival")
        assert violations(page) == []
        page.get_by_label("Type rival").fill("rival")
        page.keyboard.press("Enter")

        expect(page.locator("#toasts")).to_contain_text("is connected as rival")


def test_an_invited_person_comes_in_with_a_password_of_their_own(
    chromium: Browser, office: Screens
) -> None:
    with signed_in(chromium, office) as page:
        page.goto(f"{office.address}/team")
        page.get_by_label("Email").fill("noor@paper.org")
        page.get_by_label("Name").fill("Noor")
        page.keyboard.press("Enter")
        shown = page.get_by_label("One-time link for Noor")
        link = shown.input_value()
        page.get_by_role("button", name="Copy the link").click()
        assert violations(page) == []
        page.screenshot(path=PICTURES / "team-invited.png")
        came_in(chromium, link)
        page.reload()
        expect(shown).to_have_count(0)

        page.get_by_label("Role of Noor Halvard").select_option("analyst")
        expect(page.locator("#toasts")).to_contain_text("is an analyst")
        page.locator("summary", has_text="More about Noor Halvard").press("Enter")
        page.get_by_role("button", name="Disable").click()
        expect(page.locator("#toasts")).to_contain_text("can't sign in any more")


def came_in(chromium: Browser, link: str) -> None:
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(link)
        expect(page.get_by_label("A password")).to_be_focused()
        page.keyboard.type(PASSWORD)
        page.get_by_label("Your name").fill("Noor Halvard")
        assert violations(page) == []
        page.keyboard.press("Enter")
        expect(page.get_by_label("Paste an article")).to_be_visible()


def test_the_zone_is_searched_changed_and_undone(
    chromium: Browser, office: Screens
) -> None:
    with signed_in(chromium, office) as page:
        page.goto(f"{office.address}/settings")
        page.get_by_label("Search for a city").fill("sao paulo")
        expect(page.locator("#zone option")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.locator("#toasts")).to_contain_text("America/Sao_Paulo")
        for screen in ("/queue", "/calendar", "/status"):
            page.goto(office.address + screen)
            expect(page.locator(".clock")).to_contain_text("America/Sao_Paulo")
            assert "CET" not in page.locator("main").inner_text()

        page.goto(f"{office.address}/settings")
        page.locator("#zone").select_option("Europe/Rome")
        page.get_by_role("button", name="Change the zone").click()
        page.locator("#toasts").get_by_role("button", name="Undo").click()
        expect(page.locator(".clock")).to_contain_text("America/Sao_Paulo")
