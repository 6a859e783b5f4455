"""Threads: a long text in parts, each complete in itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import regex

from desk.writing.sentences import split as sentences

BREAK = regex.compile(r"^[ \t]*-{3,}[ \t]*$", regex.MULTILINE)  # an editor's own cut
GAP = regex.compile(r"\n[ \t]*\n\s*")
MOST = 25  # parts; longer is no thread but an article

Fits = Callable[[int, str], bool]  # does this text fit the part at this place, from 0?


def thread(
    text: str, fits: Fits, language: str = "", numbered: bool = False
) -> tuple[str, ...]:
    """The parts: as many whole paragraphs in each as fit, else whole sentences.

    A line of three dashes ends a part. A sentence that fits nowhere stands alone, too
    long as it is: nothing is cut inside a sentence. Numbers count in what fits.
    """
    if not numbered:
        return tuple(_parts(text, fits, language))
    for digits in (1, 2):
        sign = _number("0" * digits, "0" * digits)
        parts = list(_parts(text, lambda at, one: fits(at, one + sign), language))  # noqa: B023  # used at once
        if len(parts) < 10**digits:
            break
    if len(parts) == 1:
        return tuple(_parts(text, fits, language))
    return tuple(part + _number(at, len(parts)) for at, part in enumerate(parts, 1))


def _number(at: object, total: object) -> str:
    return f"\n\n{at}/{total}"


def _parts(text: str, fits: Fits, language: str) -> Iterator[str]:
    at = 0
    for stretch in BREAK.split(text):
        for part in _packed(_paragraphs(stretch), at, fits, language):
            yield part
            at += 1


def _packed(pieces: Sequence[str], at: int, fits: Fits, language: str) -> Iterator[str]:
    """Pieces put together as long as they fit; one that never fits is taken apart."""
    part = ""
    for piece in pieces:
        if fits(at, (part + piece).strip()):
            part += piece
            continue
        if part:
            yield part.strip()
            at += 1
        part = piece
        if (
            not fits(at, piece.strip())
            and len(inner := _sentences(piece, language)) > 1
        ):
            *done, part = _packed(inner, at, fits, language)
            part += piece[len(piece.rstrip()) :]
            yield from done
            at += len(done)
    if part.strip():
        yield part.strip()


def _paragraphs(text: str) -> list[str]:
    """Each with the gap behind it."""
    return _cut(text.strip(), [gap.end() for gap in GAP.finditer(text.strip())])


def _sentences(paragraph: str, language: str) -> list[str]:
    """Each with the space behind it."""
    return _cut(paragraph, [one.start for one in sentences(paragraph, language)][1:])


def _cut(text: str, places: Sequence[int]) -> list[str]:
    return [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]
