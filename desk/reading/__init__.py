"""Article in: a link, a pasted text or a file becomes a `Reading`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from desk.reading.article import Block, File, Kind, Reading, Unreadable
from desk.reading.fetching import Fetcher, Page
from desk.reading.links import link_in
from desk.reading.parsing import parsed

__all__ = ["Block", "Fetcher", "File", "Kind", "Page", "Reading", "Unreadable", "read"]


def read(source: str | File, fetcher: Fetcher, now: datetime) -> Reading:
    """Read what was pasted or dropped: a link is fetched, all else is the text.

    Raises `Unreadable` with a sentence for the editor.
    """
    if isinstance(source, File):
        return parsed(_file, source, now)
    link = link_in(source)
    if link is None:
        return parsed(_text, source, now)
    return parsed(_page, fetcher.page(link), now)


# In the child: their libraries take half a second to load, and no other needs them


def _file(file: File, now: datetime) -> Reading:
    from desk.reading.documents import read_file

    return read_file(file, now)


def _text(text: str, now: datetime) -> Reading:
    from desk.reading.text import read_text

    return read_text(text, now)


def _page(page: Page, now: datetime) -> Reading:
    from desk.reading.pages import read_page

    if not page.content_type.lower().startswith("text/plain"):
        return read_page(page.html, page.url, now, content_type=page.content_type)
    reading = _text(page.html.decode("utf-8", errors="replace"), now)
    return replace(reading, identity=page.url, link=page.url)
