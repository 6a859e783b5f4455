"""Pictures out: taken in safely, made to fit a channel, described.

Pixels are decoded in a child process: a small file may be a very large picture.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from PIL import Image

from connectors.base import Limits as Takes
from desk.picturing import accepting, cards, fitting
from desk.picturing.accepting import Accepted, BadPicture
from desk.picturing.alt import draft_alt
from desk.picturing.cards import BYTES as CARD_BYTES
from desk.picturing.cards import CENTRE
from desk.picturing.cards import SIZE as CARD
from desk.sandbox import MEGABYTE, Exhausted, Limits, Over, Sandbox

__all__ = [
    "CARD",
    "CARD_BYTES",
    "CENTRE",
    "Accepted",
    "BadPicture",
    "accept",
    "card",
    "draft_alt",
    "fit",
]

LIMITS = Limits(seconds=10, memory=1_000 * MEGABYTE)
SMALLER = "Export a smaller one, as JPEG."
GAVE_UP = f"The picture can't be decoded: the program gave up. {SMALLER}"
WHY = {
    Over.TIME: f"The picture takes more than {LIMITS.seconds} seconds to decode. "
    f"{SMALLER}",
    Over.SLICE: "The picture takes long to decode, and the desk has much to do just "
    f"now. {SMALLER} Or try it again in some minutes.",
    Over.MEMORY: f"The picture takes too much memory to decode. {SMALLER}",
    Over.DEATH: GAVE_UP,
    Over.FAULT: GAVE_UP,
    Over.BUSY: "The desk’s computer is too busy just now to decode the picture. Try it "
    "again in a minute.",
    Over.TURN: "The desk is at work on several other pictures just now. Try it again "
    "in a few seconds.",
}


def load() -> None:
    """Every format that the desk takes. What is odd in a file is no news for a log."""
    warnings.filterwarnings("ignore", category=UserWarning, module="PIL")
    Image.init()


_children = Sandbox("a picture", LIMITS, load, BadPicture)


def accept(data: bytes) -> Accepted:
    """Decode, turn upright, drop everything but the pixels, and write it anew.

    Raises `BadPicture`, as the others do.
    """
    return _drawn(accepting.accept, data)


def fit(data: bytes, limits: Takes, focus: tuple[float, float] = CENTRE) -> Accepted:
    """The picture within the channel's limits; as it is where it fits already."""
    return _drawn(fitting.fit, data, limits, focus)


def card(data: bytes, focus: tuple[float, float] = CENTRE) -> Accepted:
    """Cut to a card's shape around the focus, as JPEG. The same bytes each time."""
    return _drawn(cards.card, data, focus)


def _drawn(do: Callable[..., Accepted], *given: Any) -> Accepted:
    try:
        return _children.run(do, *given)
    except Exhausted as error:
        raise BadPicture(WHY[error.over]) from None
