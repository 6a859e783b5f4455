"""Fitting: as much of a text as its platform takes, never cut where it hurts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import regex

from connectors import graphemes
from desk.writing.candidate import Length
from desk.writing.marks import paired
from desk.writing.sentences import split

CLAUSE = regex.compile(r"[,;:、،](?=\s)|(?<=\s)[–—-](?=\s)")
WORD_END = regex.compile(r"(?<=\w)(?!\w)", flags=regex.V1)
CUT = "…"


def fit(text: str, length: Length, limit: int, language: str = "") -> str:
    """The longest run of whole sentences from the start that fits; may be nothing."""
    wholes = [s for s in split(text, language) if s.whole]
    if not wholes:
        return ""
    first = wholes[0].start
    texts = (text[first : s.end] for s in reversed(wholes))
    return next((each for each in texts if length(each) <= limit), "")


def trim(text: str, length: Length, limit: int, language: str = "") -> str:
    """For a description: whole sentences, else a clause, a word or a letter, and “…”.

    Never inside a quote, unless the text is one, nor inside a letter that is written
    with several characters.
    """
    text = text.strip()
    if length(text) <= limit:
        return text
    if whole := fit(text, length, limit, language):
        return whole
    for ends in (_clause_ends, _word_ends, _letter_ends):
        if cut := _longest(text, ends, length, limit):
            return cut
    return ""


def _longest(
    text: str, ends: Callable[[str], Iterator[int]], length: Length, limit: int
) -> str:
    best = ""
    for end in ends(text):
        cut = text[:end].rstrip(" ,;:、،–—-") + CUT
        if length(cut) <= limit and len(cut) > max(len(best), 1):
            best = cut
    return best


def _clause_ends(text: str) -> Iterator[int]:
    return _outside_quotes(text, (found.start() for found in CLAUSE.finditer(text)))


def _word_ends(text: str) -> Iterator[int]:
    return _outside_quotes(text, (found.end() for found in WORD_END.finditer(text)))


def _letter_ends(text: str) -> Iterator[int]:
    return graphemes.ends(text)


def _outside_quotes(text: str, ends: Iterator[int]) -> Iterator[int]:
    """Of these ends, the ones between letters and in no quote."""
    letters = set(_letter_ends(text))
    quotes = paired(text).outer
    for end in ends:
        if end in letters and not any(span.holds(end) for span in quotes):
            yield end
