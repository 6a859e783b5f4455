"""Pasted plain text: which line is the headline, a caption, a subheading, the story."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import regex

from desk.reading.admitting import admit
from desk.reading.article import LOOKED_INTO, Block, Kind, Reading, Unreadable
from desk.reading.boilerplate import (
    correction_warning,
    is_boilerplate,
    is_correction,
)
from desk.reading.bylines import (
    asks_for_a_name,
    at_midnight,
    authors_of,
    day_told,
    is_agency_line,
    is_role,
    reporter_of,
    signs,
    tells_of,
    without_dateline,
    without_places,
)
from desk.reading.captions import (
    Caption,
    better,
    caption_of,
    compared,
    rights_warning,
    same_caption,
    split_credit,
)
from desk.reading.cautions import broken_letters, cautions
from desk.reading.days import stale_warnings
from desk.reading.envelope import Opened, open_envelope
from desk.reading.folding import QUOTED, ends_sentence, fold
from desk.reading.languages import language_of
from desk.reading.lines import Line, lines_of, looks_like_subheading
from desk.reading.spellings import spelling_warnings

STANDFIRST = 400
ABOUT = 3  # lines of a story with a line on its author; fewer are the story
HEADER = 6  # lines in which a byline or a date is looked for
TOLD = 60  # letters of a sentence; behind two of them the story has begun
TELLS = 4  # words, from which a line may tell what the story is about
UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Hangul}]"
WORDS = regex.compile(r"[\p{L}\p{M}]{2,}\S*+")
NOTE = regex.compile(
    r"(?P<mark>\[\w{1,2}\]|[¹²³⁴⁵⁶⁷⁸⁹⁰]{1,2}|\*{1,3}|[†‡])\s{0,2}(?=\S)"
)
MARK = r"(?<=[\p{{L}}\d.,;!?%”“\"’»)])(?:{marks})(?=\s|$|[.,;])"
TABLE = regex.compile(r"\s[|·•]\s")  # "Serves 6 | Prep 20 min"
SAID = frozenset(QUOTED) - set("—–")
LINK = regex.compile(r"https?://\S+")
ASK_FOR_IMAGE = "The text came without an image: add one, or post without."
ASK_FOR_LINK = "The text came without a link: add the article's address."


@dataclass
class _Sorting:
    """The lines of a paste on their way to their places."""

    headline: str
    lines: list[Line]
    around: Opened
    captions: list[Caption] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    corrections: list[str] = field(default_factory=list)
    authors: tuple[str, ...] = ()
    standfirst: str = ""
    dateline: str = ""
    day: date | None = None


def read_text(text: str, now: datetime) -> Reading:
    """Read an article as an editor pastes it. Raises `Unreadable` with a sentence."""
    admit(text)
    lines = lines_of(text)
    around = open_envelope(lines)
    first, *others = around.lines
    sorting = _Sorting(first.text, others, around, authors=around.authors)
    sorting.day = day_told(around.dated)
    _take_out_boilerplate(sorting)
    _take_out_notes(sorting)
    _take_out_captions(sorting)
    _take_out_header(sorting)
    blocks = _blocks(sorting)
    if not any(block.kind is Kind.PARAGRAPH for block in blocks):
        raise Unreadable(_no_story(sorting))
    return _reading(sorting, blocks, lines, now)


def _take_out_boilerplate(sorting: _Sorting) -> None:
    kept, headline = [], fold(sorting.headline)
    for line in sorting.lines:
        if LINK.fullmatch(line.text):
            sorting.links.append(line.text)
        elif is_correction(line.text):
            sorting.corrections.append(line.text)
        elif is_boilerplate(line.text):
            sorting.left_out.append(line.text)
        elif fold(line.text) != headline:
            kept.append(line)
    sorting.lines = kept


def _take_out_notes(sorting: _Sorting) -> None:
    """Notes under a story, and their marks in it: each speaks for the other."""
    notes = dict[str, int]()
    for place in range(len(sorting.lines) - 1, 0, -1):
        found = NOTE.match(sorting.lines[place].text)
        if found is None:
            break
        notes[found["mark"]] = place
    if not notes:
        return
    marks = MARK.format(marks="|".join(map(regex.escape, notes)))
    story = sorting.lines[: min(notes.values())]
    bare = [replace(line, text=regex.sub(marks, "", line.text)) for line in story]
    if bare != story:
        sorting.left_out += [line.text for line in sorting.lines[len(story) :]]
        sorting.lines = bare


def _take_out_captions(sorting: _Sorting) -> None:
    """Captions leave the story; the same one twice is one, in its better version."""
    sorting.lines = [_without_credit(line) for line in sorting.lines]
    captions = {i: c for i, line in enumerate(sorting.lines) if (c := _caption(line))}
    captions = _with_line_before(sorting.lines, captions)
    captions |= _doubled(sorting.lines, captions)
    known: dict[str, Caption] = {}
    for place in sorted(captions):
        _add_caption(known, captions[place])
    sorting.captions = [*known.values()]
    shown = {compared(caption.text) for caption in sorting.captions if caption.text}
    sorting.lines = [
        line
        for place, line in enumerate(sorting.lines)
        if place not in captions and compared(line.text) not in shown
    ]


def _without_credit(line: Line) -> Line:
    """What somebody says is a paragraph, even with a picture's credit behind it."""
    if line.text[0] not in SAID:
        return line
    return replace(line, text=split_credit(line.text)[0] or line.text)


