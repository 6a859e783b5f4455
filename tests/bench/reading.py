"""The adapters that let an outside scorer measure how pages and pastes are read."""

from __future__ import annotations

from datetime import UTC, datetime

from desk.reading import taken_apart
from desk.reading.article import File, Reading, Unreadable
from desk.reading.fetching import Page
from desk.reading.pages import read_page
from desk.writing import candidates

NOW = datetime(2026, 11, 22, tzinfo=UTC)
POST = 300  # letters
SOMEWHERE = "https://paper.example/news/story"  # where a case names no address


def page(html: bytes, url: str) -> dict[str, object]:
    """One page as a scorer's fields."""
    reading = read_page(html, url, NOW)
    return {
        "title": reading.headline,
        "body": _body(reading),
        "authors": list(reading.authors),
        "date": reading.published_at.isoformat() if reading.published_at else None,
        "image": reading.image_url,
        "caption": reading.caption,
        "credit": reading.credit,
        "alt": reading.alt,
        "dek": reading.standfirst,
    }


def _body(reading: Reading) -> str:
    """With the standfirst, where readers see it on the page: the truth counts it."""
    shown = reading.said.get("standfirst", {}).get("page", "")
    texts = [block.text for block in reading.blocks]
    return "\n".join([shown, *texts] if shown and shown not in texts else texts)


def case(data: bytes, name: str, url: str | None, source: str) -> dict[str, object]:
    """One small input as a scorer's fields; `source`: "paste", "file" or "page".

    Candidates: for a post of 300 letters, the default first.
    """
    given: str | File | Page
    match source:
        case "paste":
            given = data.decode("utf-8", errors="replace")
        case "file":
            given = File(name, data)
        case _:
            given = Page(url or SOMEWHERE, data)
    try:
        reading = taken_apart(given, NOW)
    except Unreadable as error:
        return {"refused": str(error)}
    written = candidates(reading, over_post, 0, NOW)
    published = reading.published_at
    return {
        "headline": reading.headline,
        "standfirst": reading.standfirst,
        "authors": list(reading.authors),
        "section": reading.section,
        "language": reading.language,
        "published_at": published.isoformat() if published else None,
        "link": reading.link,
        "image": reading.image_url,
        "caption": reading.caption,
        "credit": reading.credit,
        "subheadings": list(reading.subheadings),
        "paragraphs": list(reading.paragraphs),
        "warnings": [*reading.warnings, *written.notes],
        "candidates": [one.text for one in written.candidates],
    }


def over_post(text: str) -> int:
    """By how much it is too long for a post of 300 letters."""
    return len(text) - POST
