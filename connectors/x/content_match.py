"""Whether what X shows is what was sent: it shortens links and escapes marks."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from connectors import links as ends
from connectors.base import Message
from connectors.content_match import (
    ComparableText,
    comparable_parts,
    normalize_mentions,
)
from connectors.links import normalize_url
from connectors.x.links import Span, links

Json = Mapping[str, object]

_SHORT = re.compile(r"https?://t\.co/\w+", re.IGNORECASE)
_OF_MEDIA = re.compile(r"/status/\d+/(photo|video)/\d+$")


def answer_shows(told: str, sent: str, *, media: bool, long: bool = False) -> bool:
    """Whether the answer to a post shows it: any link may be a short one by now."""
    ours, wanted = _apart(sent)
    theirs, shown = _apart(html.unescape(told))
    if media and len(shown) == len(wanted) + 1 and _SHORT.match(shown[-1]):
        shown.pop()  # of its pictures
    if long and theirs.endswith("…"):
        return ours.startswith(theirs.rstrip("…"))
    pairs = zip(wanted, shown, strict=False)
    return (
        ours == theirs
        and len(wanted) == len(shown)
        and all(
            _SHORT.match(seen) or _place(seen) == _place(one) for one, seen in pairs
        )
    )


def comparable(text: str) -> ComparableText:
    """A text as it can be compared, with what X takes for a link."""
    said, found = _cut_apart(text)
    return comparable_parts(normalize_mentions(said), map(_whole_link, found))


def comparables_of_post(post: Json) -> tuple[ComparableText, ...]:
    """The words of a post of a listing: with links as sent, and where they led."""
    return tuple(comparable(text) for text in _expanded(post))


def full_text(message: Message) -> str:
    """Text and link as one; a link that the text holds isn't said twice."""
    link = message.link
    if not link or contains_link(message.text, link):
        return message.text
    return f"{message.text}\n\n{link}".strip()


def contains_link(text: str, link: str) -> bool:
    """Whether the text says this link already."""
    return _place(link) in map(_place, _apart(text)[1])


def link_spans(text: str) -> list[Span]:
    """Links as X sees them, and any other http:// that a reader would call one."""
    found = links(text)
    for start, end in ((one.start, one.end) for one in ends.links(text)):
        if all(end <= begun or start >= ended for begun, ended in found):
            found.append((start, end))
    return sorted(found)


def _apart(text: str) -> tuple[str, list[str]]:
    """The words without their white space, and the links in order."""
    said, found = _cut_apart(text)
    return _bare(said), found


def _cut_apart(text: str) -> tuple[str, list[str]]:
    said, found, at = [], [], 0
    for start, end in link_spans(text):
        said.append(text[at:start])
        found.append(text[start:end])
        at = end
    return "".join([*said, text[at:]]), found


def _bare(text: str) -> str:
    whole = unicodedata.normalize("NFC", text)
    return "".join(
        letter
        for letter in whole
        if not letter.isspace() and unicodedata.category(letter) != "Cf"
    )


def _place(url: str) -> str:
    """Where a link leads, however it is written."""
    return normalize_url(_whole_link(url)).partition("://")[2].rstrip("/")


def _whole_link(url: str) -> str:
    """A bare name has no http://."""
    return url if "://" in url else f"http://{url}"


def _expanded(post: Json) -> Collection[str]:
    """Its text with short links written out: as they were sent, or where they led."""
    long = post.get("note_post") or post.get("note_tweet")
    source = long if isinstance(long, dict) else post
    text = html.unescape(str(source.get("text", "")))
    return {
        _written_out(text, source, name) for name in ("expanded_url", "unwound_url")
    }


def _written_out(text: str, source: Json, name: str) -> str:
    for url in _urls(source):
        short, long = str(url.get("url", "")), str(url.get("expanded_url") or "")
        of_media = url.get("media_key") or _OF_MEDIA.search(urlsplit(long).path)
        whole = "" if of_media else str(url.get(name) or long or short)
        if short:
            text = text.replace(short, whole, 1)
    return text


def _urls(source: Json) -> list[Json]:
    entities = source.get("entities")
    urls = entities.get("urls") if isinstance(entities, dict) else None
    found = urls if isinstance(urls, list) else []
    return [url for url in found if isinstance(url, dict)]
