"""The ways in which a server may redraw a text, or tell of a post, each by name.

A way never changes what was sent: the fake keeps that on record, apart from this.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tests.fakes.drawing import Draw
from tests.fakes.drawing.hand import draw

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
    """What it does to the text, to the create answer, and wherever a post is shown.

    `legible`: a reader of `content` recognises the words that were sent, and their
    link leads where it was sent to lead where `leads` says so, too.
    """

    name: str
    kind: Kind
    draw: Draw = draw
    told: Change = as_it_is  # what creating it answers
    status: int = 200  # of that answer
    shown: Change = as_it_is  # a listing, and the post by its id
    legible: bool = True
    leads: bool = True
    dated: bool = True  # a reader of the API knows when it was published
