"""The adapter that lets an outside scorer measure how pages are read."""

from __future__ import annotations

from datetime import UTC, datetime

from desk.reading.article import Reading
from desk.reading.pages import read_page

NOW = datetime(2026, 11, 22, tzinfo=UTC)


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
