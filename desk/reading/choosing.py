"""Which of several sources is right, field by field, by rules that are written down."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime

import regex

from desk.reading.boilerplate import is_boilerplate
from desk.reading.bylines import day_of, names_in_byline, signed_by
from desk.reading.days import days_in
from desk.reading.folding import fold
from desk.reading.invitations import invites, tells_of_a_site
from desk.reading.notices import notice_in

LONGEST = 1_000  # letters of a headline
KICKED = 20  # letters of a title that an h1 ends with
FOR_DESKS = regex.compile(  # what agencies tell each other
    r"^(?:UPDATE|CORRECTED|CORRECTION|REFILE|RPT|WRAPUP|ADVISORY|REPEAT)"
    r"(?:[ -]?\d{1,2})?\s?[-–:]\s?"
)
LONGEST_DATE = 100  # letters; with weekday and zone by name they have 40
# a word of four letters and more; of scripts without spaces two signs that follow
WORD = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]{2}|[\p{L}\p{M}]{4,40}")
CUT = 60  # letters in which versions of a summary begin alike
CUT_OFF = regex.compile(r".{30,1000}[.!?。！？](?=\s|[^.\s])(?<!\.\.)", regex.DOTALL)
AGREES, STRANGE = 0.45, 0.1  # of a summary's words that the story has
STEM = 5  # letters that the forms of a word share
NUMERIC = regex.compile(
    r"(?:\p{L}{2,12},\s)?(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)\d\d)(?:,?[\sT]{1,3}(?:[-–]\s)?(\d{1,2}):(\d\d))?"
)
AMERICAN = frozenset(("en-us", "en-ph", "es-us"))
CLOCK = regex.compile(r"\d:\d\d|T\d\d")
SUFFIX = regex.compile(r"(?<!\s)\s+(?:[|•·»:–—-]|::|//)\s+(?=[^|•·»–—]{2,60}$)")
PREFIX = regex.compile(r"(?<=^[^|•·»–—]{2,40})\s+[|•»]\s+")
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
    bare = FOR_DESKS.sub("", without_site(plain_line(said[:LONGEST]), names))
    return "" if fold(bare) in names else bare


def headline(said: dict[str, str]) -> str:
    """What readers see and share where the two agree, else what is stated.

    JSON-LD is written for search engines, the h1 for readers, OpenGraph for those who
    share; but a page that shows JSON-LD's in its h2 has an h1 for search engines. What
    the others say is kept for the editor.
    """
    shared, seen = said.get("opengraph", ""), said.get("h1", "")
    shown = fold(said.get("h2", "")) == fold(said.get("json-ld", ""))
    agreed = bool(shared) and (fold(shared) == fold(seen) or _grown(seen, shared))
    if agreed and not shown:
        return shared
    order = ("json-ld", "opengraph", "twitter", "h1", "h2", "title")
    return next((said[source] for source in order if said.get(source)), "")


def _grown(seen: str, shared: str) -> bool:
    """The h1 is the shared title with a kicker grown onto it."""
    return len(shared) > KICKED and fold(seen).endswith(fold(shared))


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
    """The first source that names people; a site's own name is none.

    Where none does, the first that names an agency.
    """
    names = {fold(site) for site in sites if site}
    signed = [[_people(text, names) for text in source] for source in candidates]
    signed.sort(key=lambda source: not any(people for people, _ in source))
    for source in signed:
        if told := [name for people, agencies in source for name in people or agencies]:
            return tuple(dict.fromkeys(told))
    return ()


def _people(text: str, sites: set[str]) -> tuple[list[str], list[str]]:
    """The people and the agencies in "By Jane Doe and John Roe"."""
    if ADDRESSED.search(text):  # a publisher with its address
        return [], []
    people, agencies = signed_by(plain_line(text))
    return (
        [p for p in people if is_person(p) and not _is_publisher(p, sites)],
        [a for a in agencies if not _is_publisher(a, sites)],
    )


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


def standfirst(
    said: Mapping[str, str], headline: str, story: str, sites: Iterable[str]
) -> str:
    """The first summary that is about this story; whole where one of them is.

    What readers see is believed; what stands in tags must share words with the story,
    for there sites describe themselves.
    """
    names = {fold(site) for site in sites if len(site) > 3}
    whole = [s for s in map(_whole, said.values()) if s]
    for source, text in said.items():
        summary = next((w for w in whole if text[:CUT] == w[:CUT]), _whole(text))
        seen = source == "page"
        if fold(summary) in ("", fold(headline)) or not _is_told(summary):
            continue
        if seen or _is_about(summary, f"{headline}\n{story}", names):
            return summary
    return ""


def _is_told(summary: str) -> bool:
    """It tells something: no invitation, no notice, no byline, no date."""
    return not (
        invites(summary)
        or is_boilerplate(summary)
        or notice_in(summary)
        or names_in_byline(summary)
        or day_of(summary)
    )


def _is_about(summary: str, story: str, sites: set[str]) -> bool:
    shared = shared_words(summary, story)
    folded = fold(summary)
    of_itself = tells_of_a_site(summary) or any(site in folded for site in sites)
    return shared >= (AGREES if of_itself else STRANGE)


def _whole(summary: str) -> str:
    """What was cut off ("… the council said it wou…"), up to its last sentence."""
    bare = summary.rstrip()
    if not bare.endswith(("…", "...", "[…]", "[...]")):
        return bare
    sentences = CUT_OFF.match(bare)
    return sentences[0].strip() if sentences else ""


def shared_words(summary: str, story: str) -> float:
    """The share of a summary's longer words that the story has, in whatever form."""
    words = {fold(word)[:STEM] for word in WORD.findall(summary)}
    known = {fold(word)[:STEM] for word in WORD.findall(story)}
    return len(words & known) / len(words) if words else 0.0


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


def published(candidates: Iterable[str], language: str = "") -> Published | None:
    """The first that is a date; its zone is kept, and one without is UTC's.

    `language` tells which number of "03/11/2026" is the day.
    """
    for text in candidates:
        if 0 < len(text) <= LONGEST_DATE:
            if at := _parsed(text.strip()) or _numeric(text.strip(), language):
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
    for read, written in ((datetime.fromisoformat, iso), (parsedate_to_datetime, text)):
        try:
            return read(written)
        except (ValueError, TypeError, IndexError):
            continue
    return None


def _numeric(text: str, language: str) -> datetime | None:
    """ "03/11/2026 18:20": the day first, but in America; else it is unsure."""
    found = NUMERIC.match(text)
    if not found:
        return None
    first, second, year = (int(found[n]) for n in (1, 2, 3))
    spoken = language.replace("_", "-").casefold()
    if first <= 12 and second <= 12 and first != second and spoken in ("", "en"):
        return None
    american = spoken in AMERICAN and first <= 12
    month, day = (first, second) if american or second > 12 else (second, first)
    try:
        day_alone = datetime.fromisoformat(f"{year:04}-{month:02}-{day:02}")
        return day_alone.replace(hour=int(found[4] or 0), minute=int(found[5] or 0))
    except ValueError:
        return None
