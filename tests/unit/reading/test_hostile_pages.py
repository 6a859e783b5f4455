"""Pages that are broken, wrong or hostile: read or refused, fast, in bounded memory."""

from __future__ import annotations

import resource
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.reading.article import Unreadable
from desk.reading.pages import read_page

NOW = datetime(2026, 11, 22, tzinfo=UTC)
URL = "https://www.courier.example/town/pier"
STORY = "<p>" + "The council voted to repair the old pier before winter. " * 8 + "</p>"
MB = 1_000_000
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{"&a;" * 10}">' for n in range(20))
    + "]><html><body><h1>&a19;</h1>"
)


def page(inside: str) -> bytes:
    return f"<html><head><title>Pier</title></head><body><h1>Pier</h1>{inside}".encode()


HOSTILE = {
    "10 MB of paragraphs": page(STORY * (10 * MB // len(STORY))),
    "10 MB in one paragraph": page("<p>" + "word and more " * (10 * MB // 14) + "</p>"),
    "10 MB without a tag": b"x" * 10 * MB,
    "50,000 tags deep": page("<div>" * 50_000 + STORY),
    "50,000 spans deep": page("<span>" * 50_000 + STORY),
    "50,000 pictures": page(STORY + '<img src="/a.jpg" alt="a">' * 50_000),
    "5,000 figures": page(
        STORY
        + "".join(
            f'<figure><img src="/pier-{n}.jpg"><figcaption>Words {n} (AP)</figcaption>'
            "</figure>"
            for n in range(5_000)
        )
    ),
    "entities in entities": (BOMB + STORY).encode(),
    "a tag that never ends": page(STORY + "<p " + 'a="b" ' * 100_000),
    "deep JSON-LD": page(
        '<script type="application/ld+json">' + '{"@graph":[' * 20_000 + "</script>"
    ),
    "much JSON-LD": page(
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"'
        + "long " * MB
        + '"}</script>'
        + STORY
    ),
    "one long headline": page(f"<h1>{'Pier ' * 200_000}</h1>{STORY}"),
    "one long credit": page(
        f"<figure><img src=/a.jpg><figcaption>{'(' * 50_000}</figcaption></figure>"
    ),
    "spaces": page("<p>" + " \u00a0\n" * MB + "</p>" + STORY),
    "utf-16 that claims utf-8": page(STORY).decode().encode("utf-16"),
    "not text at all": bytes(range(256)) * 4_000,
}
LONGEST_S = 2.0  # of a processor, which other tests can't take away
MOST_MB = 700


def read(html: bytes) -> str:
    """The headline, or the sentence that refuses."""
    try:
        return read_page(html, URL, NOW).headline
    except Unreadable as refused:
        return str(refused)


@pytest.fixture(scope="module", autouse=True)
def models() -> None:
    """What is loaded once is no page's fault."""
    read(page(STORY))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_read_or_refused_in_time(name: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()

    read(HOSTILE[name])

    assert time.process_time() - began < LONGEST_S
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown / 1024 < MOST_MB


PIECES = st.sampled_from(
    [
        *("<article>", "</article>", "<p>", "</p>", "<h1>Pier</h1>", "<figure>"),
        *("<figcaption>", "</figure>", "<img src=/a.jpg>", "<img", "<!--", "-->"),
        *(
            "<script type='application/ld+json'>",
            "</script>",
            '{"@type":"NewsArticle",',
        ),
        *(
            '"headline":"Pier"',
            '"author":[{"name":["Jo"]}]',
            '"image":[{"url":{}}]',
            "}",
        ),
        *("Foto: ", "©", "(AP)", "&amp;#124;", "\x00", "\ud7ff", "Jane Doe", STORY),
        *(
            "<meta property=og:image content='//['>",
            "<link rel=canonical href='http://['>",
        ),
        *("<time datetime=9999-99-99>", "<base href='::'>", "<svg><title>"),
    ]
)


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=30), st.binary(max_size=20))
def test_broken_html_is_read_or_refused(pieces: list[str], noise: bytes) -> None:
    read("".join(pieces).encode(errors="replace") + noise)
