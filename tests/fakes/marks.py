"""What stands in a text beside plain words: links, mentions, hashtags, shortcodes.

Each kind of server finds them by rules of its own; these are read off what the
servers say of themselves, letter by letter, and hold no pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

SCHEMES = ("http://", "https://")
NEVER_LAST = "?!*\"'「」<>;:=,.$%[]~&|@…"
LAST_IN_QUERY = "=&"
OPENS = {")": "(", "]": "["}


class Sort(StrEnum):
    LINK = "link"
    MENTION = "mention"
    TAG = "tag"
    EMOJI = "emoji"


@dataclass(frozen=True)
class Mark:
    """One of them, and where it stands."""

    sort: Sort
    start: int
    end: int
    name: str  # the link, the tag, or the name of an account
    domain: str = ""  # of a mention


Reader = Callable[[str, int], Mark | None]


def marks(text: str, *readers: Reader) -> Iterator[Mark]:
    """All of them in order; where two could begin, the first reader wins."""
    at = 0
    while at < len(text):
        found = next(filter(None, (read(text, at) for read in readers)), None)
        if found:
            yield found
        at = found.end if found else at + 1


def links(text: str) -> list[str]:
    return [mark.name for mark in marks(text, link)]


def link(text: str, at: int) -> Mark | None:
    """An address with its scheme, without the marks of the sentence around it."""
    scheme = next((s for s in SCHEMES if text[at : at + 8].lower().startswith(s)), "")
    if not scheme or (at and _word(text[at - 1])):
        return None
    end = at + len(scheme)
    while end < len(text) and not text[end].isspace() and text[end] not in '<>"“”':
        end += 1
    end = _without_closing(text, at, end)
    if end <= at + len(scheme) or not _word(text[at + len(scheme)]):
        return None
    return Mark(Sort.LINK, at, end, text[at:end])


def mention(text: str, at: int) -> Mark | None:
    """As Mastodon finds one: words joined by dots and dashes, and perhaps a domain."""
    if text[at] != "@" or (at and (_word(text[at - 1]) or text[at - 1] in "=/")):
        return None
    end = _joined(text, at + 1, _latin, ".-")
    name, domain = text[at + 1 : end], ""
    if name and text[end : end + 1] == "@":
        stop = _port(text, _joined(text, end + 1, _word, ".-"))
        domain = text[end + 1 : stop]
        end = stop if domain else end
    return Mark(Sort.MENTION, at, end, name, domain) if name else None


def tag(text: str, at: int) -> Mark | None:
    """A hashtag, which holds one letter at least, and may hold middle dots."""
    if text[at] not in "#＃" or (at and (_word(text[at - 1]) or text[at - 1] in "=/)")):
        return None
    end = _joined(text, at + 1, _word, "·・")
    name = text[at + 1 : end]
    if not any(letter.isalpha() for letter in name):
        return None
    return Mark(Sort.TAG, at, end, name)


def emoji(text: str, at: int) -> Mark | None:
    """A shortcode between colons, which is no part of a time."""
    end = _joined(text, at + 1, _latin, "")
    name = text[at + 1 : end]
    if text[at] != ":" or len(name) < 2 or text[end : end + 1] != ":":
        return None
    if not any(letter.isalpha() for letter in name):
        return None
    return Mark(Sort.EMOJI, at, end + 1, text[at + 1 : end])


def _without_closing(text: str, at: int, end: int) -> int:
    """Less the marks that end a sentence, and brackets that it did not open."""
    while end > at:
        last, before = text[end - 1], text[at : end - 1]
        if last in OPENS and OPENS[last] in before:
            break
        in_query = "?" in before and last in LAST_IN_QUERY
        if (last in NEVER_LAST and not in_query) or last in OPENS:
            end -= 1
        else:
            break
    return end


def _joined(text: str, at: int, fits: Callable[[str], bool], joints: str) -> int:
    """Where a run of such letters ends; joints count between two of them alone."""
    end = at
    while end < len(text) and fits(text[end]):
        end += 1
        after = end
        while after < len(text) and text[after] in joints:
            after += 1
        if after < len(text) and fits(text[after]):
            end = after
    return end


def _port(text: str, at: int) -> int:
    end = at + 1
    while end < len(text) and text[end].isdigit():
        end += 1
    return end if text[at : at + 1] == ":" and end > at + 1 else at


def _word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def _latin(letter: str) -> bool:
    return _word(letter) and letter.isascii()
