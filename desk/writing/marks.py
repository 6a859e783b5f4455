"""Quote marks and brackets: which belong together, and which stand alone."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

CLOSES = {
    "“": "”",
    "„": "“”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "”": "”",  # Swedish, Finnish
    "「": "」",
    "『": "』",
    '"': '"',
    "‚": "‘’",
    "‘": "’",
    "'": "'",
}
SINGLE = frozenset("‚‘’'")  # the same letters serve as apostrophes
MARKS = frozenset(CLOSES) | frozenset("".join(CLOSES.values()))
OPENING = frozenset("“„«‹「『‚‘\"'([{（【《〈¿¡”»")
BRACKETS = {"(": ")", "[": "]", "（": "）", "【": "】"}
BETWEEN = re.compile(r"[^‘'’\w]*")  # what stands between words, and no single mark
STOP = re.compile(r"[.,?!…](?=[’'])|‘")  # where a single quote closes, or another opens
DEEPEST = 20  # marks that stand open at once, of which a closing one may close any


@dataclass(frozen=True)
class Span:
    """From an opening mark to just after the one that closes it."""

    start: int
    end: int

    def holds(self, at: int) -> bool:
        return self.start < at < self.end


@dataclass(frozen=True)
class Paired:
    quotes: tuple[Span, ...]  # in order of their start; nested ones too
    strays: tuple[int, ...]  # double marks without a partner

    @property
    def outer(self) -> tuple[Span, ...]:
        """The quotes that stand in no other quote."""
        found: list[Span] = []
        for span in self.quotes:
            if not found or span.start >= found[-1].end:
                found.append(span)
        return tuple(found)


@lru_cache(maxsize=512)
def paired(text: str) -> Paired:
    """Each quote mark with its partner. Apostrophes are no quote marks."""
    open_marks: list[int] = []
    quotes: list[Span] = []
    strays: list[int] = []
    for at, mark in enumerate(text):
        if mark not in MARKS:
            continue
        partner = _partner(text, at, open_marks)
        if partner is not None:
            quotes.append(Span(open_marks[partner], at + 1))
            strays += [i for i in open_marks[partner + 1 :] if text[i] not in SINGLE]
            del open_marks[partner:]
        elif _opens(text, at):
            open_marks.append(at)
        elif mark not in SINGLE and not _inside_word(text, at):
            strays.append(at)
    strays += [i for i in open_marks if text[i] not in SINGLE]
    return Paired(tuple(sorted(quotes, key=_order)), tuple(sorted(strays)))


def bracketed(text: str) -> tuple[Span, ...]:
    """Every pair of round or square brackets."""
    open_marks: list[int] = []
    found = []
    for at, mark in enumerate(text):
        if mark in BRACKETS:
            open_marks.append(at)
        elif open_marks and mark == BRACKETS[text[open_marks[-1]]]:
            found.append(Span(open_marks.pop(), at + 1))
    return tuple(found)


def folded(text: str) -> str:
    """The same text with every quote mark made straight."""
    return text.translate(FOLD)


FOLD = str.maketrans(
    {mark: "'" if mark in SINGLE or mark in "‹›" else '"' for mark in MARKS | {"‟"}}
)


def _order(span: Span) -> tuple[int, int]:
    return span.start, -span.end


def _partner(text: str, at: int, open_marks: list[int]) -> int | None:
    """Which open mark this one closes, looking outwards from the innermost."""
    mark = text[at]
    if at == 0 or (mark in SINGLE and not _closes_single(text, at)):
        return None
    if _inside_word(text, at):
        return None
    outermost = max(0, len(open_marks) - DEEPEST)
    for place in range(len(open_marks) - 1, outermost - 1, -1):
        opener = text[open_marks[place]]
        if mark in CLOSES[opener]:
            return place
        if opener not in SINGLE and mark in SINGLE:
            return None
    return None


def _opens(text: str, at: int) -> bool:
    mark = text[at]
    if mark not in CLOSES or _inside_word(text, at):
        return False
    before = text[at - 1 : at]
    after = text[at + 1 : at + 2]
    if mark in SINGLE:
        return not before.isalnum() and after.isalnum()
    if mark in "”»":  # these mostly close: they open only at the start of a word
        return not before.isalnum() and (after.isalnum() or after in OPENING)
    if mark == '"':  # not an inch: 12"
        return not before.isdigit() and bool(after.strip())
    return bool(after)


def _closes_single(text: str, at: int) -> bool:
    """Not an apostrophe, as in don't; nor one as in the drivers’ cars."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if after.isalnum() or not before.strip():
        return False
    if not before.isalnum():
        return True
    return not _closes_later(text, at + 1)


def _closes_later(text: str, at: int) -> bool:
    """Whether a single quote closes behind, before another opens."""
    word = BETWEEN.match(text, at).end()  # type: ignore[union-attr]  # it may be empty
    if text[word : word + 1] in SINGLE:
        closes = text[word] != "‘" and word > at
        return closes and text[word - 1] in ".,?!…"
    stops = _stops(text)
    place = bisect_left(stops, word + 1)
    return word < len(text) and place < len(stops) and text[stops[place]] != "‘"


@lru_cache(maxsize=64)
def _stops(text: str) -> list[int]:
    return [stop.start() for stop in STOP.finditer(text)]


def _inside_word(text: str, at: int) -> bool:
    """As the Hebrew gershayim, and as an apostrophe, do."""
    if text[at] in "«»„「」『』":
        return False
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    hebrew = "\u05d0" <= before <= "\u05ea" and "\u05d0" <= after <= "\u05ea"
    return hebrew or (text[at] in SINGLE and before.isalnum() and after.isalnum())
