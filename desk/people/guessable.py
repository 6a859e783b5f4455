"""Guessable: what of a password stands in everybody's first tries.

A famous saying, one's own name, a walk along the keys or a block that repeats is one
guess, however long it is: it counts as its first letter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

import regex

from desk.people.famous import PHRASES
from desk.people.known_names import KNOWN_NAMES

LOOKED_AT = 128  # letters
SHORTEST_NAME = 4  # a shorter one stands in many words
SHORTEST_WALK = 4  # keys: “were” walks along three
LEET = str.maketrans("@4031!$57", "aaoeiisst")
SHIFTED = str.maketrans("!@#$%^&*()", "1234567890")
ROWS = [
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
]
COLUMNS = [
    "qaz",
    "wsx",
    "edc",
    "rfv",
    "tgb",
    "yhn",
    "ujm",
    "aqw",
    "zsx",
    "1qa",
    "2ws",
    "3ed",
    "4rf",
    "5tg",
    "6yh",
    "7uj",
    "8ik",
    "9ol",
]
STEPS = frozenset(
    pair
    for row in (*ROWS, *COLUMNS)
    for one, other in pairwise(row)
    for pair in (one + other, other + one)
)
_block = regex.compile(r"(.{3,20}?)\1+|(.{1,2}?)\2{2,}")


def rest(password: str, about: Iterable[str]) -> tuple[str, ...]:
    """What stays to be guessed once all that is known counts as a letter.

    Read as keys and as letters; nothing where none of it is known. `about`: what
    everyone knows of this person.
    """
    plain = unicodedata.normalize("NFKC", password[:LOOKED_AT]).casefold()
    names = tuple(sorted({_letters(one.casefold()) for one in about}))
    found = [_left(_letters(plain.translate(how)), names) for how in (SHIFTED, LEET)]
    return tuple(left for left in found if left is not None)


def unrepeated(password: str) -> str:
    """The same without what repeats."""
    return str(_block.sub(r"\1\2", password[:LOOKED_AT]))


def _left(said: str, names: tuple[str, ...]) -> str | None:
    """None where nothing of it is known."""
    left = said[::2] if said[::2] == said[1::2] else said  # each letter twice
    for known in _known(names):
        left = left.replace(known, known[0])
    left = _block.sub(r"\1\2", _without_walks(left))
    return left if left != said else None


@cache
def _known(names: tuple[str, ...]) -> tuple[str, ...]:
    """The longest first: what stands in another is no word of its own."""
    own = [one for one in names if len(one) >= SHORTEST_NAME]
    columns = [keys for one in COLUMNS for keys in (one, one[::-1])]
    return tuple(
        sorted(
            {*PHRASES, *KNOWN_NAMES, *own, *columns}, key=lambda one: (-len(one), one)
        )
    )


def _without_walks(said: str) -> str:
    """Keys that lie beside each other, pressed one after the other."""
    kept, begin = "", 0
    for end in range(1, len(said) + 1):
        if said[end - 1 : end + 1] in STEPS:
            continue
        walk = said[begin:end]
        kept += walk[0] if len(walk) >= SHORTEST_WALK else walk
        begin = end
    return kept


def _letters(said: str) -> str:
    return "".join([letter for letter in said if letter.isalnum()])
