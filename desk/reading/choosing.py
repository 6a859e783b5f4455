"""Which of several sources is right, field by field, by rules that are written down."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime

import regex

from desk.reading.days import days_in
from desk.reading.folding import fold

LONGEST = 1_000  # letters of a headline
LONGEST_DATE = 100  # letters; with weekday and zone by name they have 40
CLOCK = regex.compile(r"\d:\d\d|T\d\d")
SUFFIX = regex.compile(r"(?<!\s)\s+(?:[|•·»:–—-]|::|//)\s+(?=[^|•·»–—]{2,60}$)")
PREFIX = regex.compile(r"(?<=^[^|•·»–—]{2,40})\s+[|•»]\s+")
SPLIT_NAMES = regex.compile(
    r"(?:[;|•·]|,(?!\s*+(?:Jr|Sr|M\.?D|Ph)\b)|\s(?:and|und|et|y|e|og|och|en|&)\s)\s*"
)
BY = regex.compile(
    r"^\s*(?:by|von|par|por|di|de|door|af|av|text|autor(?:in)?|written by|"
    r"reported by)\s*:?\s+",
    regex.IGNORECASE,
)
NO_PERSON = regex.compile(
    r"https?:|www\.|@|\.(com|de|org|net|fr|it|es|co)\b|\b(redaktion|redaction|newsroom|"
    r"staff|editors?|team|admin|desk|reporters?|correspondents?|agentur(?:en)?|"
    r"agency|agencies|quelle|source|developer|webmaster|news)\b|\d",
    regex.IGNORECASE,
)

NUMBERED = regex.compile(r"(?=.*\d)[\w-]{16,}")  # a content system's own number
LISTED = regex.compile(r"[,;|、،]")
TOPICS, TOPIC, TOPIC_WORDS = 12, 50, 5  # topics, letters of one, words of one
ADDRESSED = regex.compile(r"\((?:www\.|https?:)")
SLUG = regex.compile(r"\p{Ll}+(?:-\p{Ll}+)+")


def plain_line(text: str) -> str:
    """One line, with entities decoded, twice where a site escaped twice."""
    text = html.unescape(html.unescape(text))
    if "<" in text:
        text = regex.sub(r"</?[a-zA-Z][^<>]{0,200}>", "", text)
    return " ".join(text.replace("\u00ad", "").replace("\u200b", "").split())


def title(said: str, sites: Iterable[str]) -> str:
    """What one source calls the article, without the site's name."""
    names = {fold(site) for site in sites if site}
    return without_site(plain_line(said[:LONGEST]), names)


def headline(said: dict[str, str]) -> str:
    """JSON-LD's, else OpenGraph's, else Twitter's, else the h1, else the title.

    Measured: newsrooms write the first ones for machines with care, while the h1
    has kickers grown onto it and the title the site's name. What the others say is
    kept for the editor.
    """
    order = ("json-ld", "opengraph", "twitter", "h1", "title")
    return next((said[source] for source in order if said.get(source)), "")


def without_site(title: str, names: set[str]) -> str:
    """The title without the site's name, or a date, behind it or before it."""
    while (parts := SUFFIX.split(title))[1:] and _is_site(parts[-1], names):
        title = title[: title.rfind(parts[-1])].rstrip(" |•·»:–—-/")
    parts = PREFIX.split(title)
    if len(parts) > 1 and _is_site(parts[0], names):
        title = title[len(parts[0]) :].lstrip(" |•·»:–—-/")
    return title


def _is_site(words: str, names: set[str]) -> bool:
    squeezed = _squeezed(words)
    if not squeezed or squeezed.isdecimal():
        return True
    return any(
        squeezed == name
        or (len(squeezed) > 3 and squeezed in name)
        or (len(name) > 3 and name in squeezed)
        for name in map(_squeezed, names)
        if name
    )


def _squeezed(text: str) -> str:
    """Letters and digits, umlauts as hosts write them."""
    spelt = fold(text).replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return str(regex.sub(r"[^\p{L}\p{N}]", "", spelt))


def authors(
    candidates: Sequence[Iterable[str]], sites: Iterable[str]
) -> tuple[str, ...]:
    """The first source that names people; a site's own name is none."""
    names = {fold(site) for site in sites if site}
    for source in candidates:
        people = [p for text in source for p in _people(text, names)]
        if people:
            return tuple(dict.fromkeys(people))
    return ()


def _people(text: str, sites: set[str]) -> list[str]:
    """The names in "By Jane Doe and John Roe"."""
    if ADDRESSED.search(text):  # a publisher with its address
        return []
    bare = BY.sub("", regex.sub(r"\([^()]*\)", "", plain_line(text)))
    parts = [part.strip(" .,-–—()") for part in SPLIT_NAMES.split(bare) if part]
    return [p for p in parts if is_person(p) and not _is_publisher(p, sites)]


def is_person(words: str) -> bool:
    """Whether this may be somebody's name; not a slug, a desk, or an address."""
    if not 1 < len(words) <= 60 or NO_PERSON.search(words):
        return False
    return SLUG.fullmatch(words) is None


def _is_publisher(name: str, sites: set[str]) -> bool:
    """The site's own name, or its letters among others ("MDR THÜRINGEN")."""
    folded = fold(name)
    hosts = {site.split(".")[0] for site in sites}
    return folded in sites or any(word in hosts for word in folded.split())


def topics(told: Iterable[str], sites: Iterable[str]) -> tuple[str, ...]:
    """Words of a few letters each, once, without the site's own name."""
    names = {fold(site) for site in sites if site}
    parts = (part for text in told for part in LISTED.split(plain_line(text)))
    found: dict[str, str] = {}
    for part in parts:
        topic = part.strip(" #.\"'")
        fits = 1 < len(topic) <= TOPIC and len(topic.split()) <= TOPIC_WORDS
        named = ":" not in topic and not NUMBERED.fullmatch(topic)
        if fits and named and fold(topic) not in names:
            found.setdefault(fold(topic), topic)
    return tuple(found.values())[:TOPICS]


@dataclass(frozen=True)
class Published:
    """When a story came out; only the day, where its source names no hour."""

    at: datetime  # a day is its midnight in UTC
    only_day: bool


def published(candidates: Iterable[str]) -> Published | None:
    """The first that is a date; its zone is kept, and one without is UTC's."""
    for text in candidates:
        if 0 < len(text) <= LONGEST_DATE:
            if at := _parsed(text.strip()):
                midnight = at.tzinfo is None and at.time() == time()
                if midnight or not CLOCK.search(text):
                    return _day(at)
                return Published(at if at.tzinfo else at.replace(tzinfo=UTC), False)
            if named := {day for _, day in days_in(text)}:
                return _day(named.pop()) if len(named) == 1 else None
    return None


def _day(of: date) -> Published:
    return Published(datetime(of.year, of.month, of.day, tzinfo=UTC), only_day=True)


def _parsed(text: str) -> datetime | None:
    iso = regex.sub(r"(?<!\s)\s*(?:UTC|GMT)$", "+00:00", text.replace("/", "-"))
    iso = regex.sub(r"(\d)\s+([+-]\d{2}:?\d{2})$", r"\1\2", iso)
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(iso if read is datetime.fromisoformat else text)
        except (ValueError, TypeError, IndexError):
            continue
    return None
