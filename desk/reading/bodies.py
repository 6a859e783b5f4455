"""The body of a page: the story's paragraphs and subheadings, and nothing around them.

trafilatura finds it. Where the page's own JSON-LD carries the story as well, the two
check each other: what the statement does not know is furniture, and a body much
shorter than the statement is replaced by it.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from copy import deepcopy

import regex
import trafilatura
from lxml import etree
from lxml.html import HtmlElement

from desk.reading.article import Block, Kind
from desk.reading.boilerplate import is_boilerplate, is_correction
from desk.reading.bylines import (
    are_initials,
    day_of,
    names_agency,
    names_in_byline,
    signs,
)
from desk.reading.captions import LONGEST as LONGEST_CAPTION
from desk.reading.captions import same_caption, split_caption, split_credit
from desk.reading.choosing import plain_line
from desk.reading.folding import fold
from desk.reading.invitations import invites
from desk.reading.leads import Lead
from desk.reading.paragraphs import mark_paragraphs

SIGNS = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
STATED = 250  # letters; a shorter statement is a teaser
ALIKE = 0.6  # of the letters of one that the other must have, to be the same story
BEGINNING = 60  # letters by which a paragraph is known
CREDIT_LINE = 100  # letters; a longer line is no credit by itself
HEADER = 5  # blocks in which bylines and dates are looked for
PLACE = regex.compile(r"^\p{Lu}[\p{L}\p{M} .'’-]{1,30}(?:,|\s[–—-])\s(?=[\d\p{L}])")
LINE = 140  # letters of one
REPEATED = 40  # letters and more that stand again in a longer paragraph are pulled out
INVISIBLE = regex.compile("[\u00ad\u200b\u2060\ufeff]")
ESCAPED = regex.compile(r"&(?:#\d{2,6}|#x[0-9a-fA-F]{2,6}|[a-zA-Z]{2,8});")
# what an editing system writes for itself: [caption id="a"]…[/caption], [embed]
SHORTCODE = regex.compile(
    r"\[(caption|embed|gallery|audio|video|playlist|wp_\w{1,20})(?:\s[^\]]{0,200})?\]"
    r"(?:[^\[]{0,500}\[/\1\])?|\[/?[a-z_]{2,30}(?:\s+[\w-]{1,30}=[^\]]{1,200})\]"
)


def story(tree: HtmlElement, url: str, stated: str) -> list[Block]:
    """The story's blocks, in order. `stated`: JSON-LD's articleBody, or nothing."""
    blocks = _found(tree, url)
    known, own = _letters(plain_line(stated)), _weight(blocks)
    if (len(blocks) < 2 and stated) or own < ALIKE * len(known) > ALIKE * STATED:
        return _from_statement(stated)
    if len(known) < max(STATED, ALIKE * own):
        return blocks
    kept = [
        block
        for block in blocks
        if block.kind is Kind.SUBHEADING or _letters(block.text)[:BEGINNING] in known
    ]
    return kept if _weight(kept) >= ALIKE * len(known) else blocks


def _found(tree: HtmlElement, url: str) -> list[Block]:
    """The story as trafilatura finds it, paragraph by paragraph."""
    copy = deepcopy(tree)
    mark_paragraphs(copy)
    found = trafilatura.bare_extraction(
        copy,
        url=url,
        include_comments=False,
        with_metadata=False,
        favor_precision=True,
    )
    body = None if found is None or isinstance(found, dict) else found.body
    if body is None:
        return []
    return [block for element in body for block in _from_element(element)]


def _from_element(element: etree._Element) -> list[Block]:
    if element.tag == "list":
        return [b for item in element for b in _from_element(item)]
    if element.tag == "quote" and next(element.iter("p"), None) is not None:
        return [b for item in element for b in _from_element(item)]
    text = _plain("".join(map(str, element.itertext())))
    if not text:
        return []
    kind = Kind.SUBHEADING if element.tag == "head" else Kind.PARAGRAPH
    return [Block(kind, text)]


def _plain(text: str) -> str:
    """As a reader sees it: without invisible signs, entities and short codes."""
    text = INVISIBLE.sub("", text)
    if "&" in text and ESCAPED.search(text):
        text = html.unescape(text)
        text = html.unescape(text) if ESCAPED.search(text) else text
    if "[" in text:
        text = SHORTCODE.sub("", text)
    return " ".join(text.split())


def _from_statement(body: str) -> list[Block]:
    lines = map(plain_line, body.splitlines())
    return [Block(Kind.PARAGRAPH, line) for line in lines if line]


def _letters(text: str) -> str:
    """What two versions of one paragraph share, however they are spaced and quoted."""
    return str(regex.sub(r"[^\p{L}\p{N}]", "", text)).lower()


def weight(block: Block) -> int:
    """Its letters; a sign that stands for a word or a syllable counts as three."""
    return len(block.text) + 2 * len(SIGNS.findall(block.text))


def _weight(blocks: Sequence[Block]) -> int:
    return sum(len(_letters(block.text)) for block in blocks)


def without_furniture(
    blocks: Sequence[Block], headline: str, lead: Lead, above: Sequence[str] = ()
) -> list[Block]:
    """Neither the headline again, nor captions and credits, nor invitations.

    `above`: short texts that stand over the headline, which are labels.
    """
    labels = {fold(text) for text in above}
    kept = [
        block
        for place, block in enumerate(blocks)
        if not (place < 3 and fold(block.text) == fold(headline))
        and not (place < HEADER and fold(block.text) in labels)
        and not is_boilerplate(block.text)
        and not invites(block.text)
        and not is_correction(block.text)
        and not (lead.caption and _says_caption(block.text, lead.caption))
        and not _is_credit(block.text)
    ]
    kept = list(_once(kept))
    while kept and kept[-1].kind is Kind.SUBHEADING:
        kept.pop()
    return kept


def _says_caption(text: str, caption: str) -> bool:
    """The lead's caption, with or without its credit."""
    if len(text) > LONGEST_CAPTION:
        return False
    return any(same_caption(one, caption) for one in (text, split_caption(text)[0]))


