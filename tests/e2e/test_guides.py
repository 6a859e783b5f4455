"""The pictures of the guides, taken of the desk itself: `make pictures` keeps them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from desk import db, people
from desk.models.people import Role
from tests.e2e.conftest import PICTURES, Screens, signed_in
from tests.e2e.newsroom import Newsroom

DOCS = Path(__file__).resolve().parents[2] / "docs"
WIDE, PHONE = (1280, 800), (390, 844)


@dataclass(frozen=True)
class Shot:
    """One picture: which page, how large, and who looks at it."""

    path: Callable[[Newsroom], str]
    size: tuple[int, int] = WIDE
    analyst: bool = False


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
    "analyst-status": Shot(lambda room: "/status", analyst=True),
    "analyst-records": Shot(lambda room: "/records", analyst=True),
    "analyst-post": Shot(lambda room: f"/posts/{room.published}", analyst=True),
}


@pytest.fixture(scope="module")
def analyst(screens: Screens) -> Screens:
    """The same desk, signed in as someone who only reads."""
    with screens.desk.db.writing() as session:
        now = db.now(session)
        user, _ = people.invite(
            session, "noor@saltmere.example", "Noor Halvard", Role.ANALYST, now
        )
        token = people.begin_session(session, user.id, "Chrome", now)
    return replace(screens, token=token)


@pytest.mark.parametrize("name", SHOTS)
def test_a_picture_of_the_guides_can_be_taken(
    chromium: Browser, screens: Screens, analyst: Screens, name: str
) -> None:
    shot = SHOTS[name]
    folder = Path(os.environ.get("STANDFIRST_PICTURES", "") or PICTURES / "guides")
    folder.mkdir(parents=True, exist_ok=True)
    seen = analyst if shot.analyst else screens

    with signed_in(chromium, seen, *shot.size) as page:
        answer = page.goto(seen.address + shot.path(seen.room))
        page.evaluate("document.fonts.ready")
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
