"""What can't be an article is refused before any work is spent on it."""

from __future__ import annotations

import regex

from desk.reading.article import Unreadable

CAP = 1_000_000  # bytes; a long read has 60,000


def admit(text: str) -> None:
    """Refuse what can't be an article, before any work is spent on it."""
    size = len(text.encode(errors="replace"))
    if not text.strip("\ufeff\u200b \t\r\n"):
        raise Unreadable(
            "Nothing was pasted: paste an article's text, headline first, or its link."
        )
    if size > CAP:
        raise Unreadable(
            f"The text has {size / 1_000_000:.1f} MB, and the desk reads up to 1 MB: "
            "paste one article only."
        )
    strange = sum(1 for char in text if char == "\ufffd" or _is_control(char))
    if "\x00" in text or strange * 50 > len(text):
        raise Unreadable(
            "That is not text but the inside of a file: open the file and paste the "
            "words in it."
        )
    if regex.match(r"\s*(<!doctype html|<html|<\?xml)", text, regex.IGNORECASE):
        raise Unreadable(
            "That is a page's source code: paste the page's link, or the words as the "
            "page shows them."
        )
    if not any(char.isalpha() for char in text):
        raise Unreadable(
            "There are no words in what was pasted: paste an article's text, headline "
            "first, or its link."
        )


def _is_control(char: str) -> bool:
    return char < " " and char not in "\t\n\r\v\f"
