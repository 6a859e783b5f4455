"""Pages: a story as a site shows it, among tags and statements that are odd."""

from __future__ import annotations

import json
import random
from html import escape
from typing import Any

from tests.fuzz.pastes import paragraphs, paste, repeated
from tests.fuzz.ruin import ruined

TAGS = (
    *("div", "p", "table", "tr", "td", "ul", "li", "span", "a", "b", "h1", "h2"),
    *("figure", "figcaption", "aside", "section", "article", "blockquote", "form"),
    *("svg", "math", "template", "noscript", "iframe", "select", "option", "pre"),
)
CLASSES = ("article-body", "byline", "caption", "standfirst", "related", "x" * 5_000)
META = (
    '<meta property="og:title" content="{}">',
    '<meta property="og:site_name" content="{}">',
    '<meta property="og:image" content="{}">',
    '<meta property="article:published_time" content="{}">',
    '<meta name="description" content="{}">',
    '<meta name="author" content="{}">',
    '<meta name="news_keywords" content="{}">',
    '<meta charset="{}">',
    '<link rel="canonical" href="https://paper.example/{}">',
    '<base href="{}">',
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "{}"}'
    "</script>",
    '<script type="application/ld+json">' + '{"@graph": [' * 400 + "{}</script>",
    "<title>{}</title>",
    "<!-- {} -->",
    "<figure><img src=a.jpg><figcaption>{}</figcaption></figure>",
    '<img srcset="{}" alt="{}" width=99999999999999999999>',
    '<time datetime="{}">',
)
FIELDS = (
    *("headline", "description", "author", "publisher", "image", "datePublished"),
    *("keywords", "articleSection", "articleBody", "isAccessibleForFree", "@type"),
    *("@graph", "@id", "inLanguage", "mainEntityOfPage", "url", "name", "caption"),
)
MOMENTS = (
    *("2026-11-22T12:00:00Z", "0000-00-00", "99999-01-01", "2026-02-30", "1e400"),
    *("2026-11-22T25:61:61+99:99", "-1", "٢٠٢٦-١١-٢٢", "2026-11-22T12:00:00.1e9"),
)
ODD: tuple[Any, ...] = (None, True, -1, 10**400, 1e308, "", "\0", "\ud800", [], {})
ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + "]>"
)
ENCODINGS = (*("utf-8",) * 12, "utf-16", "cp1252", "shift_jis", "utf-7", "gb18030")
ODDNESS = (0.0, 0.03, 0.1, 0.5)  # of the tags between a story's paragraphs


def page(dice: random.Random) -> bytes:
    """Mostly an article within odd tags; else hostile words in tags that never end."""
    words = paste(dice)[: dice.choice((100, 3_000, 30_000))]
    head = "".join(_stated(dice, words) for _ in range(dice.randint(0, 6)))
    opened, closed = _around(dice)
    body = _article(dice) if dice.random() < 0.9 else f"<p>{words}</p>"
    whole = f"<html><head>{head}</head><body>{opened}{body}{closed}"
    if dice.random() < 0.05:
        whole = ENTITIES + whole + "&m;"
    encoded = whole.encode(dice.choice(ENCODINGS), errors="replace")
    return ruined(dice, encoded, 0.2)


def _around(dice: random.Random) -> tuple[str, str]:
    tags = dice.choices(TAGS, k=dice.choice((*(0,) * 12, 2, 2, 30, 200, 3_000)))
    opened = "".join(f'<{tag} class="{dice.choice(CLASSES)[:20]}">' for tag in tags)
    closing = (f"</{tag}>" for tag in reversed(tags) if dice.random() < 0.9)
    return opened, "".join(closing)


def _article(dice: random.Random) -> str:
    headline, *lines = paragraphs(dice)
    pieces, oddness = [f"<h1>{escape(headline)}</h1>"], dice.choice(ODDNESS)
    for line in lines:
        if dice.random() < oddness:
            pieces.append(_odd(dice, line))
        else:
            pieces.append(f"<p>{escape(line)}</p>")
    return f"<article>{''.join(pieces)}</article>"


def _odd(dice: random.Random, line: str) -> str:
    """In another tag, called otherwise, with attributes without end, unescaped."""
    tag, many = dice.choice(TAGS), dice.choice((0, 1, 3, 500))
    attributes = " ".join(f"data-{n}='{repeated(dice, 3)}'" for n in range(many))
    said = escape(line) if dice.random() < 0.5 else line
    stated = _stated(dice, line) if dice.random() < 0.2 else ""
    return f'<{tag} class="{dice.choice(CLASSES)}" {attributes}>{said}</{tag}>{stated}'


def _stated(dice: random.Random, words: str) -> str:
    """What a page says of itself: mostly of a form that sites have."""
    if dice.random() < 0.4:
        said = json.dumps(_statement(dice, words, 4)).replace("</", "<\\/")
        return f'<script type="application/ld+json">{said}</script>'
    saying = dice.choice((words[:2_000], words[:50], *MOMENTS, "https://[", "//", "#"))
    return dice.choice(META).replace("{}", escape(saying, quote=dice.random() < 0.9))


def _statement(dice: random.Random, words: str, depth: int) -> Any:
    """A JSON-LD article whose fields are anything but what they should be."""
    what = dice.randint(0, 5 if depth else 2)
    if what == 0:
        return dice.choice((words[: dice.choice((10, 2_000))], *MOMENTS))
    if what == 1:
        return dice.choice(ODD)
    if what == 2:
        return dice.choice(("NewsArticle", "Person", "ImageObject", "Organization"))
    inner = depth - 1
    if what == 3:
        return [_statement(dice, words, inner) for _ in range(dice.randint(0, 8))]
    named = dice.choices(FIELDS, k=dice.randint(1, 10))
    stated = {name: _statement(dice, words, inner) for name in named}
    return stated | {"@type": dice.choice(("NewsArticle", ["NewsArticle", 1], "Thing"))}
