"""Guarantees: what a channel's class of exactly-once means, in an editor's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from connectors.base import Class
from desk import moments
from desk.models import Channel


@dataclass(frozen=True)
class Guarantee:
    """A class: how lists call it, what it means, and what setting it by hand risks."""

    short: str
    means: str
    risks: str


GUARANTEES = {
    Class.EXACT: Guarantee(
        "Never twice",
        "When an answer is lost, the desk sends the same again, and the platform "
        "makes no second post of it.",
        "If the platform does make a second post of it, readers see it twice.",
    ),
    Class.WINDOW: Guarantee(
        "Never twice for a while",
        "When an answer is lost, the desk sends the same again while the platform "
        "remembers it. Later it looks there first.",
        "If the platform forgets sooner than it says, readers see a post twice.",
    ),
    Class.NATURAL: Guarantee(
        "Mostly never twice",
        "The platform refuses the same text again. When an answer is lost, the desk "
        "looks there first, and sends again only after it was surely not found.",
        "If the platform takes the same text again and shows posts late, readers may "
        "see a post twice.",
    ),
    Class.NONE: Guarantee(
        "Looks before it repeats",
        "The platform would take a repeat for a second post. When an answer is lost, "
        "the desk looks there first; where it can't tell, it asks you.",
        "Nothing goes out twice by it. You are asked more often than need be.",
    ),
}


def guarantee_of(channel: Channel) -> Guarantee:
    """What holds for this channel now."""
    return GUARANTEES[Class(channel.exactly_once_override or channel.exactly_once)]


def guarantee_words(channel: Channel) -> str:
    """For lists: the guarantee, and for how long where it ends."""
    once = Class(channel.exactly_once_override or channel.exactly_once)
    if once is Class.WINDOW and channel.window_s:
        return f"Never twice within {moments.span(timedelta(seconds=channel.window_s))}"
    return GUARANTEES[once].short
