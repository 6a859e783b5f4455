"""Words: what two texts are compared by."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import regex

from desk.writing.marks import folded

WORD = re.compile(r"\w+(?:[-'’]\w+)*")
UNSPACED = re.compile("[\u3041-\u30ff\u3400-\u9fff\u0e01-\u0e3a]+")
NUMBER = re.compile(r"\d+(?:[.,'’\u00a0\u202f\u2009 ]\d+)*")
ARABIC_POINTS = {"٬": ",", "٫": "."}
GROUPED = re.compile(r"\d{1,3}(?:[.,'’\u00a0\u202f\u2009 ]\d{3})+")
CAPITALISED = regex.compile(r"(?<!\w)\p{Lu}[\w'’-]*(?:[ \u00a0]+\p{Lu}[\w'’-]*)*")
OWNER = re.compile(r"(?<=['’]s)[ \u00a0]|(?<=s['’])[ \u00a0]", re.IGNORECASE)
POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])(?!\w)", re.IGNORECASE)
STEM = 6
FUNCTION_WORDS = """
    a an and are as at be been but by can could did do does for from had has
    have he her here him his how i if in into is it its just more most much my
    new no not now of on one or our out over really she so some such than that
    the their them then there these they this those to too under up very was we
    were what when where which while who why will with would yes you your about
    after again against all also any because before being between both during
    each even every first going good great last like make many next only other
    said says say same since still story take through today until want well der
    die das den dem des ein eine einen einem einer eines und oder aber auch auf
    aus bei bis für ist im in mit nach nicht noch nun nur ob sich sie er es sind
    so über um von vor war was wenn wer wie wird wir zu zum zur dass durch haben
    hat hatte kann mehr neue neuen sein sehr soll seine seiner ihre ihren unter
    werden wurde wurden zwischen le la les un une des du de et ou mais dans pour
    par sur avec sans est sont ce cette ces que qui au aux en plus pas ne se sa
    son ses leur leurs été être avoir fait comme el los las una unos unas del al
    y o pero con sin por para es son ha han se su sus lo que como más no este
    esta estos estas ser está entre sobre il lo gli i della delle dei degli nel
    nella che con per non una sono è di da o os as um uma no na nos nas do da
    dos das e em com não mais het een van en op te dat is voor met niet zijn aan
    det en et som på til av er og med har ikke den att för om är inte w z na do
    się nie jest że o i po od za v se je že na pro и в не на что с по из за для
    как это его к от до при был была было были bir ve bu da de için ile olarak
"""
SAY_LITTLE = frozenset(FUNCTION_WORDS.split())


@lru_cache(maxsize=4096)
def fold_for_comparing(text: str) -> str:
    """Folded for comparing: quote marks, dashes, spaces, case, digits of any script."""
    text = unicodedata.normalize("NFKC", folded(text))
    text = re.sub("[\u2010-\u2015\u2212]", "-", text)
    text = re.sub("[\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", "", text)
    return re.sub(r"\s+", " ", text).strip().casefold()


@lru_cache(maxsize=1024)
def telling(text: str) -> frozenset[str]:
    """The stems of the words that say what a text is about."""
    found = set()
    for word in WORD.findall(fold_for_comparing(text)):
        for run in UNSPACED.findall(word):
            found |= {run[i : i + 2] for i in range(max(1, len(run) - 1))}
        rest = UNSPACED.sub("", POSSESSIVE.sub("", word))
        if rest and rest not in SAY_LITTLE and (len(rest) > 2 or rest.isdigit()):
            found.add(rest[:STEM])
    return frozenset(found)


def alike(one: str, other: str) -> float:
    """How much of their telling words two texts share: from 0 to 1."""
    first, second = telling(one), telling(other)
    if not first or not second:
        return float(fold_for_comparing(one) == fold_for_comparing(other))
    return len(first & second) / len(first | second)


def count(text: str) -> int:
    """How many words; where none are written apart, every two letters count as one."""
    wide = sum(len(run) for run in UNSPACED.findall(text))
    return len(WORD.findall(UNSPACED.sub(" ", text))) + wide // 2


@lru_cache(maxsize=1024)
def numbers(text: str) -> frozenset[str]:
    """The numbers in a text, however their thousands are set apart."""
    western = "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else ARABIC_POINTS.get(c, c)
        for c in text
    )
    found: set[str] = set()
    for number in NUMBER.findall(western):
        found |= _readings(number)
    return frozenset(found)


def possessives_dropped(text: str) -> str:
    return POSSESSIVE.sub("", text)


def _without_possessives(run: str) -> list[str]:
    """Kamala Harris’ Canadian: two names, the second after the first one's."""
    parts = (possessives_dropped(part).strip() for part in OWNER.split(run))
    return [fold_for_comparing(part) for part in parts if part]


def _readings(number: str) -> set[str]:
    """1,234 and 1.234 and 1 234 are 1234; what is no grouping is its own parts."""
    if GROUPED.fullmatch(number):
        return {re.sub(r"\D", "", number)}
    return set(re.findall(r"\d+(?:[.,]\d+)*", number.replace("’", "'")))


@lru_cache(maxsize=1024)
def names(text: str) -> tuple[str, ...]:
    """Its runs of capitalised words, folded; not a sentence's lone first word."""
    found = []
    for run in CAPITALISED.finditer(text):
        before = text[: run.start()].rstrip(" \u00a0\t\n“„«\"'‘(¿¡")
        starts = not before or before[-1] in ".!?…:"
        words = run.group().split()
        if starts and fold_for_comparing(words[0]) in SAY_LITTLE:
            words = words[1:]
        if words and not (starts and len(words) == 1):
            found += _without_possessives(" ".join(words))
    return tuple(found)