def _once(blocks: Sequence[Block]) -> Iterator[Block]:
    """Without what was pulled out of a paragraph to be shown large."""
    letters = [_letters(block.text) for block in blocks]
    story = "\n".join(dict.fromkeys(letters))
    known = set[str]()
    for block, own in zip(blocks, letters, strict=True):
        if len(own) < REPEATED or (own not in known and story.count(own) < 2):
            yield block
        known.add(own)


def corrections(blocks: Sequence[Block]) -> list[str]:
    """What the story says that an earlier version had wrong."""
    return [block.text for block in blocks if is_correction(block.text)]


def _is_credit(text: str) -> bool:
    """A line that names a picture's owner and says nothing else."""
    if len(text) > CREDIT_LINE:
        return False
    caption, credit = split_credit(text)
    return bool(credit) and not caption


def signatures(blocks: Sequence[Block]) -> list[Block]:
    """The first or the last line, where it is nothing but a name."""
    ends = [*blocks[:1], *blocks[-1:]]
    return [b for b in ends if b.kind is Kind.PARAGRAPH and signs(b.text)]


def bylines(blocks: Sequence[Block]) -> list[Block]:
    """Lines before or after the story that say who wrote it."""
    return [
        b for b in _edges(blocks) if names_in_byline(b.text) or names_agency(b.text)
    ]


def dates(blocks: Sequence[Block]) -> list[str]:
    """Lines before the story that say nothing but when it came out."""
    return [day for b in blocks[:HEADER] if (day := _dated(b.text))]


def _dated(text: str) -> str:
    """What a line says that is nothing but a date, with or without a place."""
    bare = PLACE.sub("", text) if len(text) <= LINE else ""
    return next((line for line in (text, bare) if day_of(line)), "")


def without_lines(blocks: Sequence[Block], standfirst: str = "") -> list[Block]:
    """Only the story: neither bylines and dates nor who signs it.

    A standfirst that is set as a heading heads no part of it.
    """
    lines = [*signatures(blocks), *bylines(blocks)]
    lines += [b for b in blocks[:HEADER] if _dated(b.text)]
    lines += [
        b
        for b in blocks[:HEADER]
        if b.kind is Kind.SUBHEADING and fold(b.text) == fold(standfirst)
    ]
    lines += [b for b in blocks[-1:] if are_initials(b.text)]
    return [block for block in blocks if block not in lines]


def _edges(blocks: Sequence[Block]) -> list[Block]:
    ends = [*blocks[:HEADER], *blocks[HEADER:][-1:]]
    return [block for block in ends if len(block.text) <= LINE]
