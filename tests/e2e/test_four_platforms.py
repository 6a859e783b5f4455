"""A pasted link, two actions, four platforms: read back on the other side of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from connectors import installed, paper
from connectors.paper import PaperPost
from desk import channels
from desk.config import Settings
from desk.desk import Desk
from tests.e2e.conftest import paste
from tests.e2e.newsroom import STORIES, drawn
from tests.e2e.running import Running
from tests.e2e.test_the_road import sign_in
from tests.factories import now_of
from tests.fakes.mastodon import MastodonFake
from tests.fakes.platform import FakePlatform, Seen
from tests.fakes.x import XFake
from tests.testbeds.pds import Pds, running_pds
from tests.unit.reading.site import Site

HEADLINE, STANDFIRST, _, AUTHOR, PALETTE, PARAGRAPHS = STORIES[0]
ALT = "The ferry at her berth in the morning"
CREDIT = "Ana Reil"


@dataclass(frozen=True)
class World:
    """A news site, a desk, and the platforms that its channels are on."""

    running: Running
    link: str
    mastodon: MastodonFake
    x: XFake
    pds: Pds

    def on_paper(self) -> list[PaperPost]:
        return paper.posts(self.running.home / "paper")


@pytest.fixture
def world(built: None, tmp_path: Path) -> Iterator[World]:
    with (
        Site() as site,
        MastodonFake() as mastodon,
        XFake() as x,
        running_pds(tmp_path / "pds") as pds,
        Running(tmp_path / "home", STANDFIRST_FETCH_ALLOW=site.origin) as running,
    ):
        link = publish_story(site)
        running.sign_in_link()
        settings = Settings(home=running.home, database_url="", redis_url="")
        desk = Desk.open(settings, installed())
        for platform, name, credentials in (
            ("mastodon", "Mastodon", mastodon.credentials()),
            ("x", "X", x.credentials()),
            ("bluesky", "Bluesky", pds.credentials()),
        ):
            channels.add(desk, platform, name, credentials, now_of(desk))
        desk.db.engine.dispose()
        yield World(running, link, mastodon, x, pds)


@pytest.mark.timeout(180)
def test_a_pasted_link_goes_to_four_platforms_in_two_actions(
    chromium: Browser, world: World
) -> None:
    page = chromium.new_page()
    sign_in(page, world.running)

    paste(page, world.link)
    publish = page.get_by_role("button", name="Publish now on 4")
    expect(publish).to_be_visible()
    publish.click()

    expect(page.get_by_text("Paper: live")).to_be_visible()
    _wait_for_all(page, world)
    _shows_the_story(world, world.mastodon)
    _shows_the_story(world, world.x)
    _is_on_paper(world)
    _is_in_the_repository(world)


@pytest.mark.timeout(180)
def test_every_channel_writes_in_its_own_way(chromium: Browser, world: World) -> None:
    page = chromium.new_page()
    sign_in(page, world.running)
    for channel in ("Mastodon", "X", "Bluesky"):
        _write_like_this(page, world.running.address, channel)

    paste(page, world.link)
    publish = page.get_by_role("button", name="Publish now on 4")
    expect(publish).to_be_visible()
    publish.click()
    _wait_for_all(page, world, many=2)

    for platform in (world.mastodon, world.x):
        post, reply = platform.published()
        assert f"Photo: {CREDIT}" in post.text
        assert "#HarbourFerries" in post.text
        assert (post.link, post.alts) == (None, (f"{ALT} ({CREDIT})",))
        assert "http" not in post.text
        assert _tagged(_link_of(reply), world.link)
    records = world.pds.records()
    [record, behind] = sorted(records, key=lambda record: "reply" in record)
    assert "#HarbourFerries" in record["text"]
    assert "images" in record["embed"]["$type"]
    assert _tagged(behind["embed"]["external"]["uri"], world.link)


def _write_like_this(page: Page, address: str, channel: str) -> None:
    page.goto(f"{address}/channels")
    page.get_by_role("link", name=channel, exact=True).first.click()
    page.get_by_role("link", name="Its words").click()
    page.get_by_label("Template").fill("{teaser}\n\nPhoto: {credit}\n\n{hashtags}")
    page.get_by_label("From the article’s topics").select_option("1")
    page.get_by_label("In a first reply").check()
    page.get_by_label("Tag the link").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("Saved")
    page.goto(address)


def _tagged(link: str, whole: str) -> bool:
    """The story's own link, and behind it where its reader came from."""
    mark = "utm_medium=social&utm_campaign=transport&utm_content=post-"
    return link.startswith(f"{whole}?utm_source=") and mark in link


def _wait_for_all(page: Page, world: World, many: int = 1) -> None:
    for _ in range(60):
        live = (
            len(world.mastodon.published()),
            len(world.x.published()),
            len(world.pds.records()),
        )
        if min(live) >= many and world.on_paper():
            return
        page.wait_for_timeout(250)


def _shows_the_story(world: World, platform: FakePlatform) -> None:
    [seen] = platform.published()
    assert _link_of(seen) == world.link
    assert seen.alts == (f"{ALT} ({CREDIT})",)
    assert _teaser(seen)


def _link_of(seen: Seen) -> str:
    """X makes no link of a site without a name: then its address is among the words."""
    return seen.link or next(
        (word for word in reversed(seen.text.split()) if word.startswith("http")), ""
    )


def _teaser(seen: Seen) -> bool:
    return len(seen.text.split("http")[0].split()) > 5


def _is_on_paper(world: World) -> None:
    [post] = world.on_paper()
    [image] = post.images
    assert (post.link, image.alt, image.credit) == (world.link, ALT, CREDIT)
    assert len(post.text.split()) > 5


def _is_in_the_repository(world: World) -> None:
    """Not by our own records: as the server holds it."""
    record: dict[str, Any]
    [record] = world.pds.records()
    [image] = record["embed"]["images"]
    features = [one for facet in record["facets"] for one in facet["features"]]
    assert image["alt"] == f"{ALT} ({CREDIT})"
    assert world.pds.blob(image["image"]["ref"]["$link"])[:3] == b"\xff\xd8\xff"
    assert {"$type": "app.bsky.richtext.facet#link", "uri": world.link} in features
    assert len(record["text"].split()) > 5


def publish_story(site: Site) -> str:
    """The story on a news site, with all that the desk reads of a page."""
    assert PALETTE is not None
    picture = site.gives("/ferry.jpg", drawn(PALETTE), "image/jpeg")
    link = site.url("/ferry")
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    site.gives(
        "/ferry",
        f"""<!doctype html><html lang="en"><head><title>{HEADLINE}</title>
        <meta property="og:title" content="{HEADLINE}">
        <meta property="og:description" content="{STANDFIRST}">
        <meta property="og:image" content="{picture}">
        <meta property="article:tag" content="Harbour ferries">
        <meta property="article:section" content="Transport">
        <meta name="author" content="{AUTHOR}"><link rel="canonical" href="{link}">
        </head><body><article><h1>{HEADLINE}</h1>
        <figure><img src="{picture}" alt="{ALT}" width="1200" height="800">
        <figcaption>The ferry at her berth. Photo: {CREDIT}</figcaption></figure>
        {body}</article></body></html>""".encode(),
    )
    return link
