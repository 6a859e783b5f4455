"""Reading: how right and how fast, beside what others read from the same pages.

The pages are those of the folder that STANDFIRST_SAMPLES names; else the project's own
articles, put into pages with furniture. newspaper4k and extruct take part where they
are installed (`pip install newspaper4k extruct`): they weigh 60 MB, for one table.
"""

from __future__ import annotations

import gzip
import importlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest
import trafilatura

from desk.reading.text import read_text
from tests.bench import reading
from tests.bench.scoring import SCORES

Fields = dict[str, Any]
Reader = Callable[[bytes, str], Fields]
ARTICLES = Path(__file__).parents[1] / "articles"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    html: bytes
    url: str
    truth: Fields


@pytest.mark.filterwarnings("ignore")  # of others' libraries
def test_reading_beside_others() -> None:
    named = os.environ.get("STANDFIRST_SAMPLES")
    samples = Path(named) if named else None
    cases = list(_samples(samples) if samples else _own())
    print(
        f"\nreading {len(cases)} pages {'of the samples' if samples else 'of our own'}"
    )
    heads = [*SCORES, "ms median", "ms p95"]
    print(f"  {'':<22}" + "".join(f"{head:>10}" for head in heads))
    for name, read in _readers():
        scores, took = _measured(read, cases)
        figures = [f"{scores[field]:.3f}" if scores[field] else "-" for field in SCORES]
        figures += [f"{median(took):.0f}", f"{sorted(took)[int(len(took) * 0.95)]:.0f}"]
        print(f"  {name:<22}" + "".join(f"{figure:>10}" for figure in figures))


def _measured(
    read: Reader, cases: Sequence[Case]
) -> tuple[dict[str, float], list[float]]:
    """Mean scores by field, and what each page cost: milliseconds of a processor."""
    read(cases[0].html, cases[0].url)  # models are loaded once
    scores: dict[str, list[float]] = {field: [] for field in SCORES}
    took = []
    for case in cases:
        began, said = time.process_time(), Fields()
        with suppress(Exception):  # of another's library: it scores nothing there
            said = read(case.html, case.url)
        took.append((time.process_time() - began) * 1000)
        for field, score in SCORES.items():
            if case.truth.get(field):
                scores[field].append(score(case.truth[field], said.get(field)))
    return {field: mean(got) if got else 0.0 for field, got in scores.items()}, took


def _samples(folder: Path) -> Iterator[Case]:
    news = folder / "articles" / "news"
    for truth in json.loads((news / "gold.json").read_text()):
        yield Case(
            gzip.decompress((news / truth["file"]).read_bytes()), truth["url"], truth
        )


def _own() -> Iterator[Case]:
    """Each of our own articles as a page, which has more on it than the story."""
    for path in sorted(ARTICLES.glob("*.txt")):
        said = read_text(path.read_text(), NOW)
        story = "".join(
            f"<{'h2' if block.kind == 'subheading' else 'p'}>{escape(block.text)}"
            for block in said.blocks
        )
        image = f"https://cdn.courier.example/{path.stem}-1200x800.jpg"
        stated = {
            "@type": "NewsArticle",
            "headline": said.headline,
            "author": [{"@type": "Person", "name": name} for name in said.authors],
            "datePublished": "2026-11-20T09:00:00+01:00",
            "image": image,
        }
        html = f"""<!doctype html><html lang="{said.language}"><head>
            <title>{escape(said.headline)} | The Courier</title>
            <script type="application/ld+json">{json.dumps(stated)}</script></head>
            <body>
            <nav><a href="/">Home</a> <a href="/town">Town</a></nav>
            <article><h1>{escape(said.headline)}</h1>
            <figure><img src="{image}"><figcaption>{escape(said.caption)}
            <span class="credit">Photo: {escape(said.credit)}</span></figcaption>
            </figure>{story}<p>Sign up for our newsletter</p></article>
            <aside><h3>More from the Courier</h3><a href="/x">Another story</a></aside>
            <footer>The Courier, Marrow Bay</footer>"""
        truth = {
            "title": said.headline,
            "body": "\n".join(block.text for block in said.blocks),
            "authors": list(said.authors),
            "date": "2026-11-20",
            "image": [image],
            "credit": [said.credit],
        }
        yield Case(html.encode(), f"https://www.courier.example/{path.stem}", truth)


def _readers() -> Iterator[tuple[str, Reader]]:
    yield "ours", reading.page
    yield "bare trafilatura", _trafilatura
    for name, module, read in (
        ("newspaper4k", "newspaper", _newspaper),
        ("extruct", "extruct", _extruct),
    ):
        try:
            importlib.import_module(module)
        except ImportError:
            print(f"  {name:<22}  not installed")
        else:
            yield name, read


def _trafilatura(html: bytes, url: str) -> Fields:
    found = trafilatura.bare_extraction(html, url=url, with_metadata=True)
    said = found.as_dict() if found and not isinstance(found, dict) else {}
    return {
        "title": said.get("title"),
        "body": said.get("text"),
        "authors": (said.get("author") or "").split("; "),
        "date": said.get("date"),
        "image": said.get("image"),
    }


def _newspaper(html: bytes, url: str) -> Fields:
    found = importlib.import_module("newspaper").Article(url, fetch_images=False)
    found.download(input_html=html.decode(errors="replace"))
    found.parse()
    return {
        "title": found.title,
        "body": found.text,
        "authors": found.authors,
        "date": found.publish_date,
        "image": found.top_image,
    }


def _extruct(html: bytes, url: str) -> Fields:
    """JSON-LD, else OpenGraph: what it is for. It reads no body."""
    found = importlib.import_module("extruct").extract(
        html.decode(errors="replace"),
        base_url=url,
        syntaxes=["json-ld", "opengraph"],
        uniform=True,
    )
    stated = next(
        (n for n in found["json-ld"] if "Article" in str(n.get("@type"))), Fields()
    )
    shared = next(iter(found["opengraph"]), Fields())
    writers = stated.get("author") or []
    writers = writers if isinstance(writers, list) else [writers]
    return {
        "title": stated.get("headline") or shared.get("og:title"),
        "authors": [w.get("name") if isinstance(w, dict) else w for w in writers],
        "date": stated.get("datePublished"),
        "image": shared.get("og:image"),
    }
