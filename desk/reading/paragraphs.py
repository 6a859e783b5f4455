"""Paragraphs of a page that are not marked as such: bare text, and text cut by `br`."""

from __future__ import annotations

from dataclasses import dataclass, field

import regex
from lxml.html import Element, HtmlElement

from desk.reading.folding import ends_sentence

BOXES = (
    "div",
    "article",
    "section",
    "main",
    "td",
    "body",
    "blockquote",
    "font",
    "center",
)
WITHIN = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "br",
        "cite",
        "code",
        "data",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
        "ruby",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "nobr",
        "img",
        "svg",
    ]
)
BARE = 60  # letters; less text beside paragraphs is a label
STANZA = 60  # letters on both sides of one break that ends a paragraph
CELL = 80  # letters; a table of shorter cells holds figures, no story
SPACE = regex.compile(r"\s+")


@dataclass
class _Run:
    """Text and elements of a line that follow each other."""

    text: str = ""
    elements: list[HtmlElement] = field(default_factory=list)
    ended: bool = False  # by an empty line

    @property
    def words(self) -> str:
        inner = (f"{e.text_content()}{e.tail or ''}" for e in self.elements)
        return str(SPACE.sub(" ", self.text + "".join(inner))).strip()

    def add(self, text: str) -> None:
        if self.elements:
            self.elements[-1].tail = (self.elements[-1].tail or "") + text
        else:
            self.text += text


def mark_paragraphs(tree: HtmlElement) -> None:
    """Give every run of bare text in a box its own `p`; drop tables of figures."""
    for table in list(tree.iter("table")):
        if table.getparent() is not None and _holds_figures(table):
            table.drop_tree()
    for paragraph in list(tree.iter("p")):
        if next(paragraph.iter("br"), None) is not None:
            _part(paragraph)
    for box in list(tree.iter(*BOXES)):
        if _is_mixed(box):
            _wrap(box)


def _holds_figures(table: HtmlElement) -> bool:
    cells = [len(c.text_content().strip()) for c in table.iter("td", "th")]
    return not cells or max(cells) <= CELL


def _is_mixed(box: HtmlElement) -> bool:
    """Bare text beside paragraphs, or cut by empty lines."""
    blocks = breaks = False
    bare = len((box.text or "").strip())
    for child in box:
        blocks = blocks or (isinstance(child.tag, str) and child.tag not in WITHIN)
        breaks = breaks or child.tag == "br"
        bare += len((child.tail or "").strip())
    return bare >= BARE and (blocks or breaks)


def _wrap(box: HtmlElement) -> None:
    """Rebuild a box: its runs as paragraphs, its blocks as they are."""
    parts = _parts(box)
    for child in list(box):
        box.remove(child)
    box.text = None
    for part in parts:
        if not isinstance(part, _Run):
            part.tail = None
            box.append(part)
        elif part.words:
            box.append(_paragraph(part))
        else:
            box.extend(part.elements)


def _parts(box: HtmlElement) -> list[_Run | HtmlElement]:
    parts: list[_Run | HtmlElement] = [_Run(box.text or "")]
    for child in list(box):
        tail, run = child.tail or "", parts[-1]
        if not isinstance(run, _Run):
            raise TypeError(run)  # a block is always followed by a run
        if child.tag == "br":
            _break(parts, run, tail)
        elif child.tag in WITHIN and next(child.iter("p", "div"), None) is None:
            run.elements.append(child)
            run.ended = False
        else:
            parts += [child, _Run(tail)]
    return parts


def _break(parts: list[_Run | HtmlElement], run: _Run, tail: str) -> None:
    """One break is a space, or the end of a paragraph; a second one always is."""
    if run.words and not run.ended:
        if _ends_here(run, tail):
            parts.append(_Run(tail))
            return
        run.add(" ")
        run.ended = not tail.strip()
        run.add(tail)
        return
    parts.append(_Run(tail))


def _ends_here(run: _Run, tail: str) -> bool:
    """A whole sentence before it, and a paragraph's worth of text on both sides."""
    words = run.words
    bold = not run.text.strip() and all(
        e.tag in ("b", "strong") and not (e.tail or "").strip() for e in run.elements
    )
    if bold and run.elements and len(words) >= 8 and tail.strip():
        return True
    return ends_sentence(words) and min(len(words), len(tail.strip())) >= STANZA


def _paragraph(run: _Run) -> HtmlElement:
    made: HtmlElement = Element("p")
    made.text = run.text
    for element in run.elements:
        made.append(element)
    return made


def _part(paragraph: HtmlElement) -> None:
    """Cut one `p` where its breaks end paragraphs."""
    parts = [p for p in _parts(paragraph) if not isinstance(p, _Run) or p.words]
    parent = paragraph.getparent()
    if len(parts) < 2 or parent is None:
        return
    place, tail = parent.index(paragraph), paragraph.tail
    made = [_paragraph(p) if isinstance(p, _Run) else p for p in parts]
    for child in made:
        child.tail = None
    made[-1].tail = tail
    parent[place : place + 1] = made
