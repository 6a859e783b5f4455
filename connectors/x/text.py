"""How X counts a text: by the weight of its letters, an emoji 2, any link 23."""

from __future__ import annotations

import re
import unicodedata

import regex

from connectors.x.links import links

LINK = 23
EMOJI = 2
REFUSED = re.compile("[\ufffe\uffff\ufeff]")  # X takes no post that holds one
CASHTAG = re.compile(r"(?<![\w$])\$[a-z]{1,6}(?:[._][a-z]{1,2})?(?!\w)", re.IGNORECASE)

# Letters of Latin, Greek, Cyrillic, Arabic, Thai and their like weigh one, and so do
# most spaces, dashes and quotation marks. Every other weighs two: “…”, “€” and “→” too.
_LIGHT = re.compile("[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]+")

_ONE = (
    r"(?:[©®™]\ufe0f"
    r"|[\p{Extended_Pictographic}--[©®™]](?:\ufe0f|(?!\ufe0e))\p{EMod}?)"
)
_EMOJI = regex.compile(
    r"[#*0-9]\ufe0f?\u20e3"  # a key
    r"|\p{RI}{2}"  # a flag
    rf"|{_ONE}(?:[\U000e0020-\U000e007e]+\U000e007f|(?:\u200d{_ONE})+)?",
    regex.VERSION1,
)


def weight(text: str) -> int:
    """Its length, as X says it."""
    whole = unicodedata.normalize("NFC", text)
    spans = links(whole)
    rest, at = [], 0
    for start, end in spans:
        rest.append(whole[at:start])
        at = end
    rest.append(whole[at:])
    return LINK * len(spans) + sum(map(_weight, rest))


def _weight(text: str) -> int:
    """Of a text without links."""
    if text.isascii():
        return len(text)
    words, emoji = _EMOJI.subn("", text)
    heavy = len(_LIGHT.sub("", words))
    return EMOJI * int(emoji) + len(words) + heavy
