"""A real Chromium, a believable newsroom, and both of the desk's web processes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    expect,
    sync_playwright,
)

from connectors.paper import Paper
from desk import db, people
from desk.config import Settings
from desk.desk import Desk
from desk.migrating import upgrade
from tests.databases import free_port
from tests.e2e.newsroom import Newsroom, open_newsroom
from tests.fakes.scripted import Scripted
from tests.serving import served
from tests.warmth import warmed
from web import assets, create_app, live

CONNECTORS = {"scripted": Scripted, "paper": Paper}
STEADY = (
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-dev-shm-usage",
    "--disable-gpu",
)
PICTURES = Path(__file__).parent / "pictures"
PATIENCE_MS = 20_000  # on a busy machine; what is there is seen at once

expect.set_options(timeout=PATIENCE_MS)

Theme = Literal["light", "dark"]


@dataclass(frozen=True)
class Screens:
    """A desk to look at: where it is, whose sign-in to use, and what is on it."""

    address: str
    token: str
    room: Newsroom
    desk: Desk


@dataclass(frozen=True)
class Seeded:
    """A filled home folder, and what the scripted platform has published by then."""

    home: Path
    room: Newsroom
    has: dict[str, tuple[str, str]]


def chromium_path() -> str:
    """The one without windows first: it computes half as much for the same pages."""
    if named := os.environ.get("STANDFIRST_CHROMIUM", ""):
        return named
    for name in ("chromium-headless-shell", "chromium", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("There is no Chromium here: 'make test' installs it")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*STEADY])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def built() -> None:
    """The front end, built where it is older than its sources."""
    assets.build()


@pytest.fixture(scope="session")
def screens(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    """One seeded desk for every test that only looks."""
    home = tmp_path_factory.mktemp("newsroom")
    with serving(home / "home") as found:
        yield found


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Seeded:
    """A newsroom to copy: filling one takes longer than most tests."""
    home = tmp_path_factory.mktemp("seeded") / "home"
    Scripted.reset()
    settings = settings_in(home, "Europe/Rome")
    upgrade(settings)
    desk = Desk.open(settings, CONNECTORS)
    room = open_newsroom(desk)
    desk.db.engine.dispose()
    return Seeded(home, room, dict(Scripted.has))


@pytest.fixture
def own_screens(built: None, seeded: Seeded, tmp_path: Path) -> Iterator[Screens]:
    """A seeded desk that this test may change."""
    settings, desk = moved_in(seeded, tmp_path / "home")
    with opened(settings, desk, seeded.room) as found:
        yield found


def moved_in(seeded: Seeded, home: Path) -> tuple[Settings, Desk]:
    """The newsroom, in a home folder of its own."""
    shutil.copytree(seeded.home, home)
    Scripted.reset()
    Scripted.has.update(seeded.has)
    settings = settings_in(home, "Europe/Rome")
    return settings, Desk.open(settings, CONNECTORS)


@contextmanager
def serving(home: Path, zone_name: str = "Europe/Rome") -> Iterator[Screens]:
    """A desk of its own, filled anew."""
    Scripted.reset()
    settings = settings_in(home, zone_name)
    upgrade(settings)
    desk = Desk.open(settings, CONNECTORS)
    with opened(settings, desk, open_newsroom(desk)) as found:
        yield found


def settings_in(home: Path, zone_name: str) -> Settings:
    return Settings(
        home=home,
        database_url="",
        redis_url="",
        zone_name=zone_name,
        port=free_port(),
        live_port=free_port(),
        public_url="",
    )


@contextmanager
def opened(settings: Settings, desk: Desk, room: Newsroom) -> Iterator[Screens]:
    """Served, with an admin signed in."""
    with desk.db.writing() as session:
        now = db.now(session)
        admin = people.ensure_admin(session, now)
        admin.name = "Ines Marlow"
        agent = "Mozilla/5.0 (X11; Linux x86_64) Chrome/156"
        token = people.begin_session(session, admin.id, agent, now)
    with ExitStack() as stack:
        for app, port in (
            (create_app(settings, desk.connectors), settings.port),
            (live.create_app(settings, desk.connectors), settings.live_port),
        ):
            stack.enter_context(served(warmed(app), port))
        yield Screens(settings.address, token, room, desk)
    desk.db.engine.dispose()


def paste(page: Page, words: str) -> None:
    """Into the field that is ready on the inbox, and Enter."""
    expect(page.get_by_label("Paste an article")).to_be_focused()
    page.keyboard.insert_text(words)
    page.keyboard.press("Enter")


@contextmanager
def signed_in(
    chromium: Browser,
    screens: Screens,
    width: int = 1280,
    height: int = 800,
    theme: Theme = "light",
    javascript: bool = True,
) -> Iterator[Page]:
    """A page of a browser that is signed in; fails on any violation or error."""
    context: BrowserContext = chromium.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,
        reduced_motion="reduce",
        java_script_enabled=javascript,
    )
    context.add_cookies(
        [{"name": "desk", "value": screens.token, "url": screens.address}]
    )
    page = context.new_page()
    troubles: list[str] = []
    page.on(
        "console",
        lambda m: troubles.append(m.text) if "Content Security" in m.text else None,
    )
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield page
    context.close()
    assert troubles == []
