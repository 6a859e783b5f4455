"""Languages: which one an article is in, as far as writing must know."""

from __future__ import annotations

import re

SCRIPTS = (
    ("ja", re.compile("[\u3041-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ar", re.compile("[\u0620-\u064a]")),
    ("he", re.compile("[\u05d0-\u05ea]")),
    ("hi", re.compile("[\u0904-\u0939]")),
    ("th", re.compile("[\u0e01-\u0e2e]")),
    ("el", re.compile("[\u03b1-\u03c9]")),
    ("ru", re.compile("[\u0430-\u044f]")),
)
CAPITAL_NOUNS = frozenset({"de", "lb"})
UNSPACED = frozenset({"ja", "zh", "th"})
UNCASED = frozenset({"ja", "zh", "th", "ko", "ar", "he", "hi", "fa", "ur", "bn", "ta"})
ORDINALS = """
    de lb nb nn no da fi cs sk pl hr sl sr hu tr et lv is
"""
ORDINAL_POINT = frozenset(ORDINALS.split())


def primary(tag: str, text: str) -> str:
    """The language without its region; told by the script where there is no tag."""
    named = re.split("[-_]", tag.strip())[0].lower()
    if named:
        return {"iw": "he", "in": "id", "no": "nb"}.get(named, named)
    sample = text[:2000]
    counted = [(len(script.findall(sample)), name) for name, script in SCRIPTS]
    most = max(count for count, _ in counted)
    if most * 5 < len(sample):
        return ""
    if counted[0][0] * 10 > most:  # kana among Han: Japanese
        return "ja"
    return next(name for count, name in counted if count == most)


def names_show(language: str) -> bool:
    """Whether a capital letter inside a sentence marks a name."""
    return language not in CAPITAL_NOUNS | UNCASED
