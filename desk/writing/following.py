"""Following: what a channel makes of words that are meant for several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desk.writing.fitting import trim
from desk.writing.style import Style
from desk.writing.templates import Facts

HERE = "\x00"  # where the words stand in a frame; in no text


@dataclass(frozen=True)
class Frame:
    """What a channel puts around words, and by how much it all is too long then."""

    style: Style
    facts: Facts
    topics: tuple[str, ...]
    over: Callable[[str], int]


def framed(words: str, frame: Frame) -> str:
    """With as many hashtags as fit: they give way to words."""
    style, facts = frame.style, frame.facts
    hashtags = style.tags_for(frame.topics, words)
    many = range(len(hashtags), 0, -1)
    texts = (style.written(words, facts, hashtags[:n]) for n in many)
    without = style.written(words, facts, ())
    return next((text for text in texts if not frame.over(text)), without)


def bare(text: str, frame: Frame) -> str:
    """The words of a text that may stand in this frame already."""
    hashtags = frame.style.tags_for(frame.topics)
    for many in range(len(hashtags), -1, -1):
        whole = frame.style.written(HERE, frame.facts, hashtags[:many])
        before, _, behind = whole.partition(HERE)
        fits = len(text) > len(before + behind) and HERE not in behind
        if fits and text.startswith(before) and text.endswith(behind):
            return text[len(before) : len(text) - len(behind)]
    return text


def followed(text: str, frame: Frame) -> str:
    """What the channel says for this text: in its frame, and in that once."""
    return framed(bare(text, frame), frame) if text else ""


def alt_within(alt: str, credit: str, longest: int, language: str) -> str:
    """The alt text, with room left for the credit that may go behind it."""
    room = longest - len(f" ({credit})")
    return trim(alt, len, max(0, room), language)
