"""As Mastodon draws: names are rewritten, links shortened to the eye, the rest plain.

It stores the rewritten text, too: `@ThePaper@paper.example` on paper.example comes
back from `/source` as `@thepaper`.
"""

from __future__ import annotations

from html import escape

from tests.fakes import marks
from tests.fakes.drawing import Drawn
from tests.fakes.marks import Mark, Sort
from tests.fakes.people import Person, Town

REL = "nofollow noopener"
PREFIXES = ("https://www.", "http://www.", "https://", "http://")
STRANGERS = Town("https://social.example", ())  # where nobody is known
SHOWN = 30  # letters of a link


def draw(text: str, town: Town) -> Drawn:
    stored = renamed(text, town)
    return Drawn(rendered(stored, town), stored)


def rendered(text: str, town: Town = STRANGERS) -> str:
    return paragraphs(marked(text, town))


def renamed(text: str, town: Town) -> str:
    """With every account that the server knows under the name that it calls it by."""
    pieces, end = [], 0
    for mark in marks.marks(text, marks.link, marks.mention):
        person = town.find(mark.name, mark.domain)
        if mark.sort is Sort.MENTION and person:
            pieces += [text[end : mark.start], f"@{person.acct}"]
            end = mark.end
    return "".join([*pieces, text[end:]])


def marked(text: str, town: Town) -> str:
    """Escaped, with links, names and hashtags as HTML; line breaks as they were."""
    pieces, end = [], 0
    for mark in marks.marks(text, marks.link, marks.mention, marks.tag):
        pieces += [escape(text[end : mark.start]), _element(mark, text, town)]
        end = mark.end
    return "".join([*pieces, escape(text[end:])])


def paragraphs(html: str) -> str:
    """An empty line parts paragraphs, a single break is one."""
    lines = html.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return "".join(f"<p>{'<br />'.join(block)}</p>" for block in blocks if block)


def anchor(url: str, rel: str = REL) -> str:
    """A link whose beginning is hidden, and whose end is cut to the eye."""
    prefix = next(one for one in PREFIXES if url.lower().startswith(one))
    shown, rest = url[len(prefix) :][:SHOWN], url[len(prefix) + SHOWN :]
    pieces = (
        _span("invisible", url[: len(prefix)]),
        _span("ellipsis" if rest else "", shown),
        _span("invisible", rest),
    )
    head = f'<a href="{escape(url)}" target="_blank" rel="{rel}" translate="no">'
    return f"{head}{''.join(pieces)}</a>"


def card(person: Person, town: Town, shown: str = "") -> str:
    """A name that leads to its account, without its server."""
    link = f'<a href="{escape(town.page(person))}" class="u-url mention">'
    name = f"@<span>{escape(shown or person.username)}</span>"
    return f'<span class="h-card" translate="no">{link}{name}</a></span>'


def hashtag(name: str, town: Town, sign: str = "#") -> str:
    page = escape(f"{town.address}/tags/{name}")
    link = f'<a href="{page}" class="mention hashtag" rel="tag">'
    return f"{link}{sign}<span>{escape(name)}</span></a>"


def _element(mark: Mark, text: str, town: Town) -> str:
    if mark.sort is Sort.LINK:
        return anchor(mark.name)
    if mark.sort is Sort.TAG:
        return hashtag(mark.name, town)
    person = town.find(mark.name, mark.domain)
    return card(person, town) if person else escape(text[mark.start : mark.end])


def _span(kind: str, text: str) -> str:
    return f'<span class="{kind}">{escape(text)}</span>'
