"""Servers drawn by lot: any hand that a server might have, and any text that it draws.

`redrawing(7)` is the same for ever, and a fake knows it as "lot 7".
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from tests.fakes.catalogue import WAYS
from tests.fakes.drawing import breaks, frames, letters, links, markup, names, tags
from tests.fakes.drawing.hand import Hand
from tests.fakes.ways import Kind, Way

LOT = "lot "

MANNERS: dict[str, tuple[Callable[..., str] | None, ...]] = {
    "keep": (
        names.renamed,
        names.typed,
        names.with_carriage_returns,
        names.trimmed,
        names.composed,
    ),
    "letters": (
        letters.as_they_are,
        letters.curly,
        letters.straight,
        letters.guillemets,
        letters.spaced,
        letters.replaced,
        letters.composed,
        letters.decomposed,
        letters.without_selectors,
        letters.with_selectors,
        letters.without_unseen,
        letters.with_unseen,
        letters.hyphenated,
        letters.collapsed,
        letters.unbroken,
        letters.isolated,
    ),
    "escaped": (
        escape,
        letters.escaped_least,
        letters.escaped_by_name,
        letters.escaped_by_number,
        letters.escaped_with_pictures,
    ),
    "link": (
        links.shortened,
        links.whole,
        links.followed,
        links.unlinked,
        links.escaped,
        links.lowered_host,
        links.cut,
        links.host_only,
        links.labelled,
    ),
    "name": (
        names.card,
        names.card_with_server,
        names.card_as_typed,
        names.plain_link,
        names.short_link,
        names.sign_outside,
        names.lowered,
        names.words_only,
    ),
    "tag": (tags.linked, tags.whole, tags.lowered, tags.words_only),
    "emoji": (None, tags.image, tags.image_beside, tags.apart),
    "body": (
        breaks.paragraphs,
        breaks.one_paragraph,
        breaks.bare,
        breaks.kept,
        breaks.both,
        breaks.boxes,
        breaks.spans,
        breaks.spaces,
        markup.markdown,
        markup.markdown_that_flows,
        markup.markdown_with_typography,
        markup.bbcode,
        markup.mfm,
    ),
    "after": (
        letters.as_they_are,
        frames.boxed,
        frames.commented,
        frames.in_capitals,
        frames.sanitised,
        frames.breakable,
        frames.indented,
        frames.quoted_before,
    ),
    "source": (None, None, names.referred, names.typed, names.renamed),
}

PIECES: Sequence[str] = (
    "Dodge returns to “Pro Stock” & wins",
    '"It\'s over," she said -- and left...',
    "An *exclusive* report",
    "An **exclusive** _report_ by `us`",
    "~~No~~ yes: 5 > 3 and 2 < 4",
    "# What we know",
    "- one\n- two *and* three",
    "1. first\n2. second",
    "> “We win,” he said\n> twice",
    "[b]Breaking[/b]: it rains",
    "Thanks @the.paper@paper.example",
    "By @ThePaper, @THEPAPER@Paper.Example and @anna-lena",
    "cc @Paper@b.example @nobody@c.example @wire_desk2.",
    "(@thepaper)",
    "#Tag #Straßenbahn #ニュース #2026",
    "שלום עולם, 3 דברים",
    "مرحبا بالعالم #خبر",
    "東京で「号外」を読む。",
    "नमस्ते दुनिया",
    "Ünïcödé café, déjà vu",
    "Cafe\u0301 a\u0308ndert",
    "👩‍👩‍👧‍👦 🏳️‍🌈 ❤️ ☀ ✌🏽",
    ":news: at 10:30:45 :wink:",
    "AT&T, R&D; &copy; 2026",
    "a  b   c\u00a0d",
    "state-of-the-art and/or co\u00adoperate",
    "Internationalisation of Donaudampfschifffahrt",
    "snake_case_name and 2*3*4",
    "a -> b, a != b, x +- y",
    "Qu'en dit l'État ? « Rien » !",
    "https://paper.example/a?utm_source=desk&id=7",
    "https://news.example/2026/11/a-rather-long-address/of-a-story_with_marks",
    "See https://www.paper.example/story.",
    "(http://paper.example/a_(b))",
    "https://Paper.example/Straße",
    "3. November was mild",
    "* * *",
    "Line one\nLine two",
)
PARTS = (" ", "\n", "\n\n")
BLOCKS = "#->1*"  # how a block of Markdown begins


def redrawing(seed: int) -> Way:
    """A server whose every manner is drawn by this lot."""
    draw = random.Random(seed)
    return server(
        f"{LOT}{seed}", {name: draw.choice(MANNERS[name]) for name in MANNERS}
    )


def text(seed: int, most: int = 6) -> str:
    """Some pieces, one after the other, parted by a space or by lines."""
    draw = random.Random(seed)
    pieces = draw.choices(PIECES, k=draw.randint(1, most))
    return joined(pieces, [draw.choice(PARTS) for _ in pieces])


def named(way: str | Way) -> Way:
    """The way of the catalogue, or of a lot; one that has no name is itself."""
    if isinstance(way, Way):
        return way
    seed = way.removeprefix(LOT)
    if way.startswith(LOT) and seed.isdecimal():
        return redrawing(int(seed))
    if way not in WAYS:
        raise ValueError(f"no way is called {way}")
    return WAYS[way]


def server(name: str, manners: Mapping[str, Any]) -> Way:
    """A server of these manners."""
    return Way(name, Kind.DRAWN, Hand(**manners))


def joined(pieces: Sequence[str], parts: Sequence[str]) -> str:
    """Blocks of Markdown begin on a line of their own, as people type them."""
    told = pieces[0]
    for piece, part in zip(pieces[1:], parts, strict=False):
        told += ("\n\n" if piece[0] in BLOCKS or told[-1:] == "\n" else part) + piece
    return told
