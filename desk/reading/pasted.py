"""Markup in a paste: raw HTML and Markdown become the lines that readers would see."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

import regex
from lxml import html
from lxml.etree import ParserError
from markdown_it import MarkdownIt
from markdown_it.token import Token

from desk.reading.labels import bare

TAG = regex.compile(
    r"</?(?:p|div|h[1-6]|br|article|section|blockquote|ul|ol|li|a|b|i|em|strong|span|figure|figcaption|img)\b[^<>]{0,500}>",
    regex.IGNORECASE,
)
ENTITY = regex.compile(
    r"&(?:amp|quot|apos|nbsp|[lr][sd]quo|[lr]aquo|[nm]dash|hellip|shy|\p{L}(?:uml|acute|"
    r"grave|circ|tilde|cedil)|#\d{2,6}|#x[0-9a-f]{2,5});",
    regex.IGNORECASE,
)
SPACE, MANY = regex.compile(r"\s+"), regex.compile(r"\n{3,}")
TAGGED = 2  # tags that make a text HTML
BLOCKS = frozenset(
    [
        "p",
        "div",
        "article",
        "section",
        "blockquote",
        "ul",
        "ol",
        "li",
        "header",
        "footer",
        "main",
        "aside",
        "figure",
        "figcaption",
        "table",
        "tr",
        "td",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "hr",
        "dl",
        "dt",
        "dd",
        "address",
    ]
)
UNSEEN = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "iframe",
        "form",
        "button",
        "nav",
    ]
)
FRONT_MATTER = regex.compile(
    r"\A---\n(?P<facts>.{0,4000}?)\n(?:---|\.\.\.)\n", regex.DOTALL
)
FACT = regex.compile(
    r"(?P<name>[\w-]{2,20}):\s*[\"'\[]?(?P<value>[^\n]{1,300}?)[\"'\]]?\s*"
)
TITLE, AUTHOR, DAY = {"title", "headline"}, {"author", "authors", "byline"}, {"date"}
MARKED = regex.compile(
    r"!?\[[^\]\n]{0,300}\]\((?:https?:|/|mailto:)[^)\s]{0,500}(?:\s\"[^\"\n]{0,200}\")?\)"
    r"|(?<![\w*])\*\*(?=\S)[^*\n]{1,300}(?<=\S)\*\*(?![\w*])"
    r"|^#{1,6}[ \t]+[^\s#]|^__\S[^_\n]{1,300}__",
    regex.MULTILINE,
)


def without_markup(paste: str) -> str:
    """What its readers would see. Plain text stays as it is."""
    if len(TAG.findall(paste)) >= TAGGED and "</" in paste:
        return read_html(paste)
    if FRONT_MATTER.match(paste) or (MARKED.search(paste) and "\n\n" in paste):
        return read_markdown(paste)
    return unescape(paste) if ENTITY.search(paste) else paste


def read_html(paste: str) -> str:
    """Its words by block; headings are marked as a paste may mark them."""
    try:
        root = html.fragment_fromstring(paste, create_parent="div")
    except ParserError:
        return paste
    pieces = "".join(_pieces(root))
    return str(MANY.sub("\n\n", pieces)).strip()


def _pieces(element: html.HtmlElement) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in UNSEEN:
        return
    if element.tag == "br":
        yield "\n"
    block = element.tag in BLOCKS
    yield "\n\n" if block else ""
    if regex.fullmatch("h[1-6]", element.tag):
        yield "## "
    yield _spaced(element.text)
    for child in element:
        yield from _pieces(child)
        yield _spaced(child.tail)
    yield "\n\n" if block else ""


def _spaced(text: str | None) -> str:
    """White space in HTML is a space."""
    return str(SPACE.sub(" ", text or ""))


def read_markdown(text: str) -> str:
    """Its words by paragraph, with what stands above it as data."""
    matter = FRONT_MATTER.match(text)
    told = list(_facts(matter["facts"])) if matter else []
    found = MarkdownIt("commonmark").parse(FRONT_MATTER.sub("", text))
    return "\n\n".join([*told, *_markdown_lines(found)])


def _facts(matter: str) -> Iterator[str]:
    """Title, author and day, as an article would have them."""
    facts = {
        found["name"].casefold(): found["value"].strip()
        for line in matter.split("\n")
        if (found := FACT.fullmatch(line))
    }
    for names, label in ((TITLE, ""), (AUTHOR, "Author: "), (DAY, "")):
        yield from (f"{label}{facts[one]}" for one in sorted(names) if facts.get(one))


def _markdown_lines(tokens: list[Token]) -> Iterator[str]:
    opened = ""
    for token in tokens:
        if token.type == "inline":
            words = _words(token)
            if bare(words):
                # the first heading is the headline, and needs no mark
                yield f"## {words}" if opened == "heading_open" else words
        elif token.nesting == 1:
            opened = token.type


def _words(inline: Token) -> str:
    """Without its marks; a picture is no word, a link is what it says."""
    pieces = [
        " " if child.type in ("softbreak", "hardbreak") else child.content
        for child in inline.children or []
        if child.type in ("text", "code_inline", "softbreak", "hardbreak")
    ]
    return "".join(pieces).strip()
