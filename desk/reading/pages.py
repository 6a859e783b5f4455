"""A web page: what each source in it says, and the article the desk makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

import lxml.html
import regex
from lxml import etree

from desk.reading import bodies, choosing
from desk.reading.article import Block, Reading, Unreadable
from desk.reading.boilerplate import correction_warning
from desk.reading.bylines import at_midnight, day_of
from desk.reading.captions import rights_warning
from desk.reading.cautions import (
    broken_letters,
    cautions,
    says_opinion,
    says_paid,
)
from desk.reading.choosing import Published, plain_line
from desk.reading.clearing import clear
from desk.reading.days import stale_warnings
from desk.reading.encodings import decoded
from desk.reading.envelope import announces_embargo
from desk.reading.headings import labels_above, labels_by, signed_by
from desk.reading.jsonld import Statement, statement_of
from desk.reading.languages import language_of
from desk.reading.leads import Lead, lead_of, others_of
from desk.reading.links import absolute, same_site, without_tracking
from desk.reading.markup import Tags
from desk.reading.notices import SAID, Notice, notice_titled, without_notices
from desk.reading.spellings import spelling_warnings

ELEMENTS = 25_000  # six times the most of 130 news pages
LETTERS = 500_000  # three times the most of them
# what no XML may hold
UNSPEAKABLE = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST_NOTICE = 1_500  # letters of a page that is known by its title for none
STORY = 100  # letters; a page with less has no article
DATE_METAS = (
    "article:published",
    "article:published:time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "parsely-pub-date",
    "pubdate",
    "publish-date",
    "publishdate",
    "publication_date",
    "article.published",
    "cxenseparse:recs:publishtime",
    "sailthru.date",
)
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
    labels: list[str] = field(default_factory=list)  # by its headline
    signed: list[str] = field(default_factory=list)  # under it

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
    page = _Page(tags, statement_of(tree, tags.addresses, tags.titles), url)
    for script in list(tree.iter("script")):
        script.drop_tree()
    page.labels, page.signed = labels_by(tree), signed_by(tree)
    above = labels_above(tree)
    clear(tree)
    headline = _headline(page)
    lead = lead_of(tags, page.stated)
    blocks = bodies.story(tree, url, page.stated.body)
    page.corrections = bodies.corrections(blocks)
    blocks = bodies.without_furniture(blocks, headline, lead, above)
    blocks, notices = without_notices(blocks)
    if not headline or sum(map(bodies.weight, blocks)) < STORY:
        raise Unreadable(_no_article(tags, notices))
    if sum(map(bodies.weight, blocks)) < LONGEST_NOTICE and not page.stated.published:
        _refuse_titled(tags)
        if tags.lists_stories:
            raise Unreadable(_LIST)
    return _reading(page, headline, lead, blocks, now)


def _refuse_titled(tags: Tags) -> None:
    if notice := notice_titled([*tags.h1s, tags.title]):
        raise Unreadable(SAID[notice])


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
    stated = 0  # letters of JSON-LD, which are no part of the page's text
    for element in list(tree.iter("script", "style")):
        if "ld+json" in (element.get("type") or "").lower():
            stated += len(element.text or "")
        else:
            element.drop_tree()
    elements = sum(1 for _ in tree.iter())
    if elements > ELEMENTS or len(tree.text_content()) - stated > LETTERS:
        raise Unreadable(
            "That page is too long to be one article: open the article itself and "
            "paste its link, or paste its text."
        )


_LIST = (
    "That is a list of stories, not one article: open the article and paste its link, "
    "or its text."
)
_NO_ARTICLE = (
    "No article is found on that page: paste the link of the article itself, or its "
    "text."
)


def _no_article(tags: Tags, notices: list[Notice]) -> str:
    titled = notice_titled([*tags.h1s, tags.title])
    if tags.asks_password:
        return (
            "The page asks for a password and shows no article: paste the article's "
            "text instead."
        )
    if titled or notices:
        return SAID[titled or notices[0]]
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
        h1=max((choosing.title(h1, sites) for h1 in h1s), key=len, default=""),
        h2=choosing.title(tags.h2, sites),
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
    published = _published(page, blocks)
    standfirst = _standfirst(page, headline, story)
    reading = Reading(
        identity=link,
        headline=headline,
        standfirst=standfirst,
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
        blocks=tuple(bodies.without_lines(blocks, standfirst)),
        said=page.said,
    )
    return _with_warnings(reading, page, now)


def _standfirst(page: _Page, headline: str, story: str) -> str:
    """What the page gives as its summary, where it is one of this story."""
    said = page.say(
        "standfirst",
        page=plain_line(page.tags.standfirst),
        json_ld=plain_line(page.stated.standfirst),
        opengraph=plain_line(page.tags.meta("og:description")),
        twitter=plain_line(page.tags.meta("twitter:description")),
        meta=plain_line(page.tags.meta("description")),
    )
    return choosing.standfirst(said, headline, story, _sites(page))


def _authors(page: _Page, blocks: list[Block]) -> tuple[str, ...]:
    """Who is named first: by the page's statement, its tags, its byline, a signature.

    Agencies and newsrooms sign where no person does.
    """
    tags, stated = page.tags, page.stated
    signed = [b.text for b in bodies.signatures(blocks)]
    sources = {
        "json-ld": stated.authors,
        "meta": tags.metas(*AUTHOR_METAS),
        "written by": tags.written_by,
        "byline": tags.bylines,
        "label": tags.labelled_authors,
        "headline": page.signed,
        "line": [b.text for b in bodies.bylines(blocks)],
        "signature": signed,
    }
    page.note("authors", {name: ", ".join(said) for name, said in sources.items()})
    return choosing.authors([*sources.values()], _sites(page))


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


def _published(page: _Page, blocks: list[Block]) -> Published | None:
    """What the page states, else what its head shows; never a day of the story."""
    tags = page.tags
    said = page.say(
        "published_at",
        json_ld=page.stated.published,
        opengraph=tags.meta("article:published_time", "og:article:published_time"),
        meta=tags.meta(*DATE_METAS),
        time=next(iter(tags.times), ""),
        shown=next(iter((*tags.days_shown, *bodies.dates(blocks))), ""),
    )
    language = tags.language or page.stated.language
    if found := choosing.published(
        (t for s, t in said.items() if s != "shown"), language
    ):
        return found
    day = day_of(said.get("shown", ""))
    return Published(at_midnight(day), only_day=True) if day else None


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
        if usable and (same_site(link, page.url) or page.tags.is_copy):
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
    labels = [*page.labels, reading.section, reading.headline.partition(":")[0]]
    found += cautions(
        embargo=next(filter(announces_embargo, page.labels), ""),
        opinion=any(map(says_opinion, labels)),
        paid=any(map(says_paid, labels)),
    )
    found += broken_letters((*texts, *story))
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
