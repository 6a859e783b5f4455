"""Look-alikes: which names are drawn alike, and which can't be drawn at all."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import regex

_ALIKE = Path(__file__).with_name("look_alikes.txt")
# By their properties, and by what is drawn without a line although it is a sign: a
# Braille cell without dots, what stands for an object, and gaps in hieroglyphs.
_BLANK = regex.compile(
    r"[[\p{Default_Ignorable_Code_Point}&&\p{L}]"  # fillers: a letter that is not there
    r"\u2800\ufff9-\ufffc\U00013441\U00013442\U00016fe4\U0001d159]",
    regex.V1,
)
_UNSEEN = regex.compile(r"[[\p{C}\p{Default_Ignorable_Code_Point}]--\s]+", regex.V1)
_AHEAD = regex.compile(r"[[\p{P}\p{Sk}]--[@#]]", regex.V1)
_BEHIND = regex.compile(r"[\p{P}\p{Sk}\s]", regex.V1)
_NO_WORD = regex.compile(r"[^\p{L}\p{N}\p{M}]+")
_STEPS = 4  # what a twin is drawn as may have a twin of its own

# Joiners between letters are spelling (Persian, Indic) and are folded, not refused.
_TURNS = regex.compile(r"\p{Bidi_Control}")
_NO_LETTER_OF_ANYBODY = regex.compile(r"[\p{Co}\p{Cn}\p{Cs}\p{Cc}]")
_LETTER = regex.compile(r"\p{L}")
_LONE = regex.compile(r"(?<![\p{L}\p{M}\u200c\u200d])\p{M}")
_HEAPED = regex.compile(r"\p{M}{6,}")
_ACROSS = regex.compile(  # they strike letters through, underline or enclose them
    r"[\p{Canonical_Combining_Class=1}\p{Me}"
    r"\u0305\u0332\u0333\u033f\u0347\ufe20-\ufe2f\u20d0-\u20f0]"
)
_WORD = regex.compile(r"[\p{L}\p{M}]+")
# Those that people write today, and what is written together.
_SCRIPTS = (
    "Latn|Grek|Cyrl|Armn|Geor|Hebr|Arab|Syrc|Thaa|Nkoo|Adlm|Rohg|Mand|Tfng|Ethi|Deva|"
    "Beng|Guru|Gujr|Orya|Taml|Telu|Knda|Mlym|Sinh|Thai|Laoo|Tibt|Mymr|Khmr|Mong|Cans|"
    "Cher|Bamu|Bali|Batk|Cakm|Cham|Java|Kali|Lepc|Limb|Lisu|Mtei|Plrd|Newa|Hmnp|Olck|"
    "Osge|Saur|Sund|Sylo|Tale|Talu|Lana|Tavt|Vaii|Wcho|Yiii|Bugi|Tglg|Hano|Buhd|Tagb|"
    "Latn+Hani+Hira+Kana|Latn+Hani+Bopo|Latn+Hani+Hang"
)


def _of(scripts: str) -> str:
    """A pattern for a word of these: with what belongs to all scripts."""
    its = "".join(rf"\p{{scx={one}}}" for one in scripts.split("+"))
    return rf"[{its}\p{{scx=Zyyy}}\p{{scx=Zinh}}]+"


_ONE_SCRIPT = regex.compile("|".join(map(_of, _SCRIPTS.split("|"))))


def _facts() -> dict[str, str]:
    """What each letter is drawn as; of one in two cases, its capital decides."""
    rows = [line.split() for line in _ALIKE.read_text().splitlines() if line[0] != "#"]
    return {_letters(one): _letters(*others) for one, *others in rows}


def _letters(*codes: str) -> str:
    return "".join(chr(int(code, 16)) for code in codes)


_TWINS = _facts()


def key(name: str) -> str:
    """The same for all spellings that a reader could take for one name.

    A full stop behind it, or brackets around it, make no other one; empty where there
    is nothing else to see.
    """
    said = _seen(name)
    ahead, behind = (set(one.findall(said)) for one in (_AHEAD, _BEHIND))
    return said.lstrip("".join(ahead)).rstrip("".join(behind)).strip()


def letters_and_digits(name: str) -> str:
    """Its letters and digits alone: what the desk calls itself is known by them."""
    return str(_NO_WORD.sub("", key(name)))


def _seen(name: str) -> str:
    drawn = unicodedata.normalize("NFKC", _BLANK.sub(" ", name))
    return by_twins(_UNSEEN.sub("", drawn).casefold())


def by_twins(same: str) -> str:
    """Each letter by the one that is drawn like it."""
    for _ in range(_STEPS):
        same = "".join(map(_twin, unicodedata.normalize("NFD", same)))
    return " ".join(unicodedata.normalize("NFC", same).split())


def _twin(letter: str) -> str:
    capital = letter.upper()
    return _TWINS.get(capital, _TWINS.get(letter, letter)).casefold()


def flaw(name: str) -> str:
    """Why readers could not tell what this name is, in a sentence; or nothing."""
    if _TURNS.search(name):
        return "This name turns its letters around by an unseen sign: type it anew."
    if _NO_LETTER_OF_ANYBODY.search(name):
        return "This name has a sign that no alphabet knows: type it without it."
    if not _seen(name):
        return "Nobody can see this name: it needs letters."
    if _BLANK.search(name):
        return "This name has a sign that nobody sees: type it without it."
    if _ACROSS.search(name):
        return "This name is struck through or underlined: type its letters alone."
    if _LONE.search(name):
        return "This name has an accent without a letter: type the letter before it."
    if _HEAPED.search(name):
        return "This name has too many accents on one letter: type fewer."
    if not _LETTER.search(name):
        return "This name has no letter: it needs one at least."
    if not all(map(_ONE_SCRIPT.fullmatch, _WORD.findall(name))):
        return "A word of this name mixes letters of two alphabets: type it in one."
    return ""
