"""What a page says in its tags: OpenGraph, Twitter, meta, the h1, figures."""

from __future__ import annotations

from functools import cached_property
from itertools import dropwhile, islice

import lxml.html
import regex
from lxml import etree
from lxml.html import HtmlElement

from desk.reading.bylines import day_of
from desk.reading.encodings import decoded
from desk.reading.figures import Figure, figures, lines_of
from desk.reading.figures import words_of as _words
from desk.reading.folding import ends_sentence
from desk.reading.links import absolute

BYLINES = (
    "//a[contains(@rel,'author')] | //*[@itemprop='author'] | //address"
    " | //*[contains(translate(@class,'BYLINE','byline'),'byline')]"
    " | //*[contains(concat(' ',translate(@class,'AUTHOR','author'),' '),' author ')"
    " or contains(concat(' ',@class,' '),' autor ')"
    " or contains(concat(' ',@class,' '),' authors ')]"
    " | //*[contains(@class,'author-name') or contains(@class,'author__name')"
    " or contains(@class,'authorName') or contains(@class,'article-author')"
    " or contains(@class,'article__author')]"
    " | //a[contains(@href,'/author/') or contains(@href,'/autor/')"
    " or contains(@href,'/autoren/') or contains(@href,'/authors/')]"
)
KICKER = regex.compile(
    r"(?<![a-z])(?:kicker|eyebrow|over-?line|top-?line|label|category|badge|rubric|"
    r"dachzeile|roofline|spitzmarke|section|tag|flag|surtitre|antetitulo|occhiello|"
    r"chapeu|vignette|supertitle|pre-?title|topic)(?![a-z])",
    regex.IGNORECASE,
)
WRITTEN_BY = regex.compile(
    r"(?:written by|posted by|by|author|écrit par|escrito por|geschrieben von|"
    r"verfasst von|"
    r"scritto da|geschreven door|skrivet av|napisane przez|napsal|автор|"
    r"написано|yazan|ditulis oleh|được viết bởi|كتب بواسطة|"
    r"作者|投稿者|執筆者|글쓴이)\s?:?",
    regex.IGNORECASE,
)
BYLINE = 160  # letters of one; a longer one tells who the author is
BESIDE = ("aside", "nav", "footer", "figure", "form")
ELSEWHERE = regex.compile(
    r"(?<![a-z])(?:related|recommend(?:ed|ations?)|sidebar|side-bar|most-?(?:read|popular|"
    r"viewed)|trending|popular|more-(?:stories|news|from|on)|read-?more|also-?read|promo|"
    r"newsletter|teasers?|comments?|respond|cards?|carousel|latest|up-?next|you-may|"
    r"columnists|footer|colophon|bio|about-(?:the-)?author|author-?(?:box|bio|card))(?![a-z])",
    regex.IGNORECASE,
)
DATE_TAGS = ("p", "div", "span", "time", "li", "small", "em")
HEADINGS = ("h2", "h3", "h4")
LISTED = 3  # headings that lead to stories
DATE_LINE = 80  # letters of one
STORY_LINE = 120  # letters; paragraphs so long are the story
AUTHOR_LABEL = regex.compile(
    r"(?:autor(?:in)?(?:/autor(?:in)?)?|author|auteur|autore|auteure|penulis|yazar|"
    r"автор|tác giả|autorka|skribent|forfatter|door|text)\s*:?",
    regex.IGNORECASE,
)
SUMMARY_CLASS = regex.compile(
    r"(?<![a-z])(?:stand-?first|dek|deck|lead(?!er)|lede|sub-?title|sub-?head(?:line)?|"
    r"subline|summary|intro(?:duction|text)?|excerpt|abstract|chapo|entradilla|"
    r"sommario|bajada|ingress|manchet|perex|synopsis|vorspann|description|preface|"
    r"article-?lead|teaser-?text)(?![a-z])",
    regex.IGNORECASE,
)
SUMMARY_TAGS = ("p", "div", "h2", "h3", "h4", "span", "strong", "section")
BELOW_HEADLINE = 150  # elements that may come between
SHORTEST, LONGEST = 40, 600  # letters of a summary
SHORTEST_NAMED = 30
NEXT, DECK = 3, 8  # elements below a headline; words of an h2 there
CLOSE = 8  # elements below a headline
STANDFIRST_CLASS = regex.compile(
    r"(?<![a-z])(?:stand-?first|dek|deck|sub-?title|sub-?head(?:line|ing)?|excerpt|preface|"
    r"lede|chapo|bajada|sommario|entradilla|ingress|vorspann|perex|lead)(?![a-z])",
    regex.IGNORECASE,
)
SMALLEST = 200  # pixels


