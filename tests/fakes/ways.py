"""The ways in which a server may redraw a text, or tell of a post, each by name.

A way never changes what was sent: the fake keeps that on record, apart from this.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tests.fakes.drawing import Draw, hiding, markdown, mastodon

Json = dict[str, Any]
Change = Callable[[Json], Json]


class Kind(StrEnum):
    """What a way does to a post."""

    DRAWN = "drawn"  # the words stand, drawn in the server's own manner
    CHANGED = "changed"  # readers see other words
    HIDDEN = "hidden"  # the API shows the account no words, or not where they belong
    ANSWER = "answer"  # the answer tells other things of the post, or fewer


def as_it_is(status: Json) -> Json:
    return status


@dataclass(frozen=True)
class Way:
    """What it does to the text, to the create answer, and wherever a post is shown."""

    name: str
    kind: Kind
    draw: Draw = mastodon.draw
    told: Change = as_it_is  # what creating it answers
    shown: Change = as_it_is  # a listing, and the post by its id
    legible: bool = True  # what `content` shows is recognisably what was sent


LIST = (
    Way("mastodon", Kind.DRAWN),
    Way("markdown", Kind.DRAWN, markdown.draw),
    Way("filtered", Kind.HIDDEN, hiding.filtered, legible=False),
    Way("blank", Kind.HIDDEN, hiding.blank, legible=False),
    Way("upper case", Kind.DRAWN, hiding.upper),
    Way("cut to 60", Kind.CHANGED, hiding.cut, legible=False),
)
WAYS = {way.name: way for way in LIST}
