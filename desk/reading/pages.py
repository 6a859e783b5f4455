"""A web page: what each source in it says, and the article the desk makes of it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

import lxml.html
import regex
from lxml import etree
from trafilatura.metadata import extract_author, extract_metadata

from desk.reading import bodies, choosing
from desk.reading.article import Block, Reading, Unreadable
from desk.reading.boilerplate import correction_warning
from desk.reading.captions import rights_warning
from desk.reading.choosing import Published, plain_line
from desk.reading.days import stale_warnings
from desk.reading.encodings import decoded
from desk.reading.folding import fold
from desk.reading.jsonld import Statement, statement_of
from desk.reading.languages import language_of
from desk.reading.leads import Lead, lead_of, others_of
from desk.reading.links import absolute, same_site, without_tracking
from desk.reading.markup import Tags
from desk.reading.spellings import spelling_warnings

ELEMENTS = 25_000  # six times the most of 130 news pages
LETTERS = 500_000  # three times the most of them
# what no XML may hold
UNSPEAKABLE = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
FIRST_DAY = "-01-01"
STORY = 100  # letters; a page with less has no article
AUTHOR_METAS = (
    "author",
    "article:author",
    "article:author_name",
    "articleauthor",
    "parsely-author",
    "dc.creator",
    "byl",
    "cxenseparse:author",
    "twitter:misc:written by",
)


@dataclass
class _Page:
    """The page on its way to a reading."""

    tags: Tags
    stated: Statement
    url: str
    said: dict[str, dict[str, str]] = field(default_factory=dict)
    corrections: list[str] = field(default_factory=list)

    def say(self, name: str, **sources: str) -> dict[str, str]:
        """Note what each source says of a field; empty ones say nothing."""
        return self.note(name, {s.replace("_", "-"): v for s, v in sources.items()})

    def note(self, name: str, sources: dict[str, str]) -> dict[str, str]:
        spoken = {source: said for source, said in sources.items() if said}
        if spoken:
            self.said[name] = spoken
        return spoken


def read_page(
    html: bytes | str, url: str, now: datetime, content_type: str = "text/html"
) -> Reading:
    """Read an article's page. Raises `Unreadable` with a sentence."""
    if not urlsplit(url).path.strip("/") and not urlsplit(url).query:
        raise Unreadable(
            "That is a site's front page, not an article: open the article and paste "
            "its link, or its text."
        )
    tree = _tree(html if isinstance(html, str) else decoded(html, content_type))
    tags = Tags(tree, url)
    page = _Page(tags, statement_of(tree) or Statement(), url)
    headline = _headline(page)
    lead = lead_of(tags, page.stated)
    blocks = bodies.story(tree, url, page.stated.body)
    page.corrections = bodies.corrections(blocks)
    blocks = bodies.without_furniture(blocks, headline, lead)
    if not headline or sum(map(bodies.weight, blocks)) < STORY:
        raise Unreadable(_no_article(tags))
    return _reading(page, headline, lead, blocks, now)


def own_address(html: bytes) -> str:
    """Where a saved page says that it lives; empty where it doesn't say."""
    tags = Tags(_tree(decoded(html, "text/html")), "")
    for address in (tags.canonical, tags.meta("og:url")):
        parts = urlsplit(absolute("", address))
        if parts.scheme in ("http", "https") and parts.path.strip("/"):
            return address
    return ""


def _tree(text: str) -> lxml.html.HtmlElement:
    try:
        tree = lxml.html.document_fromstring(
            UNSPEAKABLE.sub("", text).encode(errors="replace"),
            parser=lxml.html.HTMLParser(encoding="utf-8", remove_comments=True),
        )
    except (etree.LxmlError, ValueError):
        raise Unreadable(_NO_ARTICLE) from None
    _admit(tree)
    return tree


def _admit(tree: lxml.html.HtmlElement) -> None:
    """Refuse what is no single article, before work is spent on it."""
    for element in list(tree.iter("script", "style")):
        if "ld+json" not in (element.get("type") or "").lower():
            element.drop_tree()
    elements = sum(1 for _ in tree.iter())
    if elements > ELEMENTS or len(tree.text_content()) > LETTERS:
        raise Unreadable(
            "That page is too long to be one article: open the article itself and "
            "paste its link, or paste its text."
        )


_NO_ARTICLE = (
    "No article is found on that page: paste the link of the article itself, or its "
    "text."
)


def _no_article(tags: Tags) -> str:
    if tags.asks_password:
        return (
            "The page asks for a password and shows no article: paste the article's "
            "text instead."
        )
    return _NO_ARTICLE


def _headline(page: _Page) -> str:
    tags, stated = page.tags, page.stated
    h1s = tags.h1s
    sites = _sites(page)
    said = page.say(
        "headline",
        json_ld=choosing.title(stated.headline, sites),
        opengraph=choosing.title(tags.meta("og:title"), sites),
        twitter=choosing.title(tags.meta("twitter:title"), sites),
        h1=choosing.title(max(h1s, key=len), sites) if h1s else "",
        title=choosing.title(tags.title, sites),
    )
    return choosing.headline(said)


def _sites(page: _Page) -> list[str]:
    """What the site is called; its own name is never a headline nor an author."""
    host = (urlsplit(page.url).hostname or "").removeprefix("www.")
    names = [page.tags.meta("og:site_name"), page.stated.publisher]
    return [*map(plain_line, names), host, host.rpartition(".")[0]]


