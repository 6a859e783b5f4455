"""Arriving: what is said of links that were pasted together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from desk.models import Arrival
from desk.models.arrivals import Arriving

ENDED = {  # of one, and of several
    Arriving.TAKEN: ("1 story", "{} stories"),
    Arriving.KNOWN: ("1 was here already", "{} were here already"),
    Arriving.UNREACHED: ("1 gave no answer", "{} gave no answer"),
    Arriving.UNREADABLE: ("1 can’t be read", "{} can’t be read"),
    Arriving.NO_LINK: ("1 is no link", "{} are no links"),
}


def arrived_words(its: Sequence[Arrival]) -> str:
    """All in a line: "20 links: 18 stories, 1 was here already, 1 gave no answer"."""
    lines = f"{len(its)} {'link' if len(its) == 1 else 'links'}"
    ended = Counter(Arriving(one.state) for one in its if one.settled_at)
    told = [_counted(ended[state], state) for state in ENDED if ended[state]]
    to_come = len(its) - ended.total()
    if not to_come:
        return f"{lines}: {', '.join(told)}"
    told = [*told, f"{to_come} to come"] if told else []
    return f"Reading {lines}{': ' if told else ''}{', '.join(told)}"


def unread_lines(its: Sequence[Arrival]) -> str:
    """What became no story, for the paste field, a line each."""
    wrong = [one for one in its if one.settled_at and one.article_id is None]
    return "\n".join(one.line for one in wrong)


def _counted(number: int, state: Arriving) -> str:
    one, several = ENDED[state]
    return one if number == 1 else several.format(number)
