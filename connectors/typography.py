"""Typography: the signs of a text, as setters and markup engines may change them.

What stays the same here says the same: `--` and `–`, `"` and `«`, `...` and `…`. Any
other sign (a minus, a currency, a question mark) is another text.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from connectors.links import without_links

_VARIATIONS = "\ufe0e\ufe0f"  # of an emoji; servers add and drop them
_DASHES = "‐‑‒–—―−-"
_ARROWS = {"<->": "↔", "->": "→", "<-": "←", "!=": "≠", "+-": "±"}
_ARROW = re.compile("|".join(map(re.escape, _ARROWS)))
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛‹›´", "'"))
_SETTINGS = (  # what typographers make one of
    (re.compile(r"\.{2,}"), "…"),
    (re.compile(r"([?!])[?!]{3,}"), r"\1\1\1"),
    (re.compile(r",{2,}"), ","),
    (re.compile(rf"[{_DASHES}]+"), "-"),
)
_NAMES = re.compile(r"\((c|r|tm)\)", re.IGNORECASE)
_NAMED = {"c": "©", "r": "®", "tm": "™"}
_TAG = re.compile(r"[#＃]\w+")
_BULLET = re.compile(  # before a figure `+` may be a sign
    rf"^[^\S\n]*(?:[*•{_DASHES}]|\+(?=\s+[^\W\d]))\s+", re.MULTILINE
)
_NUMBER = re.compile(r"^[^\S\n]*(\d{1,9})[.)](?=\s)", re.MULTILINE)

# Markup, where it is surely that: before a number a bullet may be a minus, and `>`
# more than; between figures a star is a sign.
_RULE = re.compile(
    r"^[^\S\n]*(?:([-*_])(?:[^\S\n]*\1){2,}|=+|-+)[^\S\n]*$", re.MULTILINE
)
_HEADING = re.compile(r"^[^\S\n]*#{1,6}\s+", re.MULTILINE)
_BEFORE_WORDS = r"(?=[^\w\n]*+[^\W\d])"
_BEGINNINGS = re.compile(  # of quotes and points, one inside the other
    rf"^[^\S\n]*+(?:(?:>|[*+•{_DASHES}](?=\s)|#{{1,6}}(?=\s))[^\S\n]*+)++{_BEFORE_WORDS}",
    re.MULTILINE,
)
_STRUCK = re.compile(r"\[/?s\]")
_BBCODE = re.compile(
    r"\[/?(?:b|i|u|url|quote|code|list|li|\*|color|size)(?:=[^\]]*)?\]"
)
_LINKED = re.compile(r"\[([^\[\]\n]*)\]\(\s*\)")  # its address is out already
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_WORD = re.compile(r"\w")
_PARTED = re.compile(rf"((?<=\w)\s+(?=\w)|(?<=\d)\s+|(?<!\s)\s+(?=[+{_DASHES}]?\d))")
_RUN = re.compile(r"\n[^\S\n]*\n|\*+|_+|`+")  # of signs, or where a paragraph ends


def visible(text: str) -> str:
    """In one Unicode form, without what can't be seen."""
    whole = unicodedata.normalize("NFC", text)
    unseen = (
        letter
        for letter in set(whole)
        if letter in _VARIATIONS or unicodedata.category(letter) == "Cf"
    )
    return whole.translate(str.maketrans("", "", "".join(unseen)))


def normalize_spaces(text: str) -> str:
    """With one space where white space parts words, and none elsewhere."""
    return "".join(
        "".join(piece.split()) if number % 2 == 0 else " "
        for number, piece in enumerate(_pieces(text))
    )


@lru_cache(maxsize=5_000)  # a channel's plan is compared with each post that joins it
def words_without_links(text: str) -> str:
    """What is said beside the links, with one space between words."""
    words = unicodedata.normalize("NFC", without_links(text))
    seen = (one for one in words if unicodedata.category(one) != "Cf")
    return " ".join("".join(seen).split())


def normalize_letters(text: str) -> str:
    """In one Unicode form, without what can't be seen; spaces where they part words."""
    return normalize_spaces(visible(text))


def normalize_signs(text: str) -> str:
    """Its signs, each in one way of setting it."""
    told = visible(html.unescape(text))
    told = _TAG.sub(lambda tag: tag[0].casefold(), told)
    told = _NUMBER.sub(r"\1.", _BULLET.sub("- ", told))
    told = _ARROW.sub(lambda sign: _ARROWS[sign[0]], told)
    told = _NAMES.sub(lambda name: _NAMED[name[1].casefold()], told)
    told = told.translate(_QUOTES)
    for several, one in _SETTINGS:
        told = several.sub(one, told)
    return normalize_spaces(unicodedata.normalize("NFC", told))


def strip_markup(text: str) -> str:
    """Without what a server may read as Markdown or BBCode, and take out."""
    told = _BBCODE.sub("", _STRUCK.sub("~~", visible(text)))
    told = _LINKED.sub(r"\1", _RULE.sub("", told))
    told = _HEADING.sub("", _BEGINNINGS.sub("", told))
    told = _ESCAPED.sub(r"\1", told)
    return _unstressed(told)


def _unstressed(text: str) -> str:
    """Without pairs of stars, strokes and ticks around words; one alone is a sign."""
    opened: dict[str, tuple[int, int]] = {}
    pairs: list[tuple[int, int]] = []
    for run in _RUN.finditer(text):
        sign, place = run[0], run.span()
        before, after = text[place[0] - 1 : place[0]], text[place[1] : place[1] + 1]
        if sign[0] == "\n":
            opened.clear()
        elif sign in opened and before.strip() and not _WORD.match(after):
            pairs += [opened[sign], place]
            opened = {one: at for one, at in opened.items() if at < opened[sign]}
        elif after.strip() and not _WORD.match(before):
            opened[sign] = place
    return _without(text, sorted(pairs))


def _without(text: str, places: Sequence[tuple[int, int]]) -> str:
    pieces, at = [], 0
    for start, end in places:
        pieces.append(text[at:start])
        at = end
    return "".join([*pieces, text[at:]])


def _pieces(text: str) -> list[str]:
    """Stretches of text, and between them what parts words, or a figure from a sign."""
    return _PARTED.split(text.strip())