def _caption(line: Line) -> Caption | None:
    caption = None if line.marked else caption_of(line.text)
    return None if caption and authors_of(line.text) else caption


def _with_line_before(
    lines: Sequence[Line], captions: dict[int, Caption]
) -> dict[int, Caption]:
    """A credit on a line of its own belongs to the caption on the line above it."""
    whole = dict(captions)
    for place, caption in captions.items():
        beside = captions.get(place + 1)
        if beside and lines[place + 1].joined and _complete(caption, beside):
            told = caption if caption.text else beside
            credit = caption.credit or beside.credit
            whole[place] = whole[place + 1] = Caption(told.text, credit, told.line)
            continue
        above = place - 1
        if caption.text or not lines[place].joined or above in captions or above < 0:
            continue
        whole[place] = Caption(lines[above].text, caption.credit, lines[above].text)
        whole[above] = whole[place]
    return whole


def _complete(one: Caption, other: Caption) -> bool:
    """Whether one says what is seen and the other whose it is: two labelled lines."""
    return (bool(one.text), bool(one.credit)) == (not other.text, not other.credit)


def _doubled(lines: Sequence[Line], captions: dict[int, Caption]) -> dict[int, Caption]:
    """A line that stands twice in a row is a caption, even without a credit."""
    found = {}
    for place in range(1, len(lines)):
        one, other = lines[place - 1].text, lines[place].text
        named = signs(one) and signs(other)
        if (
            same_caption(one, other)
            and not named
            and not {place - 1, place} & captions.keys()
        ):
            found[place - 1] = Caption(one, "", one)
            found[place] = Caption(other, "", other)
    return found


def _add_caption(captions: dict[str, Caption], new: Caption) -> None:
    known = captions.setdefault(compared(new.text), new)
    if known is not new:
        chosen = better(known, new)
        credit = chosen.credit or known.credit or new.credit
        merged = Caption(chosen.text, credit, chosen.line)
        captions[compared(new.text)] = merged


