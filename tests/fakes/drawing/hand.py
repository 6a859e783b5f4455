"""A server's hand: how it draws each thing that may stand in a text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape

from tests.fakes import marks
from tests.fakes.drawing import Drawn, breaks, links, names, tags
from tests.fakes.drawing.breaks import Body
from tests.fakes.drawing.letters import as_they_are
from tests.fakes.marks import Mark, Sort
from tests.fakes.people import Person, Town

Letters = Callable[[str], str]
MARKS = (marks.link, marks.mention, marks.tag, marks.emoji)


@dataclass(frozen=True)
class Hand:
    """Mastodon's, where nothing else is said."""

    keep: Callable[[str, Town], str] = names.renamed
    letters: Letters = as_they_are
    escaped: Letters = escape
    link: Letters = links.shortened
    name: Callable[[Mark, Person, Town], str] = names.card
    tag: Callable[[str, Town], str] = tags.linked
    emoji: Callable[[str, Town], str] | None = None  # None: shortcodes are words
    body: Body = breaks.paragraphs
    after: Letters = as_they_are  # of the whole HTML
    source: Callable[[str, Town], str] | None = None  # None: as it was kept

    def __call__(self, text: str, town: Town) -> Drawn:
        kept = self.keep(text, town)
        content = self.after(self.body(kept, partial(self.inline, town=town)))
        return Drawn(content, self.source(text, town) if self.source else kept)

    def inline(self, text: str, town: Town) -> str:
        """One line of plain words, and what stands in them."""
        pieces, end = [], 0
        for mark in marks.marks(text, *MARKS):
            words = self._words(text[end : mark.start])
            pieces += [words, self._drawn(mark, text, town)]
            end = mark.end
        return "".join([*pieces, self._words(text[end:])])

    def _words(self, text: str) -> str:
        return self.escaped(self.letters(text))

    def _drawn(self, mark: Mark, text: str, town: Town) -> str:
        person = town.find(mark.name, mark.domain)
        match mark.sort:
            case Sort.LINK:
                return self.link(mark.name)
            case Sort.TAG:
                return self.tag(mark.name, town)
            case Sort.EMOJI if self.emoji:
                return self.emoji(mark.name, town)
            case Sort.MENTION if person:
                return self.name(mark, person, town)
        return self._words(text[mark.start : mark.end])


draw = Hand()


def rendered(text: str) -> str:
    """As Mastodon shows it where nobody is known."""
    return draw(text, Town("https://social.example", ())).content
