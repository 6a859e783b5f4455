"""A paste as lines: what was typed, without the wrapping of mail and editors."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from desk.reading.folding import ends_sentence

INVISIBLE = regex.compile(r"[\u200b\u200e\u200f\u2060\ufeff\u00ad]")
BREAKS = regex.compile(r"\r\n|[\r\v\f\u0085\u2028\u2029]")
HEADING = regex.compile(r"^#{1,6}\s+(?=\S)")
SUBHEADING = 100  # letters
SUBHEADING_WORDS = 14
LIST_ITEM = regex.compile(r"[•*·–—\-]\s|\d{1,2}[.)]\s")
WRAPPED = (40, 100)  # the widths at which mail and editors wrap


@dataclass(frozen=True)
class Line:
    """One line, and whether it follows the line before without a gap."""

    text: str
    joined: bool = False
    marked: bool = False  # as a heading, with #


def lines_of(paste: str) -> list[Line]:
    """The lines that hold something, each as one paragraph."""
    chunks = _chunks(BREAKS.sub("\n", paste))
    if _is_wrapped(chunks):
        chunks = [chunks[0], *([_unwrap(chunk)] for chunk in chunks[1:])]
    return [
        _line(text, place > 0) for chunk in chunks for place, text in enumerate(chunk)
    ]


def _chunks(paste: str) -> list[list[str]]:
    """Runs of lines with empty lines between them."""
    chunks: list[list[str]] = [[]]
    for raw in paste.split("\n"):
        text = INVISIBLE.sub("", raw).replace("\t", " ").strip()
        if text:
            chunks[-1].append(text)
        elif chunks[-1]:
            chunks.append([])
    return [chunk for chunk in chunks if chunk]


def _is_wrapped(chunks: list[list[str]]) -> bool:
    """Two paragraphs or more of lines of one width, broken in mid-sentence."""
    wrapped = 0
    for chunk in chunks[1:]:
        inner = chunk[:-1]
        broken = sum(not ends_sentence(text) for text in inner)
        fits = all(WRAPPED[0] <= len(text) <= WRAPPED[1] for text in inner)
        wrapped += bool(len(inner) >= 2 and fits and broken * 2 >= len(inner))
    return wrapped >= 2


def _unwrap(chunk: list[str]) -> str:
    return " ".join(chunk)


def _line(text: str, joined: bool) -> Line:
    bare = HEADING.sub("", text)
    return Line(bare, joined, marked=bare != text)


def looks_like_subheading(text: str) -> bool:
    """A short line that is no sentence: title, or question."""
    if len(text) > SUBHEADING or len(text.split()) > SUBHEADING_WORDS:
        return False
    if LIST_ITEM.match(text) or text[-1] in ",;:、，；：":
        return False
    if text[0] in "“\"„«‘'»「『—–":
        return not ends_sentence(text) and text[-1] not in "”\"“»’'」』"
    asks = text[-1] in "?？؟;" and not regex.search(r"[.!?…] ", text)
    return asks or not ends_sentence(text)
