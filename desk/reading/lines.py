"""A paste as lines: what was typed, without the wrapping of mail and editors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import regex

from desk.reading.bylines import authors_of, day_of
from desk.reading.folding import QUOTED, ends_sentence, fold

INVISIBLE = regex.compile(r"[\u200b\u200e\u200f\u2060\ufeff\u00ad]")
SOFT = "\u00ad"  # a hyphen that only stands where a line ends
BREAKS = regex.compile(r"\r\n|[\r\v\f\u0085\u2028\u2029]")
HEADING = regex.compile(r"^#{1,6}\s+(?=[^\s#])")
QUOTING = regex.compile(r"^(?:>\s?){1,9}(?=\S|$)")  # of mail and Markdown
SUBHEADING = 100  # letters
SUBHEADING_WORDS = 14
LIST_ITEM = regex.compile(r"[•*·–—\-]\s|\d{1,2}[.)]\s")
WRAPPED = (40, 100)  # the widths at which mail and editors wrap
LONG = 30  # letters of a line that may be broken in mid-sentence
UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}、，。「」]")
FULL = (20, 60)  # letters of a line of such a script that was wrapped
KINSOKU = 3  # letters that it may be shorter, so that no line begins with a comma
PARTED = regex.compile(r"(?<=\p{L})[-\u2010\u00ad]$")
WORD = regex.compile(r"[\p{L}\p{M}]+")
CLITICS = frozenset(
    [
        "il",
        "elle",
        "on",
        "ils",
        "elles",
        "ce",
        "là",
        "ci",
        "même",
        "mêmes",
        "être",
        "tu",
        "je",
        "vous",
        "nous",
        "moi",
        "toi",
        "le",
        "la",
        "les",
        "lui",
        "leur",
        "y",
        "en",
        "t",
        "dire",
        "o",
        "a",
        "os",
        "as",
        "lo",
        "lhe",
        "se",
        "me",
        "te",
    ]
)  # behind a hyphen that stays, in French and Portuguese


@dataclass(frozen=True)
class Line:
    """One line, and whether it follows the line before without a gap."""

    text: str
    joined: bool = False
    marked: bool = False  # as a heading, with #


@dataclass(frozen=True)
class _Raw:
    text: str
    indented: bool = False


def lines_of(paste: str) -> list[Line]:
    """The lines that hold something, each as one paragraph."""
    chunks = _unwrapped(_chunks(BREAKS.sub("\n", paste)))
    return [
        _line(text, place > 0) for chunk in chunks for place, text in enumerate(chunk)
    ]


def _chunks(paste: str) -> list[list[_Raw]]:
    """Runs of lines with empty lines between them."""
    chunks: list[list[_Raw]] = [[]]
    for raw in paste.split("\n"):
        soft = raw.rstrip().endswith(SOFT)
        bare = INVISIBLE.sub("", QUOTING.sub("", raw)).replace("\t", "    ")
        text = bare.strip() + SOFT * soft
        if text.strip(SOFT):
            chunks[-1].append(_Raw(text, indented=bare.startswith("  ")))
        elif chunks[-1]:
            chunks.append([])
    return [chunk for chunk in chunks if chunk]


def _unwrapped(chunks: list[list[_Raw]]) -> list[list[str]]:
    """Lines that mail, editors and PDF files broke, put together again."""
    width, full = _width(chunks), _full_width(chunks)
    known = frozenset(
        fold(word) for chunk in chunks for one in chunk for word in _whole(one.text)
    )
    whole = []
    for place, chunk in enumerate(chunks):
        made = [chunk[0].text]
        for number, (above, line) in enumerate(pairwise(chunk)):
            title = place == 0 and number == 0
            signed = place == 0 and (authors_of(line.text) or day_of(line.text))
            broken = _goes_on(above.text, line, 0 if title else width)
            if (broken and not signed) or (
                full and _fills(above.text, line.text, full)
            ):
                made[-1] = _joined(made[-1], line.text, known)
            else:
                made.append(line.text)
        whole.append([text.removesuffix(SOFT) for text in made])
    return whole


def _width(chunks: list[list[_Raw]]) -> int:
    """At how many letters the paste is wrapped; 0: it is not."""
    pairs = [pair for chunk in chunks for pair in pairwise(chunk)]
    broken = [(a, b) for a, b in pairs if _is_broken(a.text, b.text)]
    parted = sum(PARTED.search(a.text) is not None for a, _ in broken)
    longest = max((len(a.text) for a, _ in pairs), default=0)
    evident = len(broken) >= 2 or parted or _is_evenly_wrapped(chunks)
    return longest if evident and longest <= WRAPPED[1] else 0


def _is_broken(above: str, below: str) -> bool:
    """In mid-sentence: what follows has a small letter, and nothing ended."""
    if PARTED.search(above) and below[0].islower():
        return True
    small = below[0].islower() and not LIST_ITEM.match(below)
    return small and len(above) >= LONG and not ends_sentence(above)


def _is_evenly_wrapped(chunks: list[list[_Raw]]) -> bool:
    """Two paragraphs or more of lines of one width: scripts without small letters."""
    wrapped = 0
    for chunk in chunks[1:]:
        inner = [one.text for one in chunk[:-1]]
        broken = sum(not ends_sentence(text) for text in inner)
        fits = all(WRAPPED[0] <= len(text) <= WRAPPED[1] for text in inner)
        wrapped += bool(len(inner) >= 2 and fits and broken * 2 >= len(inner))
    return wrapped >= 2


def _full_width(chunks: list[list[_Raw]]) -> int:
    """The same for scripts without spaces, below the headline; 0: not wrapped."""
    above = [len(a.text) for chunk in chunks[1:] for a, _ in pairwise(chunk)]
    longest = max(above, default=0)
    return longest if FULL[0] <= longest <= FULL[1] else 0


def _fills(above: str, below: str, full: int) -> bool:
    """Whether a line of a script without spaces is full, and its sentence goes on."""
    unspaced = UNSPACED.match(above[-1]) and UNSPACED.match(below[0])
    return bool(unspaced) and len(above) >= full - KINSOKU and not ends_sentence(above)


def _goes_on(above: str, line: _Raw, width: int) -> bool:
    """Whether a line is the rest of the one above: its first word did not fit there."""
    if _is_broken(above, line.text):
        return True
    if not width or line.indented or LIST_ITEM.match(line.text):
        return False
    first = line.text.split(maxsplit=1)[0]
    return len(above) + 1 + len(first) > width


def _joined(above: str, below: str, known: frozenset[str]) -> str:
    """With the parted word whole again; a hyphen of the word itself stays."""
    if not PARTED.search(above) or not below[0].islower():
        unspaced = UNSPACED.match(above[-1]) and UNSPACED.match(below[0])
        return f"{above}{below}" if unspaced else f"{above} {below}"
    if above.endswith(SOFT):
        return above[:-1] + below
    left, right = WORD.findall(above)[-1], WORD.findall(below)[0]
    if _hyphened(left, right, known):
        return above + below
    return above[:-1] + below


def _hyphened(left: str, right: str, known: frozenset[str]) -> bool:
    """Whether "long-" and "term" are two words with a hyphen between them."""
    whole = fold(left + right)
    if fold(f"{left}-{right}") in known or right in CLITICS:
        return True
    if whole in known or whole in usual_words():
        return False
    return {fold(left), fold(right)} <= usual_words()


def _whole(text: str) -> Iterator[str]:
    yield from regex.findall(r"[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+){0,3}(?!-?$)", text)


@cache
def usual_words() -> frozenset[str]:
    """Words and names that are often used in English, as our judge of passwords knows.

    It keeps each word in one list alone: "long" is a surname there.
    """
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    told = (words for name, words in FREQUENCY_LISTS.items() if name != "passwords")
    return frozenset[str]().union(*told)


def _line(text: str, joined: bool) -> Line:
    bare = HEADING.sub("", text)
    return Line(bare, joined, marked=bare != text)


def looks_like_subheading(text: str) -> bool:
    """A short line that is no sentence: title, or question."""
    if len(text) > SUBHEADING or len(text.split()) > SUBHEADING_WORDS:
        return False
    if LIST_ITEM.match(text) or text[-1] in ",;:、，；：":
        return False
    if text[0] in QUOTED:
        return not ends_sentence(text) and text[-1] not in "”\"“»«’'‹›」』"
    asks = text[-1] in "?？؟;" and not regex.search(r"[.!?…] ", text)
    return asks or not ends_sentence(text)
