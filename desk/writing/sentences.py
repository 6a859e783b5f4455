"""Sentences: where one ends, in the article's own letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from desk.writing.languages import ORDINAL_POINT, UNCASED
from desk.writing.marks import OPENING, Span, bracketed, paired
from desk.writing.speech import verbs

ENDS = re.compile(r"[.!?…‽]+|[。！？｡]+|[।॥؟۔]+")
WIDE = frozenset("。！？｡")
ROMAN = re.compile(r"[IVXLC]+")
BEFORE_WORD = re.compile(r"[\s(\[“„«\"'‘’/–—-]")
SHORTENED = """
    mr mrs ms dr prof st jr sr vs etc no nos inc ltd co corp gen sen rep gov lt
    col sgt capt cmdr maj rev hon pres supt det insp messrs jan feb mar apr jun
    jul aug sep sept oct nov dec ave blvd rd fig figs approx est dept univ vol
    ed pp ft cf al op ca bzw usw mio mrd mia nr str tel geb gest evtl ggf inkl
    exkl dipl ing bspw sog vgl abs art abk allg bes hl jhdt jh kath ev rer nat
    phil med jur hr fr frl zzgl tsd vors stv mme mlle mm av bd env sra srta dra
    lic ud uds pág avda aprox excmo sig sigg dott avv on ecc pag гг ул им руб
    млн тыс млрд др пр стр акад проф гр см ing mgr bc mudr judr phdr tzv např
    resp atd ul im al prof tj mr gen płk hab dhr mevr drs mln mld bl bijv enz
    o.a kr ca osv bl.a f.eks jf mv dvs kl doç yrd av sok cad bkz vb vd
"""
ABBREVIATIONS = frozenset(SHORTENED.split())
SPOKEN_BY = 60  # letters after a quote in which its verb of speech must come
NEAR = 100  # letters before and behind a mark that say whether a sentence ends there


@dataclass(frozen=True)
class Sentence:
    """A stretch of a paragraph. Not whole: it stops without an end mark."""

    text: str
    start: int
    end: int
    whole: bool = True


def split(paragraph: str, language: str = "") -> tuple[Sentence, ...]:
    """Every sentence of a paragraph. A quote or bracket is never taken apart.

    Where a point may be an abbreviation's, the sentence goes on: two sentences
    taken for one are still whole.
    """
    found = []
    for line in re.finditer(r"[^\n\r\u2028\u2029]+", paragraph):
        found += list(_of_line(line.group(), line.start(), language))
    return tuple(found)


def _of_line(line: str, offset: int, language: str) -> Iterator[Sentence]:
    start = 0
    ends = dict.fromkeys(_ends(line, language))
    for end in [*ends, len(line)]:
        text = line[start:end]
        if text.strip():
            first = start + len(text) - len(text.lstrip())
            last = first + len(text.strip())
            span = (offset + first, offset + last)
            yield Sentence(line[first:last], *span, whole=end in ends)
        start = end


def _ends(line: str, language: str) -> Iterator[int]:
    closed = paired(line).quotes + bracketed(line)
    closing, held = {span.end for span in closed}, _held(closed, len(line))
    for mark in ENDS.finditer(line):
        end = _past_closing(line, mark.end(), closing)
        if held[end]:
            continue
        if _ends_here(line, mark, end, language):
            yield end


def _held(spans: Sequence[Span], letters: int) -> list[int]:
    """For each place in how many of these it is."""
    steps = [0] * (letters + 2)
    for span in spans:
        steps[span.start + 1] += 1
        steps[span.end] -= 1
    return [*accumulate(steps)]


def _past_closing(line: str, end: int, closing: set[int]) -> int:
    """Where a sentence stops that ends here: behind the marks that close on it."""
    while True:
        near = line[end : end + NEAR]
        at = end + len(near) - len(near.lstrip())
        if at + 1 not in closing:
            return end
        end = at + 1


def _ends_here(line: str, mark: re.Match[str], end: int, language: str) -> bool:
    rest = line[end : end + NEAR]
    if not rest.strip():
        return not line[end:].strip()
    if mark.group()[0] in WIDE:
        return end == mark.end() or rest[0].isspace() or _after_colon(line, end)
    if not rest[0].isspace() or _goes_on(rest):
        return False
    if mark.group() == ".":
        before = line[max(0, mark.start() - NEAR) : mark.start()]
        return not _shortened(before, language)
    if "…" in mark.group() or mark.group().startswith(".."):
        return False
    if end > mark.end():  # a quote closed: “Really?” Cruise asked.
        return not _is_spoken(rest, language)
    return True


def _after_colon(line: str, end: int) -> bool:
    """The quote that closes here stood behind a colon: 他说：“走吧。”"""
    opened = (span.start for span in paired(line).quotes if span.end == end)
    return any(line.endswith(("：", ":"), 0, start) for start in opened)


def _goes_on(rest: str) -> bool:
    """What follows starts in lower case: no new sentence."""
    letter = next((c for c in rest if not c.isspace() and c not in OPENING), "")
    return letter.islower() or letter in ",;:)"


def _shortened(before: str, language: str) -> bool:
    """The point belongs to an abbreviation, an initial or an ordinal."""
    word = BEFORE_WORD.split(before)[-1]
    if language in ORDINAL_POINT and (
        (word.isdigit() and len(word) < 3) or ROMAN.fullmatch(word)
    ):
        return True
    if len(word) == 1 and word.isalpha() and language not in UNCASED:
        return True
    if re.fullmatch(r"(?:\w{1,3}\.)+\w{1,3}", word) and not word[-1].isdigit():
        return True
    return word.casefold() in ABBREVIATIONS


def _is_spoken(rest: str, language: str) -> bool:
    until = ENDS.search(rest)
    clause = rest[: min(until.start() if until else len(rest), SPOKEN_BY)]
    quote = min((i for i, c in enumerate(clause) if c in '“„«"'), default=len(clause))
    return bool(verbs(language).search(clause[:quote]))
