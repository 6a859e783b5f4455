"""What a page says in its tags: OpenGraph, Twitter, meta, the h1, figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

import regex
from lxml.html import HtmlElement

from desk.reading.captions import split_credit

CREDIT_CLASS = regex.compile(
    r"credit|copyright|photographer|photo-?by|bildnachweis|source|urheber|author|"
    r"rights|foto",
    regex.IGNORECASE,
)
NO_LEAD = regex.compile(
    r"logo|sprite|placeholder|avatar|icon|pixel|tracker|tracking|blank|spacer|1x1|"
    r"default[-_]?(image|share|og)|\.svg(\?|$)|\.gif(\?|$)|^data:",
    regex.IGNORECASE,
)
BYLINES = (
    "//a[contains(@rel,'author')] | //*[@itemprop='author']//*[@itemprop='name']"
    " | //address//a | //*[contains(concat(' ',@class,' '),' byline ')]//a"
    " | //*[contains(@class,'author-name') or contains(@class,'author__name')"
    " or contains(@class,'authorName')]"
    " | //a[contains(@href,'/author/') or contains(@href,'/autor/')"
    " or contains(@href,'/autoren/') or contains(@href,'/authors/')]"
)
SMALLEST = 200  # pixels
FIGURES = 30


@dataclass(frozen=True)
class Figure:
    urls: tuple[str, ...]
    alt: str
    caption: str
    credit: str


class Tags:
    """The page's own tags, read once."""

    def __init__(self, tree: HtmlElement, url: str) -> None:
        self.tree = tree
        self.url = url
        self._metas: dict[str, list[str]] = {}
        for meta in tree.iter("meta"):
            name = meta.get("property") or meta.get("name") or meta.get("itemprop")
            content = (meta.get("content") or "").strip()
            if name and content:
                self._metas.setdefault(name.strip().lower(), []).append(content)

    def meta(self, *names: str) -> str:
        """The first of these that the page has."""
        return next((self._metas[n][0] for n in names if n in self._metas), "")

    def metas(self, *names: str) -> list[str]:
        return [value for n in names for value in self._metas.get(n, [])]

    @property
    def title(self) -> str:
        return _words(self.tree.find(".//title"))

    @property
    def h1s(self) -> list[str]:
        return [text for h1 in self.tree.iter("h1") if (text := _words(h1))]

    @property
    def language(self) -> str:
        root = self.tree.getroottree().getroot()
        return f"{root.get('lang') or root.get('xml:lang') or ''}"

    @property
    def canonical(self) -> str:
        for link in self.tree.iter("link"):
            if "canonical" in (link.get("rel") or "").lower().split():
                return urljoin(self.url, str(link.get("href") or "").strip())
        return ""

    @property
    def times(self) -> list[str]:
        return [t.get("datetime", "") for t in self.tree.iter("time")]

    @property
    def bylines(self) -> list[str]:
        """Names in links that are marked as the author's."""
        found = self.tree.xpath(BYLINES)
        return list(dict.fromkeys(t for e in found if (t := _words(e))))

    @property
    def asks_password(self) -> bool:
        return any(
            (field.get("type") or "").lower() == "password"
            for field in self.tree.iter("input")
        )

    def figures(self) -> Iterator[Figure]:
        for count, figure in enumerate(self.tree.iter("figure")):
            if count == FIGURES:
                return
            urls = tuple(
                u for image in figure.iter("img", "source") for u in _urls(image)
            )
            image = figure.find(".//img")
            if urls:
                alt = (image.get("alt") or "").strip() if image is not None else ""
                caption, credit = _caption(figure)
                yield Figure(
                    tuple(urljoin(self.url, u) for u in urls), alt, caption, credit
                )


def _urls(image: HtmlElement) -> Iterator[str]:
    for name in ("src", "data-src", "data-original", "data-lazy-src"):
        if image.get(name):
            yield str(image.get(name))
    for name in ("srcset", "data-srcset"):
        for part in (image.get(name) or "").split(","):
            if part.strip():
                yield part.split()[0]


def _caption(figure: HtmlElement) -> tuple[str, str]:
    """The figcaption's words, and the credit in them or beside them."""
    box = figure.find(".//figcaption")
    whole = _words(box)
    for scope in (box, figure):
        for part in (
            scope.iter("span", "small", "cite", "div", "p", "em", "i")
            if scope is not None
            else ()
        ):
            credit = _words(part)
            if (
                credit
                and credit != whole
                and CREDIT_CLASS.search(part.get("class") or "")
            ):
                before, named = split_credit(credit)
                return whole.replace(credit, "").strip(" |–—-•·"), named or before
    return split_credit(whole)


def _words(element: HtmlElement | None) -> str:
    if element is None:
        return ""
    return " ".join(" ".join(element.itertext()).split())