class Tags:
    """The page's own tags, read once."""

    def __init__(self, tree: HtmlElement, url: str) -> None:
        for image in tree.iter("amp-img"):
            image.tag = "img"
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
        return [text for h1 in self.tree.iter("h1") if (text := _title_of(h1))]

    @property
    def h2(self) -> str:
        """What stands in the headline's place where the h1 is the site's."""
        within = (
            h for box in self.tree.iter("article", "main") for h in box.iter("h2")
        )
        return _words(next(within, None))

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
    def is_copy(self) -> bool:
        """An AMP page: another one's, which it must name, wherever it is served."""
        root = self.tree.getroottree().getroot()
        return root.get("amp") is not None or root.get("⚡") is not None

    @property
    def addresses(self) -> list[str]:
        """Where the page says that it lives, and where it was read."""
        told = (self.url, self.canonical, self.meta("og:url"))
        return [address for address in told if address]

    @property
    def titles(self) -> list[str]:
        told = (*self.h1s, self.meta("og:title"), self.title)
        return [title for title in told if title]

    @property
    def times(self) -> list[str]:
        """The moments that the story's own head or foot gives."""
        return [
            moment
            for time in self.tree.iter("time")
            if not self._is_elsewhere(time)
            and (moment := time.get("datetime") or _words(time))
        ]

    @property
    def lists_stories(self) -> bool:
        """Headings that lead elsewhere stand where a story would begin."""
        if self._head is None or self.times or self.days_shown:
            return False
        first, _ = self._header
        leading, paragraphs = 0, 0
        for element, place in self._places.items():
            if place <= first or self._is_elsewhere_by_tag(element):
                continue
            leading += element.tag in HEADINGS and _leads_elsewhere(element)
            paragraphs += element.tag == "p" and len(_words(element)) >= SHORTEST
            if paragraphs and not leading:
                return False
        return leading >= LISTED and paragraphs <= 2 * leading

    def _is_elsewhere_by_tag(self, element: HtmlElement) -> bool:
        return next(element.iterancestors(*BESIDE), None) is not None

    @property
    def days_shown(self) -> list[str]:
        """Lines near the headline that say nothing but a date."""
        lines = (
            said
            for element in self.tree.iter(*DATE_TAGS)
            if self._is_near(element)
            and not self._is_elsewhere(element)
            and 6 <= len(said := _words(element)) <= DATE_LINE
            and any(sign.isdigit() for sign in said)
        )
        return [line for line in lines if day_of(line)]

    @property
    def bylines(self) -> list[str]:
        """Names in what is marked as the author's, near the headline before all.

        What stands beside the story names the authors of others.
        """
        marked = [e for e in self.tree.xpath(BYLINES) if not self._is_elsewhere(e)]
        innermost = [e for e in marked if not _holds_one_of(e, marked)]
        told = [(self._is_near(e), text) for e in innermost if (text := _byline(e))]
        near = [text for close, text in told if close]
        return list(dict.fromkeys(near or [text for _, text in told][:3]))

    @property
    def written_by(self) -> list[str]:
        """What Twitter's labels give as the author."""
        return [
            self.meta(f"twitter:data{n}")
            for n in (1, 2)
            if WRITTEN_BY.fullmatch(self.meta(f"twitter:label{n}").strip())
        ]

    def _is_elsewhere(self, element: HtmlElement) -> bool:
        """Beside the story, or in another one."""
        article = (
            next(self._head.iterancestors("article"), None)
            if self._head is not None
            else None
        )
        for box in element.iterancestors():
            if box.tag in ("html", "body"):
                break
            if box.tag in BESIDE or (box.tag == "article" and box is not article):
                return article is not None or box.tag in BESIDE
            named = f"{box.get('class') or ''} {box.get('id') or ''}"
            elsewhere = len(named) > 1 and ELSEWHERE.search(named)
            if elsewhere and next(box.iter("h1"), None) is None:
                return True
        return False

    def _is_near(self, element: HtmlElement) -> bool:
        """In the headline's box, or below it and above the story's third paragraph."""
        place = self._places.get(element, -1)
        first, last = self._header
        return first <= place <= last

    @cached_property
    def _places(self) -> dict[HtmlElement, int]:
        return {element: n for n, element in enumerate(self.tree.iter(etree.Element))}

    @cached_property
    def _head(self) -> HtmlElement | None:
        return next(self.tree.iter("h1"), None)

    @cached_property
    def _header(self) -> tuple[int, int]:
        """From where to where bylines of this story stand."""
        if self._head is None:
            return (0, -1)
        box = next(self._head.iterancestors("header", "hgroup"), None)
        start = self._places[self._head if box is None else box]
        paragraphs = 0
        for element, place in self._places.items():
            if place > start and element.tag == "p":
                paragraphs += len(_words(element)) >= STORY_LINE
                if paragraphs == 3:
                    return (start, place)
        return (start, len(self._places))

    @property
    def standfirst(self) -> str:
        """The summary that readers see between the headline and the story.

        It is marked as one, or stands in a box of its own before the paragraphs.
        """
        elements = self.tree.iter(etree.Element)
        below = dropwhile(lambda e: e.tag != "h1", elements)
        for place, element in enumerate(islice(below, BELOW_HEADLINE)):
            if element.tag not in SUMMARY_TAGS:
                continue
            marks = " ".join(element.get(n) or "" for n in ("class", "id", "itemprop"))
            named = SUMMARY_CLASS.search(marks) is not None
            if not named and element.tag != "h2":
                continue
            said = _words(element)
            close = place <= CLOSE and STANDFIRST_CLASS.search(marks) is not None
            close = close or (place <= NEXT and _is_deck(element, said))
            if _is_summary(element, said, close) and not self._is_elsewhere(element):
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


