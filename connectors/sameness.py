"""Whether what a platform shows is what was sent to it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from html.parser import HTMLParser
from urllib.parse import quote, unquote, urlsplit

URL = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
MENTION = re.compile(r"(?<![\w/])@(\w+)@[\w.-]+\w")
_CLOSING = ".,;:!?…'’»*_"
_VARIATIONS = "\ufe0e\ufe0f"  # of an emoji; servers add and drop them
_NEAR = 0.5  # share of words in common from which a post may be ours, reworded


def trimmed(url: str) -> str:
    """A URL as it stands in a sentence, without the sentence's own marks."""
    while url:
        if url[-1] in _CLOSING or (url[-1] == ")" and url.count(")") > url.count("(")):
            url = url[:-1]
        else:
            break
    return url


def links(text: str) -> list[str]:
    """Every link in a text, in one way of writing."""
    return _taken_apart(text)[1]


def same(sent: str, told: str) -> bool:
    """The same words and the same links, however the white space falls."""
    return _taken_apart(sent) == _taken_apart(told)


def shows(html: str, sent: str) -> bool:
    """Whether this HTML shows that text: servers wrap, shorten and add markup."""
    return same(sent, plain(html, links(sent)))


def near(html: str, sent: str) -> bool:
    """Whether this may be that text after all, in a server's own rewording."""
    ours, theirs = set(sent.split()), set(plain(html, ()).split())
    alike = len(ours & theirs) > _NEAR * len(ours | theirs)
    return alike or shares_link(html, sent)


def shares_link(html: str, sent: str) -> bool:
    """Whether a link of the text is in this HTML."""
    wanted = links(sent)
    return bool(set(wanted) & set(links(plain(html, wanted))))


def plain(html: str, wanted: Collection[str]) -> str:
    """The text of HTML, in which an anchor to a wanted link stands for that link."""
    reader = _Reader(wanted)
    reader.feed(html)
    reader.close()
    return "".join(reader.pieces)


def written_one_way(url: str) -> str:
    """A URL with what servers change in its spelling taken out."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        return url
    place = f"{host}:{parts.port}" if parts.port else host
    rest = quote(unquote(parts._replace(scheme="", netloc="").geturl()), safe="/?&=#")
    return f"{parts.scheme.lower()}://{place}{rest if parts.path else '/' + rest}"


def _taken_apart(text: str) -> tuple[str, list[str]]:
    """The words without their white space, and the links, sorted."""
    found: list[str] = []

    def take(match: re.Match[str]) -> str:
        url = trimmed(match[0])
        found.append(written_one_way(url))
        return match[0][len(url) :]

    words = MENTION.sub(r"@\1", URL.sub(take, text))
    return _bare(words), sorted(found)


def _bare(text: str) -> str:
    """Without white space and what can't be seen, in one Unicode form."""
    whole = unicodedata.normalize("NFC", text)
    unseen = (
        letter
        for letter in set(whole)
        if letter.isspace()
        or letter in _VARIATIONS
        or unicodedata.category(letter) == "Cf"
    )
    return whole.translate(str.maketrans("", "", "".join(unseen)))


class _Reader(HTMLParser):
    def __init__(self, wanted: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._wanted = wanted
        self._in_link = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and written_one_way(values.get("href") or "") in self._wanted:
            self._in_link = True
            self.pieces.append(f" {values['href']} ")
        elif tag in ("br", "p", "div", "li", "blockquote"):
            self.pieces.append("\n")
        elif tag == "img" and not self._in_link:
            self.pieces.append(values.get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._in_link = False
        elif tag in ("p", "div", "li", "blockquote"):
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._in_link:
            self.pieces.append(data)
