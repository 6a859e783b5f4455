"""Where the links of a text are, as X sees them: it links bare names too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from connectors.x.top_level_domains import TLDS

Span = tuple[int, int]

_LONGEST_LINK = 4096
_LONGEST_LABEL = 63  # as DNS writes it
_LONGEST_SLUG = 40  # of a t.co link
_LONGEST_TLD = max(map(len, TLDS))

_LATIN = "À-ÖØ-öø-ÿĀ-ɏɓɔɖɗəɛɣɨɯɲʉʻ\u0300-\u036fḀ-ỿ"  # letters with accents
_SPACES = "\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_INVISIBLE = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\ufeff\uffff"
_SCHEME = re.compile("(?<![a-z0-9@＠$#＃\ufffe\ufeff\uffff])https?://", re.IGNORECASE)
_HOST = re.compile(rf"[^!#%&'()*+,/:;<=>?@\[\]^{{|}}~$\\{_SPACES}{_INVISIBLE}]+")
_LABEL = re.compile(r"[^-_.](?:[^.]*[^-_.])?\.")  # and the dot behind it
_LETTERS = rf"[-0-9a-z{_LATIN}]++"
_NAME = re.compile(rf"(?:{_LETTERS}\.)++|{_LETTERS}", re.IGNORECASE)
_OPENING = re.compile(r"[^A-Za-z0-9._-]")  # a letter that a bare name may follow
_NOT_BEFORE = re.compile("[A-Za-z0-9@＠$#＃\ufffe\ufeff\uffff_./-]")
_ENCODED = re.compile("xn--[-0-9a-z]+", re.IGNORECASE)
_NOT_AFTER = re.compile(r"[0-9A-Za-z@+-]")  # a top-level domain

_PORT = re.compile(r":[0-9]+")
_STEP = rf"[a-z0-9Ѐ-ӿ!*';:=+,.$/%#\[\]–_~@|&{_LATIN}-]"
_PATH = re.compile(
    rf"/(?:{_STEP}|\((?:{_STEP}+|{_STEP}*\({_STEP}+\){_STEP}*)\))*", re.IGNORECASE
)
_PATH_END = re.compile(rf"[a-z0-9Ѐ-ӿ=_#/+){_LATIN}-]", re.IGNORECASE)
_QUERY = re.compile(r"\?[a-z0-9!?*'@();:&=+$/%#\[\]_.,~|-]*", re.IGNORECASE)
_QUERY_END = re.compile(r"[a-z0-9_&=#/-]", re.IGNORECASE)
_SHORT = re.compile(r"https?://t\.co/([a-z0-9]+)", re.IGNORECASE)


def links(text: str) -> list[Span]:
    """Where each link begins and ends, in order."""
    found: list[Span] = []
    at = 0
    for scheme in _SCHEME.finditer(text) if "." in text else ():
        end = _with_scheme(text, scheme) if scheme.start() >= at else None
        if end is None:
            continue
        for span in _bare(text, at, scheme.start()):
            found.append(span)
            at = span[1]
        if at <= scheme.start():
            found.append((scheme.start(), end))
            at = end
    return [*found, *_bare(text, at, len(text))]


def _with_scheme(text: str, scheme: re.Match[str]) -> int | None:
    """Where the link ends that begins so."""
    start, at = scheme.span()
    host = _HOST.match(text, at)
    domain_end = _domain(text, *host.span()) if host else None
    if domain_end is None or not _writable(text[at:domain_end]):
        return None
    end = _tail(text, domain_end)
    if short := _SHORT.match(text, start, end):
        return _query(text, short.end()) if len(short[1]) <= _LONGEST_SLUG else None
    return end if end - start <= _LONGEST_LINK else None


def _bare(text: str, at: int, stop: int) -> Iterator[Span]:
    """Links without http:// that begin between these places."""
    while "." in text[at:stop] and (host := _HOST.search(text, at, stop)):
        domain = _bare_domain(text, *host.span())
        at = domain[1] if domain else host.end()
        for start, end in _names(text, *domain) if domain else ():
            whole = _tail(text, end) if end == at else end
            yield start, whole
            at = max(at, whole)


def _bare_domain(text: str, start: int, stop: int) -> Span | None:
    """A domain with any letters in it, and none before it that a name stands in."""
    if start == 0 or not _NOT_BEFORE.match(text[start - 1]):
        end = _domain(text, start, stop)
        if end is not None:
            return start, end
    opening = _OPENING.search(text, start, stop)
    if opening is None:
        return None
    end = _domain(text, opening.end(), stop)
    return None if end is None else (opening.end(), end)


def _domain(text: str, start: int, stop: int) -> int | None:
    """Where a domain ends that begins here: at the last top-level domain."""
    ends = []
    while label := _LABEL.match(text, start, stop):
        start = label.end()
        if "_" not in label[0] and (end := _top_level(text, start, stop)):
            ends.append(end)
    return ends[-1] if ends else None


def _names(text: str, start: int, stop: int) -> Iterator[Span]:
    """Names in Latin letters in a domain: only these are linked without http://."""
    while name := _NAME.search(text, start, stop):
        end = _domain_in_latin(text, name, stop)
        start = end or name.end()
        if end and _writable(text[name.start() : end]):
            yield name.start(), end


def _domain_in_latin(text: str, name: re.Match[str], stop: int) -> int | None:
    at = name.end() if name[0].endswith(".") else name.start()  # else it is a word
    while at > name.start():
        if end := _top_level(text, at, stop):
            return end
        at = text.rfind(".", name.start(), at - 1) + 1
    return None


def _top_level(text: str, at: int, stop: int) -> int | None:
    """Where a top-level domain ends that begins here; the longest one."""
    if encoded := _ENCODED.match(text, at, stop):
        return encoded.end()
    for end in range(min(stop, at + _LONGEST_TLD), at + 1, -1):
        if text[at:end].lower() in TLDS and not _NOT_AFTER.match(text, end):
            return end
    return None


def _writable(domain: str) -> bool:
    """Whether DNS can hold it, other letters written as xn--."""
    return all(
        len(label) <= _LONGEST_LABEL
        if label.isascii()
        else not label.lower().startswith("xn--")
        and len(label.encode("punycode")) + 4 <= _LONGEST_LABEL
        for label in domain.split(".")
    )


def _tail(text: str, at: int) -> int:
    """Where a link's port, path and query end, with no mark of the sentence in it."""
    if port := _PORT.match(text, at):
        at = port.end()
    if path := _PATH.match(text, at):
        at = _without_marks(text, path, _PATH_END)
    return _query(text, at)


def _query(text: str, at: int) -> int:
    query = _QUERY.match(text, at)
    return _without_marks(text, query, _QUERY_END) if query else at


def _without_marks(text: str, part: re.Match[str], ending: re.Pattern[str]) -> int:
    """Its end, before the marks that close a sentence; a lone ? is one of them."""
    end = part.end()
    while end - 1 > part.start() and not ending.match(text[end - 1]):
        end -= 1
    lone = end - 1 == part.start() and text[part.start()] == "?"
    return part.start() if lone else end
