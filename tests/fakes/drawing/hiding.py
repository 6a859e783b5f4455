"""Servers that show fewer words than they took, or none, or shout them."""

from __future__ import annotations

from tests.fakes.drawing import Drawn, mastodon
from tests.fakes.people import Town

CUT = 60


def filtered(text: str, town: Town) -> Drawn:
    """Hidden by a filter of the account's own: no words, and which filter it was."""
    named = {"id": "7", "title": "Spoilers", "context": ["home", "account"]}
    told = {"filter": {**named, "filter_action": "hide"}, "keyword_matches": None}
    source = mastodon.renamed(text, town)
    return Drawn("", source, {"filtered": [told | {"status_matches": None}]})


def blank(text: str, town: Town) -> Drawn:
    return Drawn("", mastodon.renamed(text, town))


def upper(text: str, town: Town) -> Drawn:
    """Words in capitals; addresses as they were."""
    drawn = mastodon.draw(text, town)
    pieces = drawn.content.replace(">", "\0>").replace("<", "\0<").split("\0")
    told = [one if one[:1] == "<" else _shouted(one) for one in pieces]
    return Drawn("".join(told), drawn.source)


def cut(text: str, town: Town) -> Drawn:
    """The first sixty letters, and a sign that there was more."""
    stored = mastodon.renamed(text, town)
    short = stored if len(stored) <= CUT else f"{stored[: CUT - 1]}…"
    return Drawn(mastodon.rendered(short, town), stored)


def _shouted(text: str) -> str:
    """Letters between two tags; entities keep their names."""
    pieces = text.split("&")
    told = [pieces[0].upper()]
    for piece in pieces[1:]:
        name, end, rest = piece.partition(";")
        told.append(f"&{name}{end}{rest.upper()}")
    return "".join(told)
