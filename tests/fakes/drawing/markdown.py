"""As servers that read Markdown draw (glitch-soc, GoToSocial, Akkoma, Hometown)."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from tests.fakes import marks
from tests.fakes.drawing import Drawn, mastodon
from tests.fakes.people import Town

Env = MutableMapping[str, Any]


def draw(text: str, town: Town) -> Drawn:
    """Every break is one, and an address is a link before it is anything else."""
    stored = mastodon.renamed(text, town)
    drawn = _engine().render(_with_links(stored), {"town": town})
    return Drawn(drawn.strip().replace("\n", ""), stored)


class _Renderer(RendererHTML):
    """Names and hashtags become links wherever plain words stand."""

    def text(
        self,
        tokens: Sequence[Token],
        at: int,
        options: OptionsDict,
        env: Env,
    ) -> str:
        inside = tokens[at - 1].type == "link_open" if at else False
        content = tokens[at].content
        return escape(content) if inside else mastodon.marked(content, env["town"])

    def link_open(
        self,
        tokens: Sequence[Token],
        at: int,
        options: OptionsDict,
        env: Env,
    ) -> str:
        tokens[at].attrSet("rel", "nofollow noopener noreferrer")
        tokens[at].attrSet("target", "_blank")
        return self.renderToken(tokens, at, options, env)

    def fence(
        self,
        tokens: Sequence[Token],
        at: int,
        options: OptionsDict,
        env: Env,
    ) -> str:
        lines = escape(tokens[at].content.rstrip()).replace("\n", "<br>")
        return f"<pre><code>{lines}</code></pre>"


def _engine() -> MarkdownIt:
    engine = MarkdownIt("commonmark", {"html": False, "breaks": True, "xhtmlOut": True})
    engine.renderer = _Renderer()
    return engine.enable("strikethrough")


def _with_links(text: str) -> str:
    """With every bare address in the brackets that make it a link in Markdown."""
    pieces, end = [], 0
    for mark in marks.marks(text, marks.link):
        bare = text[max(0, mark.start - 2) : mark.start] != "](" and (
            text[mark.start - 1 : mark.start] != "<"
        )
        told = f"<{mark.name}>" if bare else mark.name
        pieces += [text[end : mark.start], told]
        end = mark.end
    return "".join([*pieces, text[end:]])
