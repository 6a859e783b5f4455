"""Which of several sources is right, field by field, by rules that are written down."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import regex

from desk.reading.folding import fold

SUFFIX = regex.compile(r"\s+(?:[|•·»:–—-]|::|//)\s+(?=[^|•·»–—]{2,60}$)")
PREFIX = regex.compile(r"(?<=^[^|•·»–—]{2,40})\s+[|•»]\s+")
SPLIT_NAMES = regex.compile(
    r"\s*(?:[;|•·]|,(?!\s*(?:Jr|Sr|M\.?D|Ph)\b)|\s(?:and|und|et|y|e|og|och|en|&)\s)\s*"
)
BY = regex.compile(
    r"^\s*(?:by|von|par|por|di|de|door|af|av|text|autor(?:in)?|written by|"
    r"reported by)\s*:?\s+",
    regex.IGNORECASE,
)
NO_PERSON = regex.compile(
    r"https?:|www\.|@|\.(com|de|org|net|fr|it|es|co)\b|\b(redaktion|redaction|newsroom|"
    r"staff|editors?|team|admin|desk|reporters?|correspondents?|agentur|agency)\b|\d",
    regex.IGNORECASE,
)


def plain(text: str) -> str:
    """One line, with entities decoded, twice where a site escaped twice."""
    text = html.unescape(html.unescape(text))
    if "<" in text:
        text = regex.sub(r"</?[a-zA-Z][^<>]{0,200}>", "", text)
    return " ".join(text.replace("\u00ad", "").replace("\u200b", "").split())


def headline(said: dict[str, str], sites: Iterable[str]) -> str:
    """The h1 where another source agrees with it; else JSON-LD, OpenGraph, the rest.

    The h1 is what readers see. Some sites put their own name in it, so one that
    nobody else repeats is not believed.
    """
    names = {fold(site) for site in sites if site}
    clean = {source: without_site(text, names) for source, text in said.items() if text}
    shown = clean.get("h1", "")
    others = [text for source, text in clean.items() if source != "h1"]
    if shown and any(_agree(shown, other) for other in others):
        return shown
    order = ("json-ld", "opengraph", "twitter", "h1", "title")
    return next((clean[source] for source in order if clean.get(source)), "")


def without_site(title: str, names: set[str]) -> str:
    """The title without the site's name behind it or before it."""
    for pattern, keep in ((SUFFIX, 0), (PREFIX, -1)):
        parts = [p for p in pattern.split(title) if p]
        if len(parts) < 2:
            continue
        rest = parts[-1] if keep == 0 else parts[0]
        if _is_site(rest, names):
            at = title.rfind(rest) if keep == 0 else len(rest)
            title = title[:at] if keep == 0 else title[at:]
            title = title.strip(" |•·»:–—-/")
    return title


def _is_site(words: str, names: set[str]) -> bool:
    squeezed = _squeezed(words)
    return bool(squeezed) and any(
        squeezed == _squeezed(name)
        or (len(squeezed) > 3 and squeezed in _squeezed(name))
        or (len(_squeezed(name)) > 3 and _squeezed(name) in squeezed)
        for name in names
    )


def _squeezed(text: str) -> str:
    return str(regex.sub(r"[^\p{L}\p{N}]", "", fold(text)))


def _agree(one: str, other: str) -> bool:
    """The same, or one inside the other, or most words in common."""
    a, b = fold(one), fold(other)
    if a == b or (min(len(a), len(b)) > 15 and (a in b or b in a)):
        return True
    words, others = set(a.split()), set(b.split())
    return len(words & others) * 2 > max(len(words), len(others))


def authors(
    candidates: Sequence[Iterable[str]], sites: Iterable[str]
) -> tuple[str, ...]:
    """The first source that names people; a site's or an agency's name is none."""
    names = {fold(site) for site in sites if site}
    for source in candidates:
        people = [p for text in source for p in _people(text) if fold(p) not in names]
        if people:
            return tuple(dict.fromkeys(people))
    return ()


def _people(text: str) -> list[str]:
    """The names in "By Jane Doe and John Roe"."""
    bare = BY.sub("", plain(text))
    parts = [part.strip(" .,-–—()") for part in SPLIT_NAMES.split(bare) if part]
    return [p for p in parts if 1 < len(p) <= 60 and not NO_PERSON.search(p)]


def moment(candidates: Iterable[str]) -> datetime | None:
    """The first that is a date; its zone is kept, and one without is UTC's."""
    for text in candidates:
        if text and (at := _parsed(text.strip())):
            return at if at.tzinfo else at.replace(tzinfo=UTC)
    return None


def _parsed(text: str) -> datetime | None:
    iso = regex.sub(r"\s*(?:UTC|GMT)$", "+00:00", text.replace("/", "-"))
    iso = regex.sub(r"(\d)\s+([+-]\d{2}:?\d{2})$", r"\1\2", iso)
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(iso if read is datetime.fromisoformat else text)
        except (ValueError, TypeError, IndexError):
            continue
    return None
