"""A web page: what it says of itself, and what the desk makes of it."""

from __future__ import annotations

from datetime import datetime

from desk.reading.article import Reading


def read_page(
    html: bytes | str, url: str, now: datetime, content_type: str = "text/html"
) -> Reading:
    raise NotImplementedError
