"""The adapter that lets an outside scorer measure how pages are read."""

from __future__ import annotations

from datetime import UTC, datetime

from desk.reading.pages import read_page

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def page(html: bytes, url: str) -> dict[str, object]:
    """One page as a scorer's fields."""
    reading = read_page(html, url, NOW)
    return {
        "title": reading.headline,
        "body": "\n".join(block.text for block in reading.blocks),
        "authors": list(reading.authors),
        "date": reading.published_at.isoformat() if reading.published_at else None,
        "image": reading.image_url,
        "caption": reading.caption,
        "credit": reading.credit,
        "alt": reading.alt,
        "dek": reading.standfirst,
    }
