"""One word: a password that is a word, with what rules made its owner put to it.

A season, a city or a name in any language, a year, and a sign or two: who guesses tries
each word that people know with each of the usual endings. No list holds all words, so
the shape decides: one word, and how many endings there are like its. Of two words it
counts how well known both are: those that are one name to everybody are
`desk.people.known_names`.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from math import prod

import regex

LOOKED_AT = 128  # letters
LONGEST_WORD = 20  # a longer one is several, written together
ALWAYS_A_WORD = 14  # letters; a longer one may be several all the same
LONGEST_SIGNS = 5  # where a letter is a syllable or a word
SHORTEST_PART = 4  # letters of a word that is written together with others
JOINED = 3  # of them; two are in many a word
COVERED = 0.7  # of the letters
LIKE_IT = 500_000  # endings: a birthday and a sign, or four digits and two
SAFE_GUESSES = 100_000_000
UNKNOWN = 30_000  # the rank of a word that is in no list, as are most languages'
YEARS = 50
DATES = 40_000
WALKS = 30
SIGNS = 10
SEPARATORS = 2
# What stands for a letter, inside a word.
_LEET = regex.compile(r"(?<=\p{L})[@!$€£*|0134578](?=\p{L})")
_WORD = regex.compile(r"\p{Lu}*[[\p{L}--\p{Lu}]\p{M}]+|[\p{Lu}\p{M}]+", regex.V1)
_OF_SIGNS = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_REST = regex.compile(r"\p{N}+|([^\p{N}])\1*")
_YEAR = re.compile(r"(19|20)?\d\d")
_DATE = re.compile(
    r"(0?[1-9]|[12]\d|3[01])(0?[1-9]|1[0-2])((19|20)?\d\d)"
    r"|(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])((19|20)?\d\d)"
    r"|((19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
)
_SMALL = regex.compile(
    r"a[mn]?|d|d(as?|e|el|er|i|ie|o|u)|el|i|i[lmn]|l|l(as?|es?|os)|mein|mi|mon|my|"
    r"of?|os|our|san|sao|st|the|v[ao]n",
    regex.IGNORECASE,
)
MOST_WORDS = 2


def guessed(password: str) -> bool:
    """Whether it is one word with an ending that many people would take."""
    plain = unicodedata.normalize("NFKC", password[:LOOKED_AT])
    told = _without_leet(plain)
    words = [one for one in _WORD.findall(told) if not _SMALL.fullmatch(one)]
    if not words or len(words) > MOST_WORDS:
        return False
    endings = prod(_like(one[0]) for one in _REST.finditer(_WORD.sub("", told)))
    if endings == 1:
        return False
    if len(words) == 1:
        return _is_one(words[0].casefold()) and endings <= LIKE_IT
    return prod(_rank(one.casefold()) for one in words) * endings <= SAFE_GUESSES


def _is_one(word: str) -> bool:
    if _OF_SIGNS.search(word):
        return len(word) <= LONGEST_SIGNS
    short = len(word) <= ALWAYS_A_WORD
    return short or (len(word) <= LONGEST_WORD and not _is_joined(word))


def _is_joined(word: str) -> bool:
    """Whether well-known words fill most of it, three of them or more."""
    filled, fewest = _filled(word)
    return fewest >= JOINED and filled >= COVERED * len(word)


def _filled(word: str) -> tuple[int, int]:
    """How many letters of it known words fill, and how few words fill so many."""
    best = [(0, 0)]  # up to each letter: filled, and less a word for each
    for end in range(1, len(word) + 1):
        found = [best[-1]]
        for begin in range(end - SHORTEST_PART + 1):
            if _rank(word[begin:end]) < UNKNOWN:
                filled, less = best[begin]
                found.append((filled + end - begin, less - 1))
        best.append(max(found))
    return best[-1][0], -best[-1][1]


def _rank(word: str) -> int:
    """Its place among the words that people know: the commonest is 1."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # here: they take a while
    from zxcvbn.matching import RANKED_DICTIONARIES as RANKED

    return int(min(RANKED[its].get(word, UNKNOWN) for its in FREQUENCY_LISTS))


def _without_leet(said: str) -> str:
    """Few of a word's letters are written so; what has many is no word."""
    plain, many = _LEET.subn("x", said)
    return plain if many * 3 <= len(_LEET.sub("", said)) else said


def _like(run: str) -> int:
    """How many others of its kind are tried with it."""
    if not run.isdecimal():
        return (SEPARATORS if run[0] in " -_.,'" else SIGNS) * len(run)
    if _YEAR.fullmatch(run):
        return YEARS
    if _walks(run):
        return WALKS
    usual = 10 ** len(run)
    return min(usual, DATES) if _DATE.fullmatch(run) else int(usual)


def _walks(run: str) -> bool:
    """123, 321, 000: from each digit to the next is the same step."""
    steps = {int(other) - int(one) for one, other in pairwise(run)}
    return len(run) > 2 and len(steps) == 1 and steps <= {-1, 0, 1}
