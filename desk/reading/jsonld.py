"""What a page says of its article in JSON-LD, however it is nested."""

from __future__ import annotations

import html
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import regex
from lxml.html import HtmlElement

ARTICLE = regex.compile(
    r"(\w*NewsArticle|Article|BlogPosting|LiveBlogPosting|TechArticle|Report|"
    r"ScholarlyArticle|SatiricalArticle|AdvertiserContentArticle|Review)$"
)
DEPTH = 8
LONGEST = 200_000  # letters of one statement
NODES = 2_000
STRANGER = 3  # another story's statement
COMMENT = regex.compile(
    r"(?<=[\s,{\[}\]])//[^\n\"]{0,200}\n|/\*.{0,200}?\*/", regex.DOTALL
)


@dataclass(frozen=True)
class Picture:
    url: str
    caption: str = ""
    credit: str = ""
    width: int = 0


@dataclass(frozen=True)
class Statement:
    """The article as one JSON-LD node states it; empty where it says nothing."""

    headline: str = ""
    standfirst: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    section: str = ""
    topics: tuple[str, ...] = ()
    language: str = ""
    url: str = ""
    body: str = ""
    publisher: str = ""
    paywalled: bool = False
    pictures: tuple[Picture, ...] = field(default=())


def statement_of(
    tree: HtmlElement, addresses: Collection[str] = (), titles: Collection[str] = ()
) -> Statement:
    """What the page states of its article; nothing where it states none.

    Of several the one whose address is the page's, else the one that is entitled as
    the page is; one whose address and title are both another story's is none.
    """
    nodes = list(_nodes(tree))
    by_id = {n["@id"]: n for n in nodes if isinstance(n.get("@id"), str) and len(n) > 1}
    articles = [n for n in nodes if _is_article(n) and _text(n.get("headline"))]
    articles += [n for n in nodes if _is_article(n) and _text(n.get("name"))]
    places, names = {_place(a) for a in addresses}, {_key(t) for t in titles}
    ranked = sorted(articles, key=lambda n: _strangeness(n, places, names))
    if not ranked or _strangeness(ranked[0], places, names) == STRANGER:
        return Statement()
    return _statement(ranked[0], by_id)


def _strangeness(
    node: Mapping[str, Any], places: Collection[str], names: Collection[str]
) -> int:
    """0 for the page's own story, `STRANGER` for another one."""
    stated = {_place(address) for address in _addresses(node)} - {""}
    entitled = _key(_text(node.get("headline")) or _text(node.get("name")))
    alike = any(entitled in name or name in entitled for name in names if name)
    if not stated.isdisjoint(places):
        return 0
    if alike:
        return 1
    return STRANGER if stated and places and names and not alike else 2


def _addresses(node: Mapping[str, Any]) -> Iterator[str]:
    page = node.get("mainEntityOfPage")
    yield _text(node.get("url"))
    yield (
        _text(page.get("@id") or page.get("url"))
        if isinstance(page, dict)
        else _text(page)
    )


def _place(address: str) -> str:
    """What two spellings of an address share; of a front page nothing."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    path = parts.path.rstrip("/").casefold()
    return path.rpartition("/")[2].removesuffix(".html").removesuffix(".amp")


def _key(title: str) -> str:
    return str(regex.sub(r"[^\p{L}\p{N}]", "", html.unescape(title))).casefold()


def _nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    count = 0
    for script in tree.iterfind(".//script[@type]"):
        if "ld+json" not in script.get("type", "").lower():
            continue
        for node in _walk(_loaded(script.text_content()), 0):
            count += 1
            if count > NODES:
                return
            yield node


def _loaded(raw: str) -> Any:
    """The script's JSON; sites wrap it in comments and break lines inside strings."""
    text = regex.sub(
        r"^\s*(<!--|//\s*<!\[CDATA\[|/\*.*?\*/)|(-->|//\s*\]\]>)\s*$", "", raw
    )
    mended = regex.sub(r",\s*([}\]])", r"\1", text).rstrip("; \n\t")
    for attempt in (text, mended, COMMENT.sub(" ", mended)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _walk(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key, inner in value.items():
            if key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart") or (
                isinstance(inner, dict) and "@id" in inner
            ):
                yield from _walk(inner, depth + 1)


def _is_article(node: Mapping[str, Any]) -> bool:
    return any(ARTICLE.match(kind) for kind in _strings(node.get("@type")))


def _statement(
    node: Mapping[str, Any], by_id: Mapping[str, dict[str, Any]]
) -> Statement:
    page = node.get("mainEntityOfPage")
    return Statement(
        headline=_text(node.get("headline")) or _text(node.get("name")),
        standfirst=_text(node.get("description")),
        authors=tuple(
            dict.fromkeys(_authors(node.get("author") or node.get("creator"), by_id))
        ),
        published=_text(node.get("datePublished")),
        section=_text(node.get("articleSection")),
        topics=(*_strings(node.get("keywords")), *_names(node.get("about"), by_id)),
        language=_text(node.get("inLanguage")),
        url=_text(node.get("url"))
        or (_text(page.get("@id")) if isinstance(page, dict) else _text(page)),
        body=_text(node.get("articleBody")),
        publisher=next(iter(_names(node.get("publisher"), by_id)), ""),
        paywalled=_text(node.get("isAccessibleForFree")).lower() == "false",
        pictures=tuple(_pictures(node.get("image"), by_id)),
    )


def _authors(value: Any, by_id: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    """People; an organisation is no author."""
    for item in value if isinstance(value, list) else [value]:
        node = _resolved(item, by_id)
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict) and "Organization" not in " ".join(
            _strings(node.get("@type"))
        ):
            yield from _strings(node.get("name")) or _full_name(node)


def _full_name(node: Mapping[str, Any]) -> list[str]:
    parts = (_text(node.get("givenName")), _text(node.get("familyName")))
    name = " ".join(part for part in parts if part)
    return [name] if name else []


def _names(value: Any, by_id: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        node = _resolved(item, by_id)
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            yield from _strings(node.get("name"))


def _pictures(value: Any, by_id: Mapping[str, dict[str, Any]]) -> Iterator[Picture]:
    for item in value if isinstance(value, list) else [value]:
        node = _resolved(item, by_id)
        if isinstance(node, str):
            yield Picture(node)
        elif isinstance(node, dict):
            url = _text(node.get("contentUrl")) or _text(node.get("url"))
            credit = (
                _text(node.get("creditText"))
                or next(iter(_names(node.get("author"), by_id)), "")
                or next(iter(_names(node.get("creator"), by_id)), "")
                or _text(node.get("copyrightNotice"))
                or next(iter(_names(node.get("copyrightHolder"), by_id)), "")
            )
            caption = _text(node.get("caption")) or _text(node.get("description"))
            yield Picture(url, caption, credit, _number(node.get("width")))


def _resolved(item: Any, by_id: Mapping[str, dict[str, Any]]) -> Any:
    if isinstance(item, dict) and isinstance(item.get("@id"), str):
        return {**by_id.get(item["@id"], {}), **item}
    return item


def _strings(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for item in value if (text := _text(item))]
    return [text] if (text := _text(value)) else []


def _text(value: Any) -> str:
    match value:
        case str():
            return value.strip()[:LONGEST]
        case bool():
            return str(value)
        case [first, *_]:
            return _text(first)
        case {"@value": inner} | {"name": inner} | {"url": inner}:
            return _text(inner)
        case _:
            return ""


def _number(value: Any) -> int:
    found = regex.match(r"\d{1,6}", str(value))
    return int(found[0]) if found else 0
