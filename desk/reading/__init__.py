"""Article in: a link, a pasted text or a file becomes a `Reading`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from desk.reading.article import Block, File, Kind, Reading, Unreadable
from desk.reading.fetching import Fetcher, Page
from desk.reading.links import link_in
from desk.reading.parsing import parsed

__all__ = [
    "Block",
    "Fetcher",
    "File",
    "Kind",
    "Page",
    "Reading",
    "Unreadable",
    "is_link",
    "read",
]


def read(source: str | File, fetcher: Fetcher, now: datetime) -> Reading:
    """Read what was pasted or dropped: a link through the guarded fetcher, else itself.

    Raises `Unreadable` with a sentence for the editor.
    """
    link = _link(source)
    return parsed(taken_apart, source if link is None else fetcher.page(link), now)


def is_link(source: str | File) -> bool:
    """Whether it is read from somewhere else."""
    return _link(source) is not None


def _link(source: str | File) -> str | None:
    return None if isinstance(source, File) else link_in(source)


def taken_apart(what: str | File | Page, now: datetime) -> Reading:
    """In the child: the libraries take half a second to load, and no other needs them.

    Raises `Unreadable`.
    """
    from desk.reading.documents import read_file
    from desk.reading.encodings import without_doubling
    from desk.reading.pages import read_page
    from desk.reading.pasted import without_markup
    from desk.reading.text import read_text

    match what:
        case File():
            return read_file(what, now)
        case str():
            return read_text(without_markup(without_doubling(what)), now)
    if not what.content_type.lower().startswith("text/plain"):
        return read_page(what.html, what.url, now, content_type=what.content_type)
    reading = read_text(what.html.decode("utf-8", errors="replace"), now)
    return replace(reading, identity=what.url, link=what.url)
