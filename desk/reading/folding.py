"""Telling whether two lines are the same but for quote marks, dashes and spaces."""

from __future__ import annotations

import unicodedata

import regex

CURLY = "“”‘’„‚«»‹›"
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‘’‚‛‹›´`′", "'"))
DASHES = regex.compile(r"\p{Pd}|−")
SENTENCE_END = regex.compile(r"[.!?…。！？؟।۔]['\"”’“‘»›«‹)\]）」』]*$")
QUOTED = "“\"„«»‘‚'‹›「『—–"  # what a spoken line begins with


def fold(text: str) -> str:
    """The text as it is compared, never as it is shown."""
    text = unicodedata.normalize("NFKC", text).translate(QUOTES)
    return " ".join(DASHES.sub("-", text).split()).casefold()


def curly(text: str) -> int:
    """How many typographic quote marks and dashes the text has."""
    return sum(char in CURLY or char in "–—" for char in text)


def ends_sentence(text: str) -> bool:
    return SENTENCE_END.search(text) is not None
