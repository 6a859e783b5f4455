"""Whether what X shows is what was sent: it shortens links and escapes marks."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from connectors.base import Message
from connectors.sameness import URL, trimmed, written_one_way
from connectors.x_links import Span, links

Json = Mapping[str, object]

_SHORT = re.compile(r"https?://t\.co/\w+", re.IGNORECASE)
_OF_MEDIA = re.compile(r"/status/\d+/(photo|video)/\d+$")
_NEAR = 0.5  # share of words in common from which a post may be ours, edited


def answers(told: str, sent: str, *, media: bool, long: bool = False) -> bool:
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


def shows(post: Json, sent: str) -> bool:
    """Whether this post of a listing has these words and leads to these places."""
    ours, wanted = _apart(sent)
    return any(
        ours == theirs and Counter(map(_place, wanted)) == Counter(map(_place, shown))
        for theirs, shown in (_apart(text) for text in _expanded(post))
    )


def near(post: Json, sent: str, *, edited: bool) -> bool:
    """Whether this may be that text after all, in other words."""
    for text in _expanded(post):
        if set(map(_place, _apart(sent)[1])) & set(map(_place, _apart(text)[1])):
            return True
        ours, theirs = set(sent.split()), set(text.split())
        if edited and len(ours & theirs) > _NEAR * len(ours | theirs):
            return True
    return False


def whole(message: Message) -> str:
    """Text and link as one; a link that the text holds isn't said twice."""
    link = message.link
    if not link or holds(message.text, link):
        return message.text
    return f"{message.text}\n\n{link}".strip()


def holds(text: str, link: str) -> bool:
    """Whether the text says this link already."""
    return _place(link) in map(_place, _apart(text)[1])


def spans(text: str) -> list[Span]:
    """Links as X sees them, and any other http:// that a reader would call one."""
    found = links(text)
    for match in URL.finditer(text):
        start, end = match.start(), match.start() + len(trimmed(match[0]))
        if all(end <= begun or start >= ended for begun, ended in found):
            found.append((start, end))
    return sorted(found)


def _apart(text: str) -> tuple[str, list[str]]:
    """The words without their white space, and the links in order."""
    words, found, at = [], [], 0
    for start, end in spans(text):
        words.append(text[at:start])
        found.append(text[start:end])
        at = end
    return _bare("".join([*words, text[at:]])), found


def _bare(text: str) -> str:
    whole = unicodedata.normalize("NFC", text)
    return "".join(
        letter
        for letter in whole
        if not letter.isspace() and unicodedata.category(letter) != "Cf"
    )


def _place(url: str) -> str:
    """Where a link leads, however it is written; a bare name has no http://."""
    whole = url if "://" in url else f"http://{url}"
    return written_one_way(whole).partition("://")[2].rstrip("/")


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
