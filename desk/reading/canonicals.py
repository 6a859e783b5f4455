"""Canonicals: which story a page says that it is."""

from __future__ import annotations

from urllib.parse import urlsplit

from desk.links import same
from desk.reading.fetching import Page
from desk.reading.links import same_site
from desk.reading.markup import Tags
from desk.reading.parsing import parsed


def another(page: Page, own: str) -> str:
    """The canonical link of a page where it names another story than `own`; else "".

    Raises `Unreadable`.
    """
    named = parsed(_canonical, page)
    if not urlsplit(named).path.strip("/") or not same_site(named, page.url):
        return ""  # a front page, or a syndicated story's first home
    return "" if same(named, own) else named


def _canonical(page: Page) -> str:
    tags = Tags.of(page.html, page.content_type, page.url)
    return tags.canonical if tags else ""