def _title_of(h1: HtmlElement) -> str:
    """Its words, without a kicker in a box of its own before them."""
    words = _words(h1)
    first = next(iter(h1), None)
    if first is not None and KICKER.search(first.get("class") or ""):
        rest = words.removeprefix(_words(first)).strip(" :|–—-")
        return rest or words
    return words


def _leads_elsewhere(heading: HtmlElement) -> bool:
    """A link holds all of it, or it stands in one."""
    return next(heading.iterancestors("a"), None) is not None or _linked(
        heading, _words(heading)
    )


def _is_deck(element: HtmlElement, said: str) -> bool:
    """An h2 that tells more than a subheading, and asks nothing."""
    words = len(said.split())
    return element.tag == "h2" and words >= DECK and not said.endswith(("?", "？", "؟"))


def _byline(element: HtmlElement) -> str:
    """What it says, each line of it by itself."""
    said = " | ".join(" ".join(t.split()) for t in lines_of(element))
    return said if len(said) <= BYLINE else ""


def _holds_one_of(element: HtmlElement, others: list[HtmlElement]) -> bool:
    """Another one that says all of it; one that says only a part is not enough."""
    said = _words(element)
    return any(
        other is not element
        and element in other.iterancestors()
        and _words(other) == said
        for other in others
    )


def _is_summary(element: HtmlElement, said: str, close: bool) -> bool:
    """Sentences of their own: no headline, no teaser of another story.

    Close below the headline, and named as one, it may be half a sentence.
    """
    least = SHORTEST_NAMED if close else SHORTEST
    return (
        least <= len(said) <= LONGEST
        and (close or ends_sentence(said))
        and next(element.iterancestors("h1", "figure", "nav", "aside"), None) is None
        and next(element.iter("h1"), None) is None
        and not _linked(element, said)
    )


def _linked(element: HtmlElement, said: str) -> bool:
    """Most of it is links: a teaser of another story."""
    return 2 * sum(len(_words(link)) for link in element.iter("a")) > len(said)
