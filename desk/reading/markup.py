"""What a page says in its tags: OpenGraph, Twitter, meta, the h1, figures."""

from __future__ import annotations

from itertools import dropwhile, islice

import lxml.html
import regex
from lxml import etree
from lxml.html import HtmlElement

from desk.reading.encodings import decoded
from desk.reading.figures import Figure, figures
from desk.reading.figures import words_of as _words
from desk.reading.folding import ends_sentence
from desk.reading.links import absolute

BYLINES = (
    "//a[contains(@rel,'author')] | //*[@itemprop='author']//*[@itemprop='name']"
    " | //address//a | //*[contains(concat(' ',@class,' '),' byline ')]//a"
    " | //*[contains(@class,'author-name') or contains(@class,'author__name')"
    " or contains(@class,'authorName')]"
    " | //a[contains(@href,'/author/') or contains(@href,'/autor/')"
    " or contains(@href,'/autoren/') or contains(@href,'/authors/')]"
)
AUTHOR_LABEL = regex.compile(
    r"(?:autor(?:in)?(?:/autor(?:in)?)?|author|auteur|autore|auteure|penulis|yazar|"
    r"автор|tác giả|autorka|skribent|forfatter|door|text)\s*:?",
    regex.IGNORECASE,
)
SUMMARY_CLASS = regex.compile(
    r"(?<![a-z])(?:stand-?first|dek|deck|lead(?!er)|lede|sub-?title|sub-?head(?:line)?|"
    r"subline|summary|intro(?:duction|text)?|excerpt|abstract|chapo|entradilla|"
    r"sommario|bajada|ingress|manchet|perex|synopsis|vorspann|description|"
    r"article-?lead|teaser-?text)(?![a-z])",
    regex.IGNORECASE,
)
SUMMARY_TAGS = ("p", "div", "h2", "h3", "h4", "span", "strong", "section")
BELOW_HEADLINE = 150  # elements that may come between
SHORTEST, LONGEST = 40, 600  # letters of a summary
SMALLEST = 200  # pixels


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

    @classmethod
    def of(cls, html: bytes, content_type: str, url: str) -> Tags | None:
        """Of a page as it came; None where it can't be read."""
        parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True)
        text = decoded(html, content_type).encode(errors="replace")
        try:
            return cls(lxml.html.document_fromstring(text, parser=parser), url)
        except (etree.LxmlError, ValueError):
            return None

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
                return absolute(self.url, str(link.get("href") or ""))
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
    def standfirst(self) -> str:
        """The summary that readers see between the headline and the story."""
        elements = self.tree.iter(etree.Element)
        below = dropwhile(lambda e: e.tag != "h1", elements)
        for element in islice(below, BELOW_HEADLINE):
            if element.tag not in SUMMARY_TAGS:
                continue
            marks = " ".join(element.get(n) or "" for n in ("class", "id", "itemprop"))
            if SUMMARY_CLASS.search(marks) or element.tag == "h2":
                said = _words(element)
                if _is_summary(element, said):
                    return said
        return ""

    @property
    def labelled_authors(self) -> list[str]:
        """What stands after "Author:" in a list of facts about the page."""
        found = []
        for label in self.tree.iter("strong", "b", "dt", "th", "span", "label"):
            if len(label) == 0 and AUTHOR_LABEL.fullmatch((label.text or "").strip()):
                beside = label.getnext()
                found += [(label.tail or "").strip() or _words(beside)]
        return [text for text in found if text]

    @property
    def asks_password(self) -> bool:
        return any(
            (field.get("type") or "").lower() == "password"
            for field in self.tree.iter("input")
        )

    def figures(self) -> list[Figure]:
        return list(figures(self.tree, self.url))


def _is_summary(element: HtmlElement, said: str) -> bool:
    """Sentences of their own: no headline, no teaser of another story."""
    return (
        SHORTEST <= len(said) <= LONGEST
        and ends_sentence(said)
        and next(element.iterancestors("h1", "figure", "nav", "aside"), None) is None
        and next(element.iter("h1"), None) is None
        and not _linked(element, said)
    )


def _linked(element: HtmlElement, said: str) -> bool:
    """Most of it is links: a teaser of another story."""
    return 2 * sum(len(_words(link)) for link in element.iter("a")) > len(said)
