"""Servers that read a text as markup, each in a language of its own."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from tests.fakes import marks
from tests.fakes.drawing.breaks import Inline

Env = MutableMapping[str, Any]
SIGNS = (("**", "b"), ("~~", "del"), ("`", "code"), ("*", "i"))
BOXES = {
    "b": "strong",
    "i": "em",
    "u": "u",
    "s": "del",
    "quote": "blockquote",
    "code": "code",
    "list": "ul",
    "h2": "h2",
}
STOPS = "\0"  # where an element begins or ends, until all words are drawn


def markdown(text: str, inline: Inline) -> str:
    """glitch-soc: CommonMark, and every break is one."""
    return _commonmark(text, inline, breaks=True)


def markdown_that_flows(text: str, inline: Inline) -> str:
    """Akkoma: a single break is a space, as in a book."""
    return _commonmark(text, inline, breaks=False)


def markdown_with_typography(text: str, inline: Inline) -> str:
    """GoToSocial: quote marks, dashes and dots set by the engine, too."""
    return _commonmark(text, inline, breaks=True, typographer=True)


def bbcode(text: str, inline: Inline) -> str:
    """Friendica: words in square brackets are elements, and so are their ends."""
    text = text.replace("[*]", f"{STOPS}<li>{STOPS}")
    for name, element in BOXES.items():
        if f"[/{name}]" in text:
            text = text.replace(f"[{name}]", f"{STOPS}<{element}>{STOPS}")
            text = text.replace(f"[/{name}]", f"{STOPS}</{element}>{STOPS}")
    drawn = [
        piece if number % 2 else _broken(piece, inline)
        for number, piece in enumerate(text.split(STOPS))
    ]
    return "".join(drawn)


def mfm(text: str, inline: Inline) -> str:
    """Misskey: a little Markdown, quotes by the line, no lists and no headings."""
    drawn = []
    for line in text.split("\n"):
        told = _paired(line.removeprefix("> "), inline, SIGNS)
        quoted = line.startswith("> ")
        drawn.append(f"<blockquote>{told}</blockquote>" if quoted else f"{told}<br>")
    return f"<p>{''.join(drawn).removesuffix('<br>')}</p>"


def _commonmark(text: str, inline: Inline, *, breaks: bool, **more: bool) -> str:
    engine = _Engine("commonmark", {"breaks": breaks, "html": False, **more})
    engine.renderer = _Renderer()
    engine.enable(["strikethrough", "replacements", "smartquotes"])
    return str(engine.render(_with_links(text), {"inline": inline})).strip()


class _Engine(MarkdownIt):
    """Addresses stay as they were typed."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802
        return link


class _Renderer(RendererHTML):
    """Plain words are drawn by the server's own hand; so are bare addresses."""

    def text(
        self, tokens: Sequence[Token], at: int, options: OptionsDict, env: Env
    ) -> str:
        before = tokens[at - 1] if at else None
        linked = before is not None and before.type == "link_open"
        if before is not None and linked and before.info != "auto":
            return escape(tokens[at].content)
        return str(env["inline"](tokens[at].content))

    def link_open(
        self, tokens: Sequence[Token], at: int, options: OptionsDict, env: Env
    ) -> str:
        bare = tokens[at].info == "auto"
        return "" if bare else self.renderToken(tokens, at, options, env)

    def link_close(
        self, tokens: Sequence[Token], at: int, options: OptionsDict, env: Env
    ) -> str:
        bare = tokens[at].info == "auto"
        return "" if bare else self.renderToken(tokens, at, options, env)


def _with_links(text: str) -> str:
    """With every bare address in the brackets that make it a link in Markdown."""
    pieces, end = [], 0
    for mark in marks.marks(text, marks.link):
        bare = text[: mark.start][-2:] != "](" and text[: mark.start][-1:] != "<"
        pieces += [text[end : mark.start], f"<{mark.name}>" if bare else mark.name]
        end = mark.end
    return "".join([*pieces, text[end:]])


def _broken(text: str, inline: Callable[[str], str]) -> str:
    return "<br>".join(map(inline, text.split("\n")))


def _paired(text: str, inline: Inline, signs: Sequence[tuple[str, str]]) -> str:
    """Words between two of a sign, as an element; a sign alone is a word."""
    if not signs:
        return inline(text)
    (sign, element), rest = signs[0], signs[1:]
    if any(sign in link for link in marks.links(text)):
        return _paired(text, inline, rest)
    pieces = text.split(sign)
    if len(pieces) % 2 == 0:
        pieces[-2:] = [sign.join(pieces[-2:])]
    drawn = [_paired(piece, inline, rest) for piece in pieces]
    for number in range(1, len(pieces), 2):
        drawn[number] = f"<{element}>{drawn[number]}</{element}>"
    return "".join(drawn)
