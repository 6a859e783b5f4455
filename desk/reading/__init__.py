"""Article in: a link, a pasted text or a file becomes a `Reading`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from desk.reading.article import Block, File, Kind, Reading, Unreadable
from desk.reading.fetching import Fetcher, Page
from desk.reading.links import link_in

__all__ = ["Block", "Fetcher", "File", "Kind", "Page", "Reading", "Unreadable", "read"]


def read(source: str | File, fetcher: Fetcher, now: datetime) -> Reading:
    """Read what was pasted or dropped: a link is fetched, all else is the text.

    Raises `Unreadable` with a sentence for the editor.
    """
    # their models take half a second to load, and five processes never need them
    from desk.reading.pages import read_page
    from desk.reading.text import read_text

    if isinstance(source, File):
        from desk.reading.documents import read_file

        return read_file(source, now)
    link = link_in(source)
    if link is None:
        return read_text(source, now)
    page = fetcher.page(link)
    if page.content_type.lower().startswith("text/plain"):
        return _plain(page, now)
    return read_page(page.html, page.url, now, content_type=page.content_type)


def _plain(page: Page, now: datetime) -> Reading:
    from desk.reading.text import read_text

    reading = read_text(page.html.decode("utf-8", errors="replace"), now)
    return replace(reading, identity=page.url, link=page.url)
