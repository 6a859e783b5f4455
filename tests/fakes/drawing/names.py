"""How servers draw and keep the names of accounts that they know."""

from __future__ import annotations

import unicodedata
from html import escape

from tests.fakes import marks
from tests.fakes.marks import Mark, Sort
from tests.fakes.people import Person, Town


def typed(text: str, town: Town) -> str:
    """Kept as it came: GoToSocial, Pleroma, Misskey."""
    return text


def renamed(text: str, town: Town) -> str:
    """Mastodon keeps every account that it knows under the name it calls it by.

    `@ThePaper@paper.example` on paper.example comes back from `/source` as
    `@thepaper`.
    """
    pieces, end = [], 0
    for mark in marks.marks(text, marks.link, marks.mention):
        person = town.find(mark.name, mark.domain)
        if mark.sort is Sort.MENTION and person:
            pieces += [text[end : mark.start], f"@{person.acct}"]
            end = mark.end
    return "".join([*pieces, text[end:]])


def referred(text: str, town: Town) -> str:
    """Friendica keeps a name as BBCode that leads to its account."""
    pieces, end = [], 0
    for mark in marks.marks(text, marks.link, marks.mention):
        person = town.find(mark.name, mark.domain)
        if mark.sort is Sort.MENTION and person:
            told = f"@[url={town.page(person)}]{person.username}[/url]"
            pieces += [text[end : mark.start], told]
            end = mark.end
    return "".join([*pieces, text[end:]])


def with_carriage_returns(text: str, town: Town) -> str:
    """As it comes out of a form of HTML."""
    return renamed(text, town).replace("\r\n", "\n").replace("\n", "\r\n")


def trimmed(text: str, town: Town) -> str:
    """Less the white space at the end of each line, and of all."""
    lines = renamed(text, town).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def composed(text: str, town: Town) -> str:
    """In the composition that databases like."""
    return unicodedata.normalize("NFC", renamed(text, town))


def card(mark: Mark, person: Person, town: Town) -> str:
    """Mastodon: in its own spelling, and never with its server."""
    return _card(person, town, person.username)


def card_with_server(mark: Mark, person: Person, town: Town) -> str:
    """Pleroma, where it is told to show names in full; ours, too."""
    domain = person.domain or town.domains[-1]
    return _card(person, town, f"{person.username}@{domain}")


def card_as_typed(mark: Mark, person: Person, town: Town) -> str:
    """Pleroma: as it was typed, less its server."""
    name = f"@<span>{escape(mark.name)}</span>"
    page = escape(town.page(person))
    link = f'<a data-user="9" class="u-url mention" href="{page}" rel="ugc">'
    return f'<span class="h-card">{link}{name}</a></span>'


def plain_link(mark: Mark, person: Person, town: Town) -> str:
    """Misskey: a link and no more, with the server of whoever lives elsewhere."""
    page = escape(town.page(person))
    return f'<a href="{page}" class="u-url mention">@{escape(person.acct)}</a>'


def short_link(mark: Mark, person: Person, town: Town) -> str:
    """Pixelfed: no server, no span."""
    rel = 'rel="external nofollow noopener" target="_blank"'
    page = escape(town.page(person))
    return (
        f'<a class="u-url mention" href="{page}" {rel}>@{escape(person.username)}</a>'
    )


def sign_outside(mark: Mark, person: Person, town: Town) -> str:
    """Friendica, Hubzilla: the sign stands before the link."""
    page = escape(town.page(person))
    return f'@<a href="{page}" class="mention">{escape(person.username)}</a>'


def lowered(mark: Mark, person: Person, town: Town) -> str:
    return _card(person, town, person.username.lower())


def words_only(mark: Mark, person: Person, town: Town) -> str:
    """Its own spelling, and no link at all."""
    return f"@{escape(person.username)}"


def called(mark: Mark, person: Person, town: Town) -> str:
    """By the name that people read: `@wire_desk2` is `Wire Desk2`."""
    told = person.username.replace("_", " ").replace(".", " ").replace("-", " ")
    page = escape(town.page(person))
    return f'<a href="{page}" class="u-url mention">{escape(told.title())}</a>'


def dropped(mark: Mark, person: Person, town: Town) -> str:
    """Nothing: who is meant stands beside the post."""
    return ""


def _card(person: Person, town: Town, shown: str) -> str:
    link = f'<a href="{escape(town.page(person))}" class="u-url mention">'
    name = f"@<span>{escape(shown)}</span>"
    return f'<span class="h-card" translate="no">{link}{name}</a></span>'
