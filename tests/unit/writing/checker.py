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
    "it": "lui lei egli essi questo questa questi ma e però così inoltre suo sua",
    "pt": "ele ela eles elas isso esse essa mas e também porém seu sua",
    "nl": "hij zij ze dit deze maar en ook dus daarom",
    "sv": "han hon det detta denna dessa men och också därför",
    "nb": "han hun det dette denne disse men og også derfor",
    "no": "han hun det dette denne disse men og også derfor",
    "da": "han hun det dette denne disse men og også derfor",
    "pl": "on ona oni to ten ta ale i jednak dlatego także",
    "cs": "on ona oni to ten ta ale a také proto",
    "tr": "o onlar bunlar şunlar ama ve ancak ayrıca fakat",
    "id": "dia ia mereka tetapi namun dan juga",
    "ru": "он она они это этот эта но и а также поэтому",
    "ar": "هو هي هذا هذه ذلك لكن كما",
    "he": "הוא היא הם זה זאת אבל אך לכן",
    "hi": "वह वे यह ये लेकिन और",
    "ko": "그는 그녀는 그들은 이는 하지만 그러나 또한",
}
UNSPACED_STARTS = {
    "ja": ("これ", "それ", "しかし", "また", "彼は", "彼女は"),
    "zh": ("他", "她", "它", "这", "但", "而且"),
}
JUNK = (
    "read more",
    "sign up",
    "subscribe",
    "image via",
    "photo:",
    "foto:",
    "photo by",
    "newsletter",
    "lesen sie",
    "mehr zum thema",
    "lire aussi",
    "à lire",
    "lea también",
    "leggi anche",
    "leia também",
    "lees ook",
    "läs också",
    "czytaj także",
    "čtěte také",
    "читайте также",
    "اقرأ أيضا",
    "קראו גם",
    "यह भी पढ़ें",
    "関連記事",
    "延伸阅读",
    "click here",
    "all rights reserved",
    "getty images",
    "http://",
    "https://",
)
SPOKE = r"(?:said|says|told|added|sagte|sagt|erklärte|dit|déclaré|dijo|disse|zei|sade)"
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
    if not _addressed(candidate.text, reading):
        yield "words at the start, and only whom they are said to"
    if candidate.kind != "quote":
        return
    if not inside and not re.search("[「『']", squeezed(candidate.text)):
        yield "no quote"
    outside = regex.sub(r"[“„«»\"][^“”„«»\"]*[“”«»\"]", " ", candidate.text)
    outside = regex.sub(r"[「『][^」』]*[」』]", " ", outside).replace("\u00ad", "")
    if not _named(outside, reading):
        yield "nobody said it"
    for home in reading.paragraphs:
        behind = home.partition(candidate.text)[2][:60]
        if regex.match(rf"\s*(?:\p{{Lu}}\w+\s){{1,3}}{SPOKE}\b[^“\"]*$", behind):
            yield "its speaker comes after it"


def _addressed(text: str, reading: Reading) -> bool:
    """Words at the start: a name behind them is not only that of who was spoken to."""
    language = reading.language[:2]
    if language not in ("en", "es", "fr", "it", "pt"):
        return True
    words = r"[“\"«][^“”\"«»]{12,}(?:,[”\"»]|[”\"»],)"
    opening = regex.match(rf"{words}(.*?)(?:[,;]|$)", text)
    if opening is None:
        return True
    run = r"\p{Lu}[\w’'-]+(?: \p{Lu}[\w’'-]+)*"
    before = [found[1] for found in regex.finditer(rf"(\w+ )?{run}", opening[1])]
    return any(
        (word or "").strip() not in ("a", "al", "to", "à", "au") for word in before
    )


def _named(outside: str, reading: Reading) -> bool:
    """Somebody stands there: a name, which the article has within a sentence, too."""
    language = reading.language[:2]
    leaning = STARTS.get(language, "").split()
    words = [w for w in regex.findall(r"[\w\p{M}]{2,}", outside) if w not in leaning]
    if language in ("ja", "zh", "ko", "ar", "he", "hi"):
        return bool(words)
    if language == "de":  # nouns have capitals: two together, beside a verb, or a court
        run = r"[A-ZÄÖÜ][\w.’'-]+"
        return bool(
            regex.search(rf"{run} (?:(?:von|van|de|al|der|den) )?{run}", outside)
            or regex.search(
                rf"\w{{3,}}(?:t|te) {run}|{run} \w{{3,}}(?:t|te)\b", outside
            )
            or regex.search(r"(?i)gericht|polizei|minister|anwalt|kommission", outside)
        )
    told = " ".join((reading.headline, reading.standfirst, *reading.paragraphs))
    within = set(regex.findall(r"(?<=[\p{Ll}\d,;:»”’] )\p{Lu}[\w’'-]+", told))
    return any(regex.match(r"\p{Lu}", word) for word in words) and bool(
        within & set(regex.findall(r"\p{Lu}[\w’'-]+", outside))
    )


def _sources(candidate: Candidate, reading: Reading) -> Iterator[str]:
    if not candidate.sources:
        yield "no source"
    own = (reading.headline, reading.standfirst, *reading.paragraphs)
    for source in candidate.sources:
        if not any(source in each for each in own):
            yield f"strange source “{source}”"
        if source not in candidate.text and candidate.text not in source:
            yield f"a source that it doesn't have “{source}”"
