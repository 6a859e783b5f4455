"""Mentions: a name the newsroom knows, said with its handle on this channel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import regex

from desk.writing.marks import Span, paired

UNSPACED = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Khmer}\p{Lao}\p{Myanmar}]"
)


def mentioned(text: str, handles: Mapping[str, str]) -> str:
    """The text with each name's first mention as its handle.

    Never inside a quote, whose words are somebody's own; never first in the text,
    which some platforms take for a reply; never twice.
    """
    for name in sorted(handles, key=len, reverse=True):
        handle = handles[name]
        if handle.casefold() in text.casefold():
            continue
        if place := next(_places(text, name), None):
            text = (
                text[: place.start] + _spaced(text, place, handle) + text[place.end :]
            )
    return text


def _places(text: str, name: str) -> Iterator[Span]:
    """Where the name stands as a name of its own, and may be replaced."""
    quotes = paired(text).outer
    whole = regex.escape(name)
    if not UNSPACED.search(name):
        whole = rf"(?<![\w@#.-]){whole}(?![\w\p{{M}}-])"
    for found in regex.finditer(whole, text):
        quoted = any(span.start <= found.start() < span.end for span in quotes)
        if text[: found.start()].strip() and not quoted:
            yield Span(found.start(), found.end())


def _spaced(text: str, place: Span, handle: str) -> str:
    """A handle between letters needs a space, in scripts that write none."""
    before = " " if text[place.start - 1].isalnum() else ""
    after = " " if text[place.end : place.end + 1].isalnum() else ""
    return f"{before}{handle}{after}"
