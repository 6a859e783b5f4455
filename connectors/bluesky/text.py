"""The words of a Bluesky post: what its readers see, and what in it is a link."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import regex

from connectors import graphemes
from connectors.base import Message
from connectors.links import links, normalize_url

BYTES = 3000  # of a text, beside its 300 letters
SHOWN = 24  # letters of a link's path that readers see
# As its own composer finds them: `#`, or a full-width one, and whatever stands there up
# to a space; but a sign that closes or separates words in some script ends it here.
_TAG = regex.compile(
    r"(?<![\w\p{M}#＃/&])[#＃](?![\ufe0f\u20e3])"
    r"([\p{L}\p{M}\p{N}\p{S}\p{Pc}\p{Pd}.'’&/+·・--[\u20e2\u2014]]+)",
    regex.VERSION1,
)
_NO_TAG = regex.compile(r"[\d\p{P}\p{M}]*")
_TAG_END = regex.compile(r"(?<!\p{P})\p{P}+$")
_TAG_LIMIT = 64

Facet = dict[str, object]


@dataclass(frozen=True)
class RichText:
    """A text, and what Bluesky must be told about it: it links nothing by itself."""

    text: str
    facets: tuple[Facet, ...]


def rich_text(message: Message) -> RichText:
    """The text with its link behind it, shortened to the eye, where no card has it."""
    text, facets = message.text, _linked(message.text) + _tagged(message.text)
    if (link := message.link) and not has_card(message) and not _holds(text, link):
        shown = shortened(link)
        text = f"{text}\n\n{shown}" if text else shown
        facets.append(facet(text, len(text) - len(shown), len(text), _to(link)))
    return RichText(text, tuple(facets))


def has_card(message: Message) -> bool:
    """Whether the link shows its card: images take its place."""
    return bool(message.link and message.card and not message.images)


def count_letters(text: str) -> int:
    """Grapheme clusters of current Unicode, as the server counts."""
    return graphemes.count(text)


def bytes_over(message: Message) -> int:
    """By how many bytes it is too long; below 0: that many more would go in."""
    return len(rich_text(message).text.encode()) - BYTES


def shortened(link: str) -> str:
    """A link as readers see it: its host, and how its path begins."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return link
    if not parts.netloc:
        return link
    host = parts.netloc.rpartition("@")[2].removeprefix("www.")
    rest = link.split(parts.netloc, 1)[1]
    path = "" if rest == "/" else rest
    return host + (path if len(path) <= SHOWN else f"{path[: SHOWN - 1]}…")


def _holds(text: str, link: str) -> bool:
    return normalize_url(link) in (
        normalize_url(one.address) for one in links(text, bare=True)
    )


def _linked(text: str) -> list[Facet]:
    return [
        facet(text, one.start, one.end, _to(one.address))
        for one in links(text, bare=True)
    ]


def _tagged(text: str) -> list[Facet]:
    return [
        facet(text, found.start(), found.start() + 1 + len(tag), _tag(tag))
        for found in _TAG.finditer(text)
        if not _NO_TAG.fullmatch(tag := _TAG_END.sub("", found[1]))
        and count_letters(tag) <= _TAG_LIMIT
        and not inside_link(text, found.start())
    ]


def inside_link(text: str, place: int) -> bool:
    return any(one.start <= place < one.end for one in links(text, bare=True))


def _to(link: str) -> Facet:
    return {"$type": "app.bsky.richtext.facet#link", "uri": link}


def _tag(tag: str) -> Facet:
    return {"$type": "app.bsky.richtext.facet#tag", "tag": tag}


def facet(text: str, start: int, end: int, feature: Facet) -> Facet:
    """Places are counted in bytes of UTF-8."""
    place = {
        "byteStart": len(text[:start].encode()),
        "byteEnd": len(text[:end].encode()),
    }
    return {"index": place, "features": [feature]}
