"""A second opinion: every gate, checked in another way than the writer does it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterator

import regex

from desk.reading.article import Reading
from desk.writing import Candidate

END = r"[.!?…。！？।؟]"
CLOSING = "\"'”’“‘»«›」』)）]"
STARTS = {
    "en": "he she it they this that these those but and so however his her their also",
    "de": "er sie es dies diese dieser dieses aber und doch dabei damit dann deshalb",
    "fr": "il elle ils elles ce cette ces mais et donc cela son sa ses",
    "es": "él ella ellos ellas esto eso este esta pero y además su sus",
    "ru": "он она они это этот эта но и а также поэтому",
    "ar": "هو هي هذا هذه ذلك لكن كما",
    "he": "הוא היא זה זאת אבל אך לכן",
    "hi": "वह वे यह ये लेकिन और",
}
UNSPACED_STARTS = {
    "ja": ("これ", "それ", "しかし", "また"),
    "zh": ("他", "她", "这", "但"),
}
JUNK = (
    "read more",
    "sign up",
    "subscribe",
    "image via",
    "photo:",
    "foto:",
    "newsletter",
    "lesen sie",
    "lire aussi",
    "читайте также",
    "click here",
    "all rights reserved",
    "http://",
    "https://",
)
DOUBLES = '"“”„«»'


def faults(
    candidate: Candidate, reading: Reading, length: Callable[[str], int], limit: int
) -> list[str]:
    """What is wrong with a candidate; nothing where it may be shown to an editor."""
    found = []
    if length(candidate.text) > limit:
        found.append("too long")
    found += _wholeness(candidate, reading)
    found += _marks(candidate.text)
    found += _strangers(candidate, reading)
    found += _lines(candidate, reading)
    found += _speech(candidate, reading)
    found += _sources(candidate, reading)
    return [f"{candidate.kind}: {each}: {candidate.text}" for each in found]


def twins(candidates: tuple[Candidate, ...]) -> list[str]:
    """Pairs that say the same."""
    found = []
    for at, one in enumerate(candidates):
        for other in candidates[at + 1 :]:
            if {one.kind, other.kind} >= {"headline"}:
                continue
            alike = difflib.SequenceMatcher(None, one.text, other.text).ratio()
            if one.text in other.text or other.text in one.text or alike > 0.85:
                found.append(f"{one.kind} and {other.kind}: {one.text}")
    return found


def squeezed(text: str) -> str:
    """Letters and digits only, one kind of each quote mark."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub("[“”„«»‟]", '"', text)
    text = re.sub("[‘’‚‹›]", "'", text)
    return re.sub(r"\s+", " ", text)


def _wholeness(candidate: Candidate, reading: Reading) -> Iterator[str]:
    text = candidate.text
    if candidate.kind == "headline" or text == reading.standfirst.strip():
        return
    if not re.search(rf"{END}[{re.escape(CLOSING)}\s]*$", text):
        yield "no end mark"
    if text[0].islower():
        yield "starts in lower case"
    homes = [p for p in (*reading.paragraphs, reading.standfirst) if text in p]
    if not homes:
        yield "not the article's own letters"
    elif not any(_at_edges(text, home) for home in homes):
        yield "cut out of a sentence"


def _at_edges(text: str, home: str) -> bool:
    before, after = home.split(text, 1)
    starts = not before.strip() or re.search(
        rf"({END}|[–—:】)-])[{re.escape(CLOSING)}\s]*$", before
    )
    return bool(starts) and (not after or not regex.match(r"[\p{Ll}\d]", after))


def _marks(text: str) -> Iterator[str]:
    text = regex.sub(r"(?<=\p{Hebrew})\"(?=\p{Hebrew})", "", text)
    text = re.sub(r'(?<=\d)"', "", text)
    marks = [c for c in text if c in DOUBLES]
    if len(marks) % 2:
        yield "odd quote marks"
    if marks.count("«") != marks.count("»"):
        yield "guillemets do not pair"
    if "„" not in marks and "”" in marks and marks.count("“") > marks.count("”"):
        yield "curly quotes do not pair"
    if text.count("(") != text.count(")"):
        yield "brackets do not pair"


def _strangers(candidate: Candidate, reading: Reading) -> Iterator[str]:
    said = " ".join(
        (reading.headline, reading.standfirst, *(b.text for b in reading.blocks))
    )
    digits = set(re.findall(r"\d+", re.sub(r"(?<=\d)[.,'’\s](?=\d)", "", said)))
    for number in re.findall(
        r"\d+", re.sub(r"(?<=\d)[.,'’\s](?=\d)", "", candidate.text)
    ):
        if number not in digits:
            yield f"strange number {number}"
    known = set(regex.findall(r"\w+", said))
    for word in regex.findall(r"(?<!\w)\p{Lu}\w+", candidate.text):
        if word not in known:
            yield f"strange word {word}"


def _lines(candidate: Candidate, reading: Reading) -> Iterator[str]:
    low = squeezed(candidate.text)
    yield from (f"junk “{junk}”" for junk in JUNK if junk in low)
    caption = squeezed(reading.caption)
    if len(caption) > 25 and caption in low:
        yield "the caption"
    if candidate.kind == "headline":
        return
    headline = squeezed(reading.headline)
    if difflib.SequenceMatcher(None, headline, low).ratio() > 0.9:
        yield "the headline again"
    language = reading.language[:2]
    opening = re.sub(r"^\W+", "", low)
    first = re.split(r"[\s,.!?;:'’-]", opening)[0]
    if first in STARTS.get(language, "").split():
        yield f"leans on “{first}”"
    if opening.startswith(UNSPACED_STARTS.get(language, ("\0",))):
        yield "leans on what came before"


def _speech(candidate: Candidate, reading: Reading) -> Iterator[str]:
    everything = squeezed(
        " ".join((reading.headline, reading.standfirst, *reading.paragraphs))
    )
    inside = re.findall(r'"([^"]{12,})"', squeezed(candidate.text))
    for quote in inside:
        if quote not in everything:
            yield f"strange quote “{quote}”"
    if candidate.kind != "quote":
        return
    if not inside and not re.search("[「『']", squeezed(candidate.text)):
        yield "no quote"
    outside = regex.sub(r"[“„«»\"][^“”„«»\"]*[“”«»\"]", " ", candidate.text)
    outside = regex.sub(r"[「『][^」』]*[」』]", " ", outside)
    cased = reading.language[:2] not in ("ja", "zh", "ko", "ar", "he", "hi")
    if not regex.search(r"\p{Lu}\w+" if cased else r"\w{2,}", outside):
        yield "nobody said it"


def _sources(candidate: Candidate, reading: Reading) -> Iterator[str]:
    if not candidate.sources:
        yield "no source"
    own = (reading.headline, reading.standfirst, *reading.paragraphs)
    for source in candidate.sources:
        if not any(source in each for each in own):
            yield f"strange source “{source}”"
        if source not in candidate.text and candidate.text not in source:
            yield f"a source that it doesn't have “{source}”"
