"""Parsing: what others wrote is taken apart in a child process, never in this one."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

from desk.reading.article import Unreadable
from desk.sandbox import MEGABYTE, Exhausted, Limits, Over, Sandbox

T = TypeVar("T")

LIBRARIES = ("desk.reading.pages", "desk.reading.documents", "desk.writing.drafts")
LIMITS = Limits(seconds=5, memory=512 * MEGABYTE)
SHORTER = "Paste the article alone, without what stands around it, or a part of it."
GAVE_UP = (
    "It can't be read: the program that reads it gave up. Paste the article’s text "
    "instead."
)
WHY = {
    Over.TIME: f"It takes more than {LIMITS.seconds} seconds to read, which is more "
    f"than any article should. {SHORTER}",
    Over.SLICE: "It takes long to read, and the desk has much to read just now. "
    f"{SHORTER} Or try it again in some minutes.",
    Over.MEMORY: "It takes more memory to read than the desk gives to an article. "
    f"{SHORTER}",
    Over.DEATH: GAVE_UP,
    Over.FAULT: GAVE_UP,
    Over.BUSY: "The desk’s computer is too busy just now to read it. Try it again in a "
    "minute.",
    Over.TURN: "The desk is reading several articles for others just now. Try it "
    "again in a few seconds.",
}


def load() -> None:
    """Everything that reading loads by itself when it is first used."""
    for name in LIBRARIES:
        import_module(name)
    from desk.reading import languages

    languages.load()


_children = Sandbox("an article", LIMITS, load, Unreadable)


def parsed(do: Callable[..., T], *given: Any) -> T:
    """What `do` makes of this, in the child. Raises what it raises, or `Unreadable`."""
    try:
        return _children.run(do, *given)
    except Exhausted as error:
        raise Unreadable(WHY[error.over]) from None
