"""What stands by a page's headline: labels and names that say whose words follow."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from desk.reading.bylines import ROLES, authors_of

BEFORE, AFTER = 6, 4  # texts by the headline that are looked at
LABEL, BYLINE = 80, 140  # letters


def labels_above(tree: HtmlElement) -> list[str]:
    """Short texts right above the first h1; none where the page has no h1."""
    above: deque[str] = deque(maxlen=BEFORE)
    for element in tree.iter():
        if element.tag == "h1":
            return [*above]
        if text := _text(element):
            above.append(text)
    return []


def labels_by(tree: HtmlElement) -> list[str]:
    """Short texts right above and below the first h1, in their order."""
    above: deque[str] = deque(maxlen=BEFORE)
    elements = tree.iter()
    for element in elements:
        if element.tag == "h1":
            inside = {*element.iter()}
            below = (_text(one) for one in elements if one not in inside)
            return [*above, *islice(filter(None, below), AFTER)]
        if text := _text(element):
            above.append(text)
    return []


def _text(element: HtmlElement) -> str:
    """Its own words, where they are a label's."""
    own = element.text if isinstance(element.tag, str) else None
    text = " ".join((own or "").split())
    return text if len(text) <= LABEL else ""


def signed_by(tree: HtmlElement) -> list[str]:
    """Names in the first lines under the h1, which no class says to be a byline."""
    title = next(tree.iter("h1"), None)
    lines = islice(_under(title), AFTER) if title is not None else ()
    return next((list(names) for line in lines if (names := _names(line))), [])


def _under(title: HtmlElement) -> Iterator[HtmlElement]:
    """What follows it, and what follows the box that it stands in."""
    yield from title.itersiblings()
    parent = title.getparent()
    if parent is not None and parent.tag in ("header", "hgroup", "div"):
        yield from parent.itersiblings()


def _names(line: HtmlElement) -> tuple[str, ...]:
    """A byline's, with or without what somebody is behind it."""
    if not isinstance(line.tag, str) or len(line.text_content()) > BYLINE:
        return ()
    pieces = [" ".join(piece.split()) for piece in line.itertext()]
    words = [piece for piece in pieces if piece]
    tries = (" ".join(words[:many]) for many in range(len(words), 0, -1))
    named = (names for one in tries if (names := authors_of(one)))
    return next((n for n in named if not any(map(ROLES.search, n))), ())
