"""The text of HTML: as it was typed, before a server drew it."""

from __future__ import annotations

import re
from collections.abc import Collection
from html.parser import HTMLParser
from urllib.parse import unquote

from connectors import typography
from connectors.links import normalize_url, trim_address

_WORD = re.compile(r"[a-z0-9_+-]+", re.IGNORECASE)
_BLOCKS = frozenset(
    ("br", "p", "div", "li", "ul", "ol", "blockquote", "pre", "hr", "table", "tr", "td")
) | {f"h{level}" for level in range(1, 7)}
_MARKED = {  # elements, and how their words were typed
    **dict.fromkeys(("del", "s", "strike"), "~~"),
    **dict.fromkeys(("em", "i"), "*"),
    **dict.fromkeys(("strong", "b"), "**"),
    "code": "`",
}


def html_to_text(shown: str, wanted: Collection[str], *, anchors: bool = False) -> str:
    """The text of HTML, in which an anchor to a wanted link stands for that link.

    `anchors`: what it says besides, which is no piece of the link, is kept, too.
    """
    reader = _Reader(wanted, anchors=anchors)
    reader.feed(shown)
    reader.close()
    return "".join(reader.pieces)


class _Reader(HTMLParser):
    """The words of HTML, and the links that are wanted."""

    def __init__(self, wanted: Collection[str], *, anchors: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._wanted = wanted
        self._anchors = anchors
        self._link = ""  # the wanted one that we are in
        self._rest = ""  # what the server took into it besides
        self._said = ""  # by its anchor
        self._lists: list[int | None] = []  # the next number; None: bullets
        self._point = ""  # the sign of the last point

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a":
            self._link, self._rest = self._meant(values.get("href") or "")
            self._said = ""
        elif tag in _MARKED and not self._link:
            self.pieces.append(_MARKED[tag])
        elif tag in _BLOCKS:
            self._break()
            self._open_list(tag, values.get("start") or "1")
        elif tag == "img":
            self.handle_data(_emoji(values.get("alt") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._end_link()
        elif tag in _MARKED and not self._link:
            self.pieces.append(_MARKED[tag])
        elif tag in _BLOCKS:
            self.pieces.append("\n")
        if tag in ("ol", "ul") and self._lists:
            self._lists.pop()

    def handle_data(self, data: str) -> None:
        if self._link:
            self._said += data
        else:
            self.pieces.append(data)

    def close(self) -> None:
        super().close()
        self._end_link()

    def _break(self) -> None:
        """A new line; not between the sign of a point and its first words."""
        if not self.pieces or self.pieces[-1] is not self._point:
            self.pieces.append("\n")

    def _open_list(self, tag: str, start: str) -> None:
        """A list, or a point of one with its sign: a number may be what it says."""
        if tag in ("ol", "ul"):
            ordered = tag == "ol" and start.isdecimal()
            self._lists.append(int(start) if ordered else None)
        elif tag == "li" and self._lists:
            number = self._lists[-1]
            self._point = "- " if number is None else f"{number}. "
            self.pieces.append(self._point)
            self._lists[-1] = None if number is None else number + 1

    def _meant(self, href: str) -> tuple[str, str]:
        """The wanted link that this is, and what the server took into it besides."""
        for whole in (href, unquote(href)):
            for link in (whole, trim_address(whole)):
                if normalize_url(link) in self._wanted:
                    return link, whole.removeprefix(link)
        return "", ""

    def _end_link(self) -> None:
        """The link; and what its anchor says, where that is no piece of the link."""
        if not self._link:
            return
        if self._anchors and not _is_of(self._link, self._said):
            self.pieces.append(self._said)
        self.pieces.append(f" {self._link} {self._rest}")
        self._link = self._rest = ""


def _emoji(alt: str) -> str:
    """A picture among words is an emoji: its shortcode, or itself."""
    return f":{alt}:" if _WORD.fullmatch(alt) else alt


def _is_of(link: str, said: str) -> bool:
    """Whether an anchor shows its own link, whole or shortened, or a mere symbol."""
    told = typography.normalize_letters(said).strip("….").casefold()
    whole = typography.normalize_letters(unquote(link)).casefold()
    return told in whole or normalize_url(said.strip()) == normalize_url(link)