def _take_out_header(sorting: _Sorting) -> None:
    """Byline, date and standfirst stand between the headline and the story."""
    sorting.lines = [*_with_names(sorting.lines[:HEADER]), *sorting.lines[HEADER:]]
    ends = told = 0
    plain = []
    for place, line in enumerate(sorting.lines[:HEADER]):
        authors, day = authors_of(line.text), day_told(line.text)
        sorting.authors = sorting.authors or authors
        sorting.day = sorting.day or day
        titled = place > 0 and ends == place and is_role(line.text)
        if authors or day or titled or is_agency_line(line.text):
            ends = place + 1
            continue
        told += len(line.text) >= TOLD and ends_sentence(line.text)
        if len(line.text) > STANDFIRST or told > 1:
            break
    for line in sorting.lines[:ends]:
        if is_agency_line(line.text):
            sorting.dateline = line.text
        elif is_role(line.text):
            sorting.left_out.append(line.text)
        elif not authors_of(line.text) and not day_told(line.text):
            plain.append(line)
    rest = sorting.lines[ends:]
    if not plain and rest and _is_standfirst(rest, after_header=ends > 0):
        plain, rest = [rest[0]], rest[1:]
    if plain and _tells(plain[0].text):
        sorting.standfirst = plain[0].text
        plain = plain[1:]
    sorting.standfirst = sorting.around.standfirst or sorting.standfirst
    sorting.lines = [*plain, *rest]
    _take_out_last_byline(sorting)
    _take_out_life(sorting)
    _take_out_dateline(sorting)


def _with_names(lines: Sequence[Line]) -> list[Line]:
    """A byline whose name stands on the next line in one; a name over a date is one."""
    made: list[Line] = []
    for place, line in enumerate(lines):
        below = lines[place + 1].text if place + 1 < len(lines) else ""
        if made and made[-1].text == f"By {line.text}":
            continue
        if made and asks_for_a_name(made[-1].text) and signs(line.text):
            made[-1] = replace(made[-1], text=f"By {line.text}")
        elif _is_signed(line.text, below):
            made.append(replace(line, text=f"By {line.text}"))
        else:
            made.append(line)
    return made


def _is_signed(text: str, below: str) -> bool:
    """A name with nothing before it, above a date or what somebody is."""
    named = signs(text) and not authors_of(text)
    told = day_told(below) is not None or is_role(below) or fold(below) == fold(text)
    return named and told


def _tells(text: str) -> bool:
    """Whether a line says something of the story, and is no name, list or table."""
    long = (
        len(WORDS.findall(text)) >= TELLS
        or len(regex.findall(UNSPACED, text)) >= 2 * TELLS
    )
    return long and not signs(text) and not TABLE.search(text)


def _is_standfirst(lines: Sequence[Line], after_header: bool) -> bool:
    """The line after the headline: joined to it, or too short to be a paragraph."""
    first = lines[0]
    if not _tells(first.text):
        return False
    if len(lines) < 2 or first.marked or len(first.text) > STANDFIRST:
        return False
    if first.joined and not after_header:
        return not lines[1].joined
    return looks_like_subheading(first.text) and not first.text.endswith(("?", "？"))


def _take_out_last_byline(sorting: _Sorting) -> None:
    if sorting.authors or len(sorting.lines) < 2:
        return
    sorting.authors = authors_of(without_places(sorting.lines[-1].text.strip("()")))
    if sorting.authors:
        sorting.lines.pop()


def _take_out_life(sorting: _Sorting) -> None:
    """ "Ann Lee is a writer." at the end is about its author, and names one above."""
    if len(sorting.lines) < ABOUT or len(sorting.lines[-1].text) > STANDFIRST:
        return
    above, last = sorting.lines[0].text, sorting.lines[-1].text
    names = sorting.authors or ((above,) if signs(above) else ())
    told = [name for name in names if tells_of(last, name)]
    story = " ".join(line.text for line in sorting.lines[1:-1])
    if not told or any(name.split()[-1] in story for name in told):
        return
    sorting.left_out.append(sorting.lines.pop().text)
    if not sorting.authors:
        sorting.authors = names
        del sorting.lines[0]


