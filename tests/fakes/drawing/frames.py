"""What servers do to finished HTML: frames, comments, and elements that they forbid."""

from __future__ import annotations

from collections.abc import Callable, Iterator

FORBIDDEN = {
    "h1": ("<p>", "</p>"),
    "h2": ("<p>", "</p>"),
    "h3": ("<p>", "</p>"),
    "ul": ("", ""),
    "ol": ("", ""),
    "li": ("<p>• ", "</p>"),
    "blockquote": ("<p>", "</p>"),
    "strong": ("", ""),
    "em": ("", ""),
    "del": ("", ""),
    "code": ("", ""),
    "pre": ("<p>", "</p>"),
}


def boxed(html: str) -> str:
    return f'<div class="e-content" lang="en" dir="auto">{html}</div>'


def commented(html: str) -> str:
    """With remarks that no reader sees."""
    return f"<!-- status -->{html}<!-- @nobody https://c.example -->"


def in_capitals(html: str) -> str:
    """Names of elements as people wrote them in 1995."""
    return _elements(html, lambda tag: f"{tag.upper()}" if " " not in tag else tag)


def sanitised(html: str) -> str:
    """As Mastodon up to 3.5 did: elements that it forbids become what is left."""
    return _elements(html, _forbidden)


def breakable(html: str) -> str:
    """With a place to break behind each dot and slash of the words."""
    return "".join(
        piece if piece.startswith("<") else piece.replace("/", "/<wbr>")
        for piece in _pieces(html)
    )


def indented(html: str) -> str:
    """White space between blocks, as templates leave it."""
    blocks = html.replace("</p><p>", "</p>\n\n  <p>")
    return f"\n  {blocks}\n"


def quoted_before(html: str) -> str:
    """With the quiet line before it that Mastodon 4.5 writes for other servers."""
    return f'<p class="quote-inline"></p>{html}<p></p>'


def _forbidden(tag: str) -> str:
    name = tag.strip("</>").partition(" ")[0]
    opens, closes = FORBIDDEN.get(name, (tag, tag))
    return closes if tag.startswith("</") else opens


def _elements(html: str, change: Callable[[str], str]) -> str:
    return "".join(
        change(piece) if piece.startswith("<") else piece for piece in _pieces(html)
    )


def _pieces(html: str) -> Iterator[str]:
    """Elements and words, in turn."""
    at = 0
    while at < len(html):
        end = html.find(">", at) + 1 if html[at] == "<" else html.find("<", at)
        end = len(html) if end <= 0 else end
        yield html[at:end]
        at = end
