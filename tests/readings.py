"""Readings to write from: the project's own articles, and the pages of the samples."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from connectors import installed
from connectors.base import Connector
from desk.reading.article import Reading
from desk.reading.pages import read_page
from desk.reading.text import read_text

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ARTICLES = Path(__file__).parent / "articles"


def own() -> Iterator[tuple[str, Reading]]:
    """In fifteen languages, each with its file's name."""
    for path in sorted(ARTICLES.glob("*.txt")):
        yield path.stem, read_text(path.read_text(), NOW)


def of_samples(folder: Path) -> Iterator[tuple[str, Reading]]:
    """The news pages of the shared samples."""
    news = folder / "articles" / "news"
    for case in json.loads((news / "gold.json").read_text()):
        html = gzip.decompress((news / case["file"]).read_bytes())
        yield case["file"], read_page(html, case["url"], NOW)


def counters() -> dict[str, Connector]:
    """Every connector, with an account that nobody has: only to count with."""
    made = {}
    for platform, kind in installed().items():
        values = {field.name: "https://a.example" for field in kind.fields}
        made[platform] = kind(values)
    return made
