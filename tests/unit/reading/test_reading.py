"""A link is fetched, all else is the text itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desk.reading import read
from desk.reading.article import Unreadable
from desk.reading.fetching import Fetcher
from desk.reading.links import link_in
from tests.unit.reading.site import Site

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STORY = "The council voted on Monday to repair the old pier before winter comes. " * 3


@pytest.mark.parametrize(
    ("source", "link"),
    [
        ("https://courier.example/pier", "https://courier.example/pier"),
        ("  http://courier.example/pier\n", "http://courier.example/pier"),
        ("courier.example/pier", "https://courier.example/pier"),
        ("www.zürich.example", "https://www.zürich.example"),
        (
            "courier.example:8080/pier?id=7#top",
            "https://courier.example:8080/pier?id=7#top",
        ),
        ("<https://courier.example/pier>", "https://courier.example/pier"),
        ("127.0.0.1/pier", "https://127.0.0.1/pier"),
        ("ftp://courier.example/pier", "ftp://courier.example/pier"),
    ],
)
def test_knows_a_link_with_and_without_its_scheme(source: str, link: str) -> None:
    assert link_in(source) == link


@pytest.mark.parametrize(
    "source",
    [
        "",
        "Pier",
        "Pier.",
        "see courier.example/pier",
        "courier.example/pier\nmore",
        "Town Repairs Its Pier",
        "3.5",
    ],
)
def test_takes_nothing_else_for_a_link(source: str) -> None:
    assert link_in(source) is None


def test_reads_a_page_behind_a_link(site: Site, fetcher: Fetcher) -> None:
    html = f"<html><body><article><h1>Pier</h1><p>{STORY}</p></article>"
    link = site.gives("/pier", html.encode())

    reading = read(link, fetcher, NOW)

    assert reading.headline == "Pier"
    assert reading.link == link


def test_reads_a_plain_text_behind_a_link(site: Site, fetcher: Fetcher) -> None:
    link = site.gives("/pier.txt", f"Pier\n\n{STORY}".encode(), "text/plain")

    reading = read(link, fetcher, NOW)

    assert (reading.headline, reading.identity, reading.link) == ("Pier", link, link)


def test_reads_a_pasted_text_without_going_out(site: Site, fetcher: Fetcher) -> None:
    reading = read(f"Pier\n\n{STORY}", fetcher, NOW)

    assert reading.headline == "Pier"
    assert site.asked == []


def test_a_login_page_in_place_of_the_article_is_said(
    site: Site, fetcher: Fetcher
) -> None:
    form = b"<h1>Welcome back</h1><form><input type=password></form>"
    link = site.gives("/pier", form)

    with pytest.raises(Unreadable, match="asks for a password"):
        read(link, fetcher, NOW)
