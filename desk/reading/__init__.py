"""Article in: a link or a pasted text becomes a `Reading`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import regex

from desk.reading.article import Block, Kind, Reading, Unreadable
from desk.reading.fetching import Fetcher, Page
from desk.reading.pages import read_page
from desk.reading.text import read_text

__all__ = ["Block", "Fetcher", "Kind", "Page", "Reading", "Unreadable", "read"]

LINK = regex.compile(
    r"(?:[a-z][a-z0-9+.\-]*://\S+"
    r"|(?:[\p{L}\p{N}](?:[\p{L}\p{N}\-]*[\p{L}\p{N}])?\.)+\p{L}{2,}(?::\d+)?(?:[/?#]\S*)?"
    r"|(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])(?::\d+)?(?:[/?#]\S*)?)",
    regex.IGNORECASE,
)


def read(source: str, fetcher: Fetcher, now: datetime) -> Reading:
    """Read what was pasted: one line that is a link is fetched, all else is the text.

    Raises `Unreadable` with a sentence for the editor.
    """
    link = link_in(source)
    if link is None:
        return read_text(source, now)
    page = fetcher.page(link)
    if page.content_type.lower().startswith("text/plain"):
        return _plain(page, now)
    return read_page(page.html, page.url, now, content_type=page.content_type)


def link_in(source: str) -> str | None:
    """The link that was pasted, with its scheme, or None when it is a text."""
    line = source.strip().strip("<>\ufeff\u200b")
    if len(line) > 8192 or not LINK.fullmatch(line):
        return None
    return line if "://" in line else f"https://{line}"


def _plain(page: Page, now: datetime) -> Reading:
    reading = read_text(page.html.decode("utf-8", errors="replace"), now)
    return replace(reading, identity=page.url, link=page.url)
