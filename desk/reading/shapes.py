"""The shape of an article as the desk read it."""

from __future__ import annotations

from desk.reading.article import Reading
from desk.shapes import Json, moment


def reading_json(reading: Reading) -> Json:
    return {
        "headline": reading.headline,
        "standfirst": reading.standfirst,
        "authors": list(reading.authors),
        "section": reading.section,
        "topics": list(reading.topics),
        "language": reading.language,
        "published_at": _published(reading),
        "link": reading.link,
        "image": reading.image_url,
        "caption": reading.caption,
        "credit": reading.credit,
        "alt": reading.alt,
        "subheadings": list(reading.subheadings),
        "paragraphs": list(reading.paragraphs),
        "warnings": list(reading.warnings),
    }


def _published(reading: Reading) -> str | None:
    """A day stays one: it is no moment."""
    at = reading.published_at
    return str(at.date()) if at and reading.only_day else moment(at)
