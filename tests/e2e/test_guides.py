"""The pictures of the guides, taken of the desk itself: `make pictures` keeps them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from desk import db, people
from desk.models.people import Role
from tests.e2e.conftest import PICTURES, Screens, serving, signed_in
from tests.e2e.newsroom import STORIES, Newsroom

DOCS = Path(__file__).resolve().parents[2] / "docs"
WIDE, PHONE = (1280, 800), (390, 844)


@dataclass(frozen=True)
class Shot:
    """One picture: which page, how large, and who looks at it."""

    path: Callable[[Newsroom], str]
    size: tuple[int, int] = WIDE
    analyst: bool = False
    before: Callable[[Page], None] = lambda page: None  # what is done first


def fill_in_the_words(page: Page) -> None:
    page.get_by_label("Template").fill("{teaser}\n\nPhoto: {credit}\n\n{hashtags}")
    page.get_by_label("From the article’s topics").select_option("1")
    page.get_by_label("Mentions").fill("Tomas Reil = @reil")
    page.get_by_label("Tag the link").check()
    expect(page.locator("#example")).to_contain_text("utm_source")
    page.get_by_role("heading", name="The text").click()  # nothing has the focus


def write_a_thread(page: Page) -> None:
    page.keyboard.press("Alt+Digit1")
    card = page.locator(".panel:visible")
    paragraphs = STORIES[0][-1]
    card.locator("textarea").first.fill("\n\n".join(paragraphs[:3]))
    card.get_by_role("button", name="Make it a thread").click()
    expect(page.get_by_role("group", name="Part 2 of")).to_be_visible()
    expect(page.locator("#fixes")).to_be_empty()


def say_something(page: Page) -> None:
    page.get_by_label("Your comment").fill("The count is final: nine to six.")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator("#comments-list")).to_contain_text("nine to six")
    expect(page.locator("#share-went")).to_contain_text("nine to six")
    page.get_by_role("heading", name="Posts").click()  # nothing has the focus


SHOTS = {
    "inbox": Shot(lambda room: "/"),
    "compose": Shot(lambda room: f"/articles/{room.to_compose}"),
    "compose-phone": Shot(lambda room: f"/articles/{room.to_compose}", PHONE),
    "queue": Shot(lambda room: "/queue"),
    "calendar": Shot(lambda room: "/calendar"),
    "needs": Shot(lambda room: "/needs"),
    "needs-phone": Shot(lambda room: "/needs", PHONE),
    "post": Shot(lambda room: f"/posts/{room.failed}"),
    "status": Shot(lambda room: "/status"),
    "channels": Shot(lambda room: "/channels"),
    "words": Shot(
        lambda room: f"/channels/{room.channel}/words", before=fill_in_the_words
    ),
    "analyst-status": Shot(lambda room: "/status", analyst=True),
    "analyst-records": Shot(lambda room: "/records", analyst=True),
    "thread": Shot(lambda room: f"/articles/{room.to_compose}", before=write_a_thread),
    "analyst-post": Shot(lambda room: f"/posts/{room.published}", analyst=True),
    "share": Shot(
        lambda room: f"/shares/{room.share_live}/posts", before=say_something
    ),
}


CITIES = (
    "Atlantic/Azores",
    "Europe/Rome",
    "Asia/Dubai",
    "Asia/Bangkok",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Pacific/Honolulu",
    "America/Denver",
    "America/Sao_Paulo",
)


def where_it_is_afternoon(now: datetime) -> str:
    """So that the pictures show a day's work, whenever they are taken."""
    return min(CITIES, key=lambda city: abs(now.astimezone(ZoneInfo(city)).hour - 13.5))


@pytest.fixture(scope="module")
def editor(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    home = tmp_path_factory.mktemp("guides") / "home"
    with serving(home, where_it_is_afternoon(datetime.now(UTC))) as found:
        yield found


@pytest.fixture(scope="module")
def analyst(editor: Screens) -> Screens:
    """The same desk, signed in as someone who only reads."""
    with editor.desk.db.writing() as session:
        now = db.now(session)
        user, _ = people.invite(
            session, "noor@saltmere.example", "Noor Halvard", Role.ANALYST, now
        )
        token = people.begin_session(session, user.id, "Chrome", now)
    return replace(editor, token=token)


IN_SIGHT_ARE_LOADED = """() => Promise.allSettled([...document.images]
  .filter((image) => image.checkVisibility())
  .filter((image) => image.getBoundingClientRect().top < innerHeight)
  .map((image) => image.decode()))"""


@pytest.mark.parametrize("name", SHOTS)
def test_a_picture_of_the_guides_can_be_taken(
    chromium: Browser, editor: Screens, analyst: Screens, name: str
) -> None:
    shot = SHOTS[name]
    folder = Path(os.environ.get("STANDFIRST_PICTURES", "") or PICTURES / "guides")
    folder.mkdir(parents=True, exist_ok=True)
    seen = analyst if shot.analyst else editor

    with signed_in(chromium, seen, *shot.size) as page:
        answer = page.goto(seen.address + shot.path(seen.room))
        shot.before(page)
        page.evaluate("document.fonts.ready")
        page.evaluate(IN_SIGHT_ARE_LOADED)
        page.screenshot(path=folder / f"{name}.png")

    assert answer is not None
    assert answer.status == 200
    assert (folder / f"{name}.png").stat().st_size > 10_000


def test_the_guides_show_these_pictures_and_no_others() -> None:
    linked = {
        name
        for page in ("guide.md", "analysts.md")
        for name in re.findall(
            r"\]\(pictures/([\w-]+)\.png\)", (DOCS / page).read_text()
        )
    }
    kept = {path.stem for path in (DOCS / "pictures").glob("*.png")}

    assert linked == set(SHOTS)
    assert kept == set(SHOTS)
