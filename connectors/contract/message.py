"""A message: what a post says and shows, what is wrong with it, how it will look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True)
class Image:
    """A picture of a post. Its file is opened by nobody but who asks for its `data`."""

    read: Callable[[], bytes] = field(repr=False, compare=False)
    size: int  # in bytes; of what is made only when it is read, the most it may have
    media_type: str
    width: int
    height: int
    alt: str = ""
    focus: tuple[float, float] = (0.5, 0.5)  # shares of width and height, from top left
    credit: str = ""

    @property
    def data(self) -> bytes:
        """Read anew each time: only what uploads it needs it."""
        return self.read()

    @property
    def description(self) -> str:
        """Alt text with the credit behind it, for platforms with no place for one."""
        if not self.credit or self.credit in self.alt:
            return self.alt
        return f"{self.alt} ({self.credit})".lstrip()


@dataclass(frozen=True)
class Card:
    """What a link shows of its page, where it is us who must say so."""

    title: str
    description: str = ""
    image: Image | None = None


@dataclass(frozen=True)
class Message:
    """One part of a post, as an editor sees it: text, and a link that stands apart.

    With images they are shown, and the link is among the words; without any, the
    link shows its card.
    """

    text: str
    link: str | None = None
    images: tuple[Image, ...] = ()
    language: str | None = None  # BCP 47
    card: Card | None = None  # of the link


class About(StrEnum):
    """What of a message is to be mended."""

    TEXT = "text"
    LINK = "link"  # or the card that it shows
    IMAGE = "image"
    ALT = "alt"


@dataclass(frozen=True)
class Problem:
    """What a platform can't carry, in a sentence for the editor."""

    sentence: str
    about: About = About.TEXT

    def __str__(self) -> str:
        return self.sentence


class Shape(StrEnum):
    """How a platform draws the card of a link."""

    ABOVE = "above"  # the picture, then title and description
    OVER = "over"  # the picture with the title on it
    BESIDE = "beside"  # a small picture beside the title
    BARE = "bare"  # no card: the link alone


@dataclass(frozen=True)
class Preview:
    """A post as the platform's readers will see it."""

    text: str  # with the link, where the platform shows it among the words
    images: tuple[Image, ...] = ()
    card: Card | None = None
    shape: Shape = Shape.BARE
    credited: bool = False  # it says pictures' credits beside them, not in alt texts
