"""A newcomer's first minutes: paste an article, press Schedule, watch it go live."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.databases import Postgres
from tests.e2e.conftest import paste
from tests.e2e.running import Running

ARTICLE = Path(__file__).parents[1] / "articles" / "ferry_en.txt"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return ""
    server: Postgres = request.getfixturevalue("postgres")
    return server.fresh()


@pytest.mark.timeout(180)
def test_a_pasted_article_goes_out_in_two_actions(
    chromium: Browser, built: None, tmp_path: Path, database_url: str
) -> None:
    article = ARTICLE.read_text()
    headline = article.splitlines()[0]
    with Running(tmp_path / "home", database_url) as running:
        page = chromium.new_page()
        sign_in(page, running)

        paste(page, article)
        expect(page.get_by_role("heading", name=headline)).to_be_visible()
        page.get_by_role("button", name="Publish now on 1").click()

        expect(page.get_by_text("Paper: live")).to_be_visible()
        page.goto(f"{running.address}/paper")
        expect(page.get_by_role("article")).to_have_count(1)


def sign_in(page: Page, running: Running) -> None:
    page.goto(running.sign_in_link())
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Paste an article")).to_be_focused()