def _take_out_dateline(sorting: _Sorting) -> None:
    for place, line in enumerate(sorting.lines):
        if not looks_like_subheading(line.text):
            found, text = without_dateline(line.text)
            sorting.authors = sorting.authors or reporter_of(line.text)
            sorting.dateline = found or sorting.dateline
            sorting.lines[place] = Line(text, line.joined, line.marked)
            return


def _blocks(sorting: _Sorting) -> tuple[Block, ...]:
    """Paragraphs, and the subheadings that stand above one."""
    texts = sorting.lines
    blocks = []
    for place, line in enumerate(texts):
        below = texts[place + 1] if place + 1 < len(texts) else None
        short = looks_like_subheading(line.text) and not line.joined
        above_story = below is not None and not looks_like_subheading(below.text)
        heading = line.marked or (short and above_story)
        kind = Kind.SUBHEADING if heading else Kind.PARAGRAPH
        blocks.append(Block(kind, line.text))
    return tuple(blocks)


def _no_story(sorting: _Sorting) -> str:
    if sorting.links or LINK.search(sorting.headline):
        return (
            "There is a link in what was pasted, and no article around it: paste the "
            "link alone, or the article's text."
        )
    return (
        "There is a headline and no story under it: paste the whole article, headline "
        "first, with line breaks between its paragraphs."
    )


def _reading(
    sorting: _Sorting, blocks: tuple[Block, ...], lines: list[Line], now: datetime
) -> Reading:
    story = "\n".join(block.text for block in blocks)
    language = language_of(f"{sorting.headline}\n{story}")
    lead = sorting.captions[0] if sorting.captions else Caption("", "", "")
    link = sorting.links[0] if len(set(sorting.links)) == 1 else None
    return Reading(
        identity=identity_of(lines),
        headline=sorting.headline,
        standfirst=sorting.standfirst,
        authors=sorting.authors,
        section=sorting.around.section,
        language=language,
        published_at=at_midnight(sorting.day) if sorting.day else None,
        only_day=sorting.day is not None,
        link=link,
        caption=lead.text,
        credit=lead.credit,
        blocks=blocks,
        warnings=_warnings(sorting, lead, blocks, link, language, now),
        said=_said(sorting, lead),
    )


def identity_of(lines: Sequence[Line]) -> str:
    """The same words are the same article, however they are spaced and quoted."""
    words = "\n".join(fold(line.text) for line in lines)
    return "text:" + hashlib.sha256(words.encode(errors="replace")).hexdigest()


def _warnings(
    sorting: _Sorting,
    lead: Caption,
    blocks: tuple[Block, ...],
    link: str | None,
    language: str,
    now: datetime,
) -> tuple[str, ...]:
    told = (sorting.headline, sorting.standfirst, lead.text)
    texts = tuple(text[:LOOKED_INTO] for text in told)
    story = tuple(block.start for block in blocks)
    found = [ASK_FOR_IMAGE]
    if rights := rights_warning(lead.credit, lead.text):
        found.append(rights)
    if link is None:
        found.append(ASK_FOR_LINK)
    if corrected := correction_warning(sorting.corrections):
        found.append(corrected)
    around = sorting.around
    found += cautions(around.embargo, around.opinion, around.paid)
    found += broken_letters((*texts, *story))
    found += spelling_warnings((*texts, *story), language)
    found += stale_warnings((*texts[:2], *story), now)
    return tuple(found)


def _said(sorting: _Sorting, lead: Caption) -> dict[str, dict[str, str]]:
    """What stood in the paste, field by field, before it was put in its place."""
    said = {
        "headline": sorting.headline,
        "standfirst": sorting.standfirst,
        "authors": ", ".join(sorting.authors),
        "caption": lead.line,
        "dateline": sorting.dateline,
        "published_at": sorting.day.isoformat() if sorting.day else "",
        "left out": "\n".join([*sorting.around.left_out, *sorting.left_out]),
        "corrections": "\n".join(sorting.corrections),
        "other captions": "\n".join(c.line for c in sorting.captions[1:]),
    }
    return {name: {"text": value} for name, value in said.items() if value}