def _reading(
    page: _Page, headline: str, lead: Lead, blocks: list[Block], now: datetime
) -> Reading:
    tags, stated = page.tags, page.stated
    link = _link(page)
    story = "\n".join(b.text for b in blocks)
    language = tags.language or stated.language or language_of(f"{headline}\n{story}")
    page.said |= lead.said
    published = _published(page)
    reading = Reading(
        identity=link,
        headline=headline,
        standfirst=_standfirst(page, headline),
        authors=_authors(page, blocks),
        topics=_topics(page),
        section=plain_line(stated.section or tags.meta("article:section")),
        language=language.replace("_", "-").strip(),
        published_at=published.at if published else None,
        only_day=published is not None and published.only_day,
        link=link,
        image_url=lead.url,
        caption=lead.caption,
        credit=lead.credit,
        alt=lead.alt,
        others=others_of(tags, lead),
        blocks=tuple(b for b in blocks if b not in bodies.signatures(blocks)),
        said=page.said,
    )
    return _with_warnings(reading, page, now)


def _standfirst(page: _Page, headline: str) -> str:
    """What the page gives as its summary, unless it only repeats something."""
    said = page.say(
        "standfirst",
        page=plain_line(page.tags.standfirst),
        json_ld=plain_line(page.stated.standfirst),
        opengraph=plain_line(page.tags.meta("og:description")),
        meta=plain_line(page.tags.meta("description")),
    )
    chosen = next(
        (said[s] for s in ("page", "json-ld", "opengraph", "meta") if s in said), ""
    )
    return "" if fold(chosen) == fold(headline) else chosen


def _authors(page: _Page, blocks: list[Block]) -> tuple[str, ...]:
    tags, stated = page.tags, page.stated
    metas = tags.metas(*AUTHOR_METAS)
    signed = [b.text for b in bodies.signatures(blocks)]
    sources = (stated.authors, metas, tags.bylines[:5], tags.labelled_authors, signed)
    names = ("json-ld", "meta", "byline", "label", "signature")
    page.note("authors", dict(zip(names, map(", ".join, sources), strict=True)))
    sites = _sites(page)
    named = choosing.authors(sources, sites)
    if named:
        return named
    guessed = choosing.authors([(extract_author(tags.tree) or "",)], sites)
    return tuple(name for name in guessed if len(name) > 3)  # not "red", not "dpa"


def _topics(page: _Page) -> tuple[str, ...]:
    """What the newsroom tagged the story with; not what it is always tagged with."""
    tags, sites = page.tags, _sites(page)
    sources = (
        page.stated.topics,
        tags.metas("article:tag", "og:article:tag", "parsely-tags"),
        tags.metas("news_keywords", "keywords"),
    )
    found = (choosing.topics(source, sites) for source in sources)
    return next((topics for topics in found if topics), ())


def _published(page: _Page) -> Published | None:
    tags = page.tags
    said = page.say(
        "published_at",
        json_ld=page.stated.published,
        opengraph=tags.meta("article:published_time", "og:article:published_time"),
        meta=tags.meta(
            "datepublished",
            "date",
            "dc.date",
            "dc.date.issued",
            "dcterms.created",
            "parsely-pub-date",
            "pubdate",
            "publish-date",
            "sailthru.date",
            "last-modified",
        ),
        time=next(iter(tags.times), ""),
    )
    if found := choosing.published(said.values()):
        return found
    guessed = extract_metadata(deepcopy(tags.tree), page.url).date or ""
    # a year alone is guessed to be its first day
    return choosing.published([] if guessed.endswith(FIRST_DAY) else [guessed])


def _link(page: _Page) -> str:
    """The canonical address where it is on the same site, without tracking."""
    said = page.say(
        "link",
        canonical=page.tags.canonical,
        opengraph=page.tags.meta("og:url"),
        fetched=page.url,
    )
    for source in ("canonical", "opengraph"):
        link = absolute(page.url, said.get(source, ""))
        parts = urlsplit(link)
        usable = parts.scheme in ("http", "https") and parts.path.strip("/")
        if usable and same_site(link, page.url):
            return without_tracking(link)
    return without_tracking(page.url)


def _with_warnings(reading: Reading, page: _Page, now: datetime) -> Reading:
    texts = (reading.headline, reading.standfirst)
    story = tuple(b.start for b in reading.blocks)
    found = list(_flags(page))
    if reading.image_url is None:
        found.append("The page has no image: add one, or post without.")
    elif rights := rights_warning(reading.credit, reading.caption):
        found.append(rights)
    if corrected := correction_warning(page.corrections):
        found.append(corrected)
    found += spelling_warnings(
        (reading.headline, reading.caption, *story), reading.language
    )
    found += stale_warnings((*texts, *story), now)
    return replace(reading, warnings=tuple(dict.fromkeys(found)))


def _flags(page: _Page) -> list[str]:
    """What the page says about who may read it."""
    found = []
    tier = page.tags.meta("article:content_tier").lower()
    if page.stated.paywalled or tier in ("locked", "metered"):
        found.append(
            "The page says that the article is behind a paywall: readers of the post "
            "may not get to it, and the desk may have read only its beginning."
        )
    if "noindex" in page.tags.meta("robots").lower():
        found.append(
            "The page asks search engines to stay away (noindex): check that it is "
            "meant to be public."
        )
    return found
