"""Pictures on a page, each with the words that stand with it: caption and credit.

A page frames its pictures in a `figure`, or in boxes of its own. A box is taken as far
as one picture reaches: up to a heading, to another picture, or to the story's words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from urllib.parse import unquote, urlsplit

import regex
from lxml.html import HtmlElement

from desk.reading.captions import (
    is_label,
    owner_alone,
    owners_only,
    split_caption,
)
from desk.reading.links import absolute

PICTURES = 60  # looked at on one page
CLIMB = 7  # boxes around a picture
BOX = 900  # letters; more is a story
ENDS = frozenset(("body", "html", "main", "article", "table", "ul", "ol", "nav"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
MUTE = frozenset(("script", "style", "noscript", "template", "svg", "iframe", "video"))
BREAKING = frozenset(
    [
        "br",
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "dd",
        "dt",
        "tr",
        "td",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "time",
    ]
)
CREDIT_CLASS = regex.compile(
    r"credit|copyright|photographer|photo-?by|bildnachweis|source|quelle|urheber|"
    r"author|rights|foto|agency|byline|attribution",
    regex.IGNORECASE,
)
CAPTION_CLASS = regex.compile(r"caption|legend|bildunterschrift|desc", regex.IGNORECASE)
CREDIT_NAMES = ("data-credit", "data-source", "data-copyright", "data-photographer")
NO_LEAD = regex.compile(
    r"(?<![a-z])(logo|sprite|placeholder|avatar|gravatar|icon|pixel|tracker|tracking|"
    r"blank|spacer|1x1|transparent|default[-_]?(image|share|og))s?(?![a-z])|"
    r"\.svg(\?|$)|\.gif(\?|$)|^data:",
    regex.IGNORECASE,
)
SIZES = regex.compile(
    r"([-_.@](\d{2,4}x\d{2,4}|\d{3,4}w?|w\d+|h\d+|large|small|medium|scaled|thumb\w*|"
    r"original|master)){1,6}$"
)
ID = regex.compile(r"[0-9a-f]{8}-[0-9a-f-]{20,}|[0-9a-f]{24,}|\d{7,}")
DAY = regex.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
SHARED = 12  # letters that the names of two sizes of one picture begin with,
ALIKE = 0.8  # and how much of the shorter name they are
CREDIT_TAGS = ("span", "small", "cite", "div", "p", "em", "i", "figcaption")
LONGEST_CREDIT = 140  # letters


class Figure:
    """A picture; its words are read when they are asked for."""

    def __init__(self, image: HtmlElement, page: str) -> None:
        self._image = image
        self._frame = next(image.iterancestors("figure"), None)
        self.urls = tuple(  # of all its sizes
            address
            for url in dict.fromkeys(_all_urls(image))
            if (address := absolute(page, url))
        )
        self.alt = " ".join((image.get("alt") or "").split())

    @property
    def framed(self) -> bool:
        """By a `figure`: it belongs to a story."""
        return self._frame is not None

    @property
    def elsewhere(self) -> bool:
        """It leads to another story, or stands beside this one."""
        around = self._image.iterancestors("a", "aside", "nav", "footer", "header")
        return next(around, None) is not None

    @property
    def caption(self) -> str:
        return self._words[0]

    @property
    def credit(self) -> str:
        return self._words[1]

    @cached_property
    def _words(self) -> tuple[str, str]:
        return _words_with(self._image, self._frame)


def figures(tree: HtmlElement, page: str) -> Iterator[Figure]:
    """The pictures in the order of the page, which is at this address."""
    for image in islice(tree.iter("img"), PICTURES):
        figure = Figure(image, page)
        if any(NO_LEAD.search(url) is None for url in figure.urls):
            yield figure


def _all_urls(image: HtmlElement) -> Iterator[str]:
    picture = image.getparent()
    if picture is not None and picture.tag == "picture":
        for source in picture.iter("source"):
            yield from _urls(source)
    yield from _urls(image)


def _urls(image: HtmlElement) -> Iterator[str]:
    for name in ("src", "data-src", "data-original", "data-lazy-src"):
        if image.get(name):
            yield str(image.get(name))
    for name in ("srcset", "data-srcset"):
        for part in (image.get(name) or "").split(","):
            if part.strip():
                yield part.split()[0]


def _words_with(image: HtmlElement, frame: HtmlElement | None) -> tuple[str, str]:
    """Caption and credit: of the box, else of the picture's own attributes."""
    caption, credit = "", ""
    for box in _boxes(image, frame):
        spoken, owner = _read(box, box is frame)
        caption, credit = caption or spoken, credit or owner
        if caption and credit:
            break
    if not caption and not credit:
        caption, credit = _below(frame if frame is not None else image)
    if not credit:
        credit = next((image.get(n, "").strip() for n in CREDIT_NAMES), "")
    if not credit:
        credit = split_caption(" ".join((image.get("alt") or "").split()))[1]
    return caption, credit


def _below(shown: HtmlElement) -> tuple[str, str]:
    """What the line under a picture says, where it is marked as its caption."""
    line = shown.getnext()
    if line is None or line.tag not in CREDIT_TAGS:
        return "", ""
    if not CAPTION_CLASS.search(line.get("class") or "") or len(words_of(line)) > BOX:
        return "", ""
    return _read(line, True)


def _boxes(image: HtmlElement, frame: HtmlElement | None) -> Iterator[HtmlElement]:
    """The boxes around a picture that hold nothing but it, the closest first."""
    within = frame is not None
    for box in islice(image.iterancestors(), CLIMB + (4 if within else 0)):
        if box.tag in ENDS or any(_other(image, i) for i in box.iter("img")):
            return
        if any(e.tag in HEADINGS for e in box.iter(*HEADINGS)) or _long(box):
            return
        within = within and box is not frame
        if not within:
            yield box


