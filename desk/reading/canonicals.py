"""Canonicals: which story a page says that it is."""

from __future__ import annotations

from urllib.parse import urlsplit

from desk.links import same
from desk.reading.links import same_site
from desk.reading.markup import Tags


def another(html: bytes, content_type: str, found_at: str, own: str) -> str:
    """The canonical link of a page where it names another story than `own`; else ""."""
    tags = Tags.of(html, content_type, found_at)
    named = tags.canonical if tags else ""
    if not urlsplit(named).path.strip("/") or not same_site(named, found_at):
        return ""  # a front page, or a syndicated story's first home
    return "" if same(named, own) else named
