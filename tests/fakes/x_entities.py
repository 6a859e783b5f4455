"""The links that X finds in a text, and how long it says the text is.

By the words of twitter-text's third configuration, letter by letter:
https://developer.x.com/en/docs/counting-characters
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from tests.fakes.x_domains import COUNTRIES, GENERIC

URL_LENGTH = 23
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
SCHEMES = ("http://", "https://")
NEVER_BEFORE = "@＠$#＃\ufffe\ufeff"
IN_PATH = "!*';:=+,.$/%#[]-–_~@&|"
ENDS_PATH = "=_#/+-"
IN_QUERY = "!?*'();:&=+$/%#[]-_.,~|@"
ENDS_QUERY = "-_&=#/"
SHORTENER = "t.co"
SLUG = 41  # a slash and 40 letters


@dataclass(frozen=True)
class Link:
    start: int
    end: int
    typed: str

    @property
    def url(self) -> str:
        """Where it leads: one that was typed without its scheme has one."""
        known = self.typed.lower().startswith(SCHEMES)
        return self.typed if known else f"http://{self.typed}"


def links(text: str) -> list[Link]:
    return list(_links(text))


def length(text: str) -> int:
    """In X's own measure: a link is 23, an emoji 2, a letter of most scripts 2 or 1."""
    composed = unicodedata.normalize("NFC", text)
    total, end = 0, 0
    for link in _links(composed):
        total += _weight(composed[end : link.start]) + URL_LENGTH
        end = link.end
    return total + _weight(composed[end:])


def _weight(text: str) -> int:
    return sum(
        2 if _is_emoji(sign) else sum(1 if _is_light(one) else 2 for one in sign)
        for sign in regex.findall(r"\X", text)
    )


def _is_light(letter: str) -> bool:
    return any(low <= ord(letter) <= high for low, high in LIGHT)


def _is_emoji(sign: str) -> bool:
    """However many letters it is made of."""
    return any(letter >= "\U0001f000" or letter in "\ufe0f\u20e3" for letter in sign)


def _links(text: str) -> Iterator[Link]:
    at = 0
    while at < len(text):
        scheme = _scheme(text, at)
        end = _host(text, at, scheme) if _may_begin(text, at, bool(scheme)) else at
        if end > at:
            end = _rest(text, at, end, scheme)
            yield Link(at, end, text[at:end])
        at = end if end > at else at + 1


def _scheme(text: str, at: int) -> str:
    ahead = text[at : at + 8].lower()
    return next((text[at : at + len(s)] for s in SCHEMES if ahead.startswith(s)), "")


def _may_begin(text: str, at: int, schemed: bool) -> bool:
    before = text[at - 1] if at else " "
    if before in NEVER_BEFORE or (before.isascii() and before.isalnum()):
        return False
    return schemed or (before not in "-_./" and not _is_accented(before))


def _host(text: str, at: int, scheme: str) -> int:
    """Where the longest name of a site ends; where it began: there is none."""
    begins = at + len(scheme)
    end, found = begins, at
    while end < len(text) and _in_host(text[end], bool(scheme)):
        end += 1
    for stop in range(begins + 3, end + 1):
        labels = text[begins:stop].split(".")
        after = text[stop : stop + 1]
        if after and (after in "@_-+" or (after.isascii() and after.isalnum())):
            continue
        if len(labels) > 1 and _is_top(labels[-1], bool(scheme)) and _fit(labels):
            found = stop
    return _port(text, found) if found > at else at


def _in_host(letter: str, schemed: bool) -> bool:
    if letter.isascii():
        return letter.isalnum() or letter in "-_."
    if not schemed:
        return _is_accented(letter)
    return unicodedata.category(letter)[0] not in "PZC"


def _is_top(label: str, schemed: bool) -> bool:
    """With a scheme any word will do, as new ones come every year."""
    if label.lower() in GENERIC or label.lower() in COUNTRIES:
        return True
    return schemed and len(label) > 1 and label.isalpha()


def _fit(labels: list[str]) -> bool:
    domain = labels[-2]
    named = all(one and one[0] not in "-_" and one[-1] not in "-_" for one in labels)
    return named and "_" not in domain and all(map(_is_label, labels))


def _is_label(label: str) -> bool:
    """One that the name system can hold."""
    if label.isascii():
        return len(label) < 64
    return not label.startswith("xn--") and len(label.encode("punycode")) < 60


def _port(text: str, at: int) -> int:
    end = at + 1
    while end < len(text) and text[end].isdecimal() and text[end].isascii():
        end += 1
    return end if text[at : at + 1] == ":" and end > at + 1 else at


def _rest(text: str, begins: int, at: int, scheme: str) -> int:
    """Past its path and its query."""
    if text[begins + len(scheme) : at].lower() == SHORTENER:
        return _shortened(text, at)
    end = _path(text, at)
    return _query(text, end)


def _shortened(text: str, at: int) -> int:
    end = at + 1
    while end < len(text) and text[end].isascii() and text[end].isalnum():
        end += 1
    return _query(text, end) if text[at : at + 1] == "/" and end - at <= SLUG else at


def _path(text: str, at: int) -> int:
    if text[at : at + 1] != "/":
        return at
    end, found = at + 1, at + 1
    while end < len(text):
        letter = text[end]
        closes = text.find(")", end) if letter == "(" else -1
        if closes > end + 1 and all(_in_path(one) for one in text[end + 1 : closes]):
            end = found = closes + 1
        elif _in_path(letter):
            end += 1
            found = end if letter in ENDS_PATH or _in_word(letter) else found
        else:
            break
    return found


def _query(text: str, at: int) -> int:
    if text[at : at + 1] != "?":
        return at
    end, found = at + 1, at
    while end < len(text) and text[end].isascii():
        letter = text[end]
        if not (letter.isalnum() or letter in IN_QUERY):
            break
        end += 1
        found = end if letter.isalnum() or letter in ENDS_QUERY else found
    return found


def _in_path(letter: str) -> bool:
    return letter in IN_PATH or _in_word(letter)


def _in_word(letter: str) -> bool:
    """Latin, with its accents, and Cyrillic."""
    if letter.isascii():
        return letter.isalnum()
    return _is_accented(letter) or "\u0400" <= letter <= "\u04ff"


def _is_accented(letter: str) -> bool:
    latin = "\u00c0" <= letter <= "\u024f" or "\u1e00" <= letter <= "\u1eff"
    return (latin and letter not in "×÷") or "\u0300" <= letter <= "\u036f"