def _other(image: HtmlElement, beside: HtmlElement) -> bool:
    """Whether this is a picture of its own; lazy pages show one twice, and icons."""
    if beside is image:
        return False
    url = next((u for u in _urls(beside) if not u.startswith("data:")), "")
    if not url or ".svg" in url:
        return False
    alt = image.get("alt") or ""
    if alt and alt == beside.get("alt"):
        return False
    return asset(url) not in {asset(u) for u in _all_urls(image)}


@lru_cache(maxsize=2048)
def asset(url: str) -> str:
    """What stays the same of a picture's address in all its sizes."""
    address = unquote(url)
    inner = regex.search(r"(?<=.)https?://[^&]+", address)  # a service that scales
    path = urlsplit(absolute("", inner[0] if inner else address)).path
    name = path.rstrip("/").rpartition("/")[2].lower()
    return str(
        SIZES.sub("", regex.sub(r"(\.(jpe?g|png|webp|avif|gif)){1,3}$", "", name))
    )


def same_picture(one: str, other: str) -> bool:
    """The same picture at whatever size or crop, by what its addresses share."""
    first, second = asset(one), asset(other)
    if first == second:
        return len(first) > 1
    shared = _beginning(first, second)
    if shared >= max(SHARED, ALIKE * min(len(first), len(second))):
        return True
    return not _ids(one).isdisjoint(_ids(other))


def _beginning(one: str, other: str) -> int:
    """How many letters they begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _ids(url: str) -> set[str]:
    """Long numbers in an address; a day is none, for many pictures share it."""
    return {i for i in ID.findall(unquote(url).lower()) if not DAY.match(i)}


def _long(box: HtmlElement) -> bool:
    letters = 0
    for text in _spoken(box):
        letters += len(text)
        if letters > BOX:
            return True
    return False


def _spoken(element: HtmlElement) -> Iterator[str]:
    """Every piece of text in it that a reader sees."""
    if element.tag in MUTE or not isinstance(element.tag, str):
        return
    if element.text and not element.text.isspace():
        yield element.text
    for child in element:
        yield from _spoken(child)
        if child.tail and not child.tail.isspace():
            yield child.tail


def words_of(element: HtmlElement | None) -> str:
    """The text of an element on one line."""
    return "" if element is None else " ".join(" ".join(_spoken(element)).split())


def lines_of(element: HtmlElement) -> list[str]:
    """The text of an element, line by line as its boxes break it."""
    lines = [""]
    for broken, text in _broken(element):
        if broken and lines[-1].strip():
            lines.append("")
        lines[-1] += text
    return [line for line in lines if line.strip()]


def _broken(element: HtmlElement) -> Iterator[tuple[bool, str]]:
    """Every piece of text, and whether a new line begins with it."""
    if element.tag in MUTE or not isinstance(element.tag, str):
        return
    own = element.tag in BREAKING
    if own:
        yield True, ""
    if element.text:
        yield False, element.text
    for child in element:
        yield from _broken(child)
        if child.tail:
            yield False, child.tail
    if own:
        yield True, ""


@dataclass
class _Piece:
    text: str
    trusted: bool  # marked up as a caption, or inside a figure


def _read(box: HtmlElement, framed: bool) -> tuple[str, str]:
    """What a box says: by its markup, then by the marks that credits carry."""
    marked = _credit_in(box)
    credit = ""
    if marked is not None:
        said = words_of(marked)
        before, named = split_caption(said)
        credit = named or before
    pieces = [piece for piece in _pieces(box, framed, marked) if piece.text]
    for piece in pieces:
        piece.text, named = _split(piece.text)
        credit = credit or named
    if not credit:
        credit = next((p.text for p in pieces[1:] if owner_alone(p.text)), "")
    known = bool(credit)  # then the other words are the caption
    captions = [
        p for p in pieces if (p.trusted or known) and p.text not in ("", credit)
    ]
    return max((p.text for p in captions), key=len, default=""), credit


def _split(text: str) -> tuple[str, str]:
    return ("", text) if owners_only(text) else split_caption(text)


def _credit_in(box: HtmlElement) -> HtmlElement | None:
    """The element that is marked up as the credit; the innermost that says it."""
    everything, found = words_of(box), None
    for element in box.iter(*CREDIT_TAGS):
        said = words_of(element)
        if not 2 <= len(said) <= LONGEST_CREDIT or is_label(said):
            continue
        if not CREDIT_CLASS.search(element.get("class") or ""):
            continue
        if said != everything or split_caption(said)[1]:
            found = element
            if element.get("class") and not CAPTION_CLASS.search(element.get("class")):
                break
    return found


def _pieces(
    box: HtmlElement, framed: bool, but: HtmlElement | None
) -> Iterator[_Piece]:
    """The runs of text in a box, each by itself, without the credit's element."""
    if box.tag in MUTE or box is but or not isinstance(box.tag, str):
        return
    named = box.get("class") or ""
    trusted = framed or box.tag == "figcaption" or bool(CAPTION_CLASS.search(named))
    direct = [box.text, *(child.tail for child in box)]
    if any(text and not text.isspace() for text in direct):
        yield _Piece(_without(box, but), trusted)
        return
    for child in box:
        yield from _pieces(child, trusted, but)


def _without(element: HtmlElement, but: HtmlElement | None) -> str:
    text = words_of(element)
    inside = but is not None and element in list(but.iterancestors())
    return text.replace(words_of(but), "").strip(" |–—-•·") if inside else text
