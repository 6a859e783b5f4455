"""Style: how the posts of one channel are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from desk.refusal import Refusal, RefusalKind
from desk.writing import tagging, templates
from desk.writing.candidate import Angle
from desk.writing.hashtags import MOST, hashtags
from desk.writing.mentions import mentioned
from desk.writing.templates import BadTemplate, Facts

LONGEST_LIST = 300  # names of a list, from which nobody keeps it in order


class BadStyle(Refusal):
    """What was asked can't be written; says what to change, and in which field."""

    kind = RefusalKind.INVALID


class Place(StrEnum):
    """Where the link of a post goes."""

    TEXT = "text"  # among the words, below them; a picture is shown
    CARD = "card"  # the link shows its card, in the picture's place
    REPLY = "reply"  # in a first reply of its own, with its card


@dataclass(frozen=True)
class Style:
    """What editors chose for a channel; it holds for drafts made from then on."""

    template: str = templates.USUAL
    first: str = ""  # the kind of text that a draft starts with; empty: the best one
    place: Place = Place.TEXT
    hashtags: int = 0
    never: tuple[str, ...] = ()  # topics and hashtags that are not used
    mentions: Mapping[str, str] = field(default_factory=dict)  # name -> handle
    tagged: bool = False  # the link says which post it came from
    tags: Mapping[str, str] = field(default_factory=lambda: dict(tagging.USUAL))
    numbered: bool = False  # the parts of a thread

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Style:
        """As it was kept; what is missing is as usual."""
        known = {f.name for f in fields(cls)}
        values = {name: value for name, value in kept.items() if name in known}
        if "place" in values:
            values["place"] = Place(values["place"])
        if "never" in values:
            values["never"] = tuple(values["never"])
        return cls(**values)

    def kept(self) -> dict[str, Any]:
        """As JSON values, for `of`."""
        return asdict(self) | {"never": list(self.never)}

    def check(self) -> None:
        """Raises `BadStyle` where it contradicts itself, or names what there is not."""
        named = _named(self.template)
        if "link" in named and self.place is Place.REPLY:
            raise BadStyle(
                "The template has {link}, so the link can't stand in the reply as "
                "well. Take {link} out, or put the link into the text.",
                "template",
            )
        if self.first and self.first not in set(Angle):
            raise BadStyle(f"There is no kind of text called “{self.first}”.", "first")
        if not 0 <= self.hashtags <= MOST:
            raise BadStyle(f"Choose no more than {MOST} hashtags.", "hashtags")
        if max(len(self.never), len(self.mentions)) > LONGEST_LIST:
            raise BadStyle(f"A list has {LONGEST_LIST} lines at most.", "never")
        for name, handle in self.mentions.items():
            _refuse_handle(name, handle)
        for name, rule in self.tags.items():
            try:
                tagging.check(rule)
            except BadTemplate as error:
                raise BadStyle(str(error), f"utm-{name}") from error

    def says(self, angle: Angle) -> bool:
        """Whether a teaser of this kind may stand in the template: nothing twice."""
        twin = {Angle.HEADLINE: "headline", Angle.DEK: "standfirst"}.get(angle)
        return twin not in templates.names_in(self.template)

    def tags_for(self, topics: tuple[str, ...], text: str = "") -> tuple[str, ...]:
        return hashtags(topics, self.hashtags, self.never, text)

    def written(self, teaser: str, facts: Facts, tags: tuple[str, ...]) -> str:
        """The text of a post with this teaser."""
        known = mentioned(teaser, self.mentions)
        return templates.filled(self.template, known, facts, tags)

    def leaves(self, text: str) -> bool:
        """Does it put nothing around this text, whatever there is to say?"""
        return not self.hashtags and self.written(text, Facts(), ()) == text


def lines(written: str) -> tuple[str, ...]:
    """A list as a person writes it: one a line, or with commas; each once."""
    found = (one.strip() for one in written.replace(",", "\n").split("\n"))
    return tuple(dict.fromkeys(one for one in found if one))


def pairs(written: str) -> dict[str, str]:
    """`Name = @handle`, one a line. Raises `BadStyle` at a line that is not."""
    found = {}
    for line in filter(str.strip, written.split("\n")):
        name, sign, handle = (one.strip() for one in line.partition("="))
        if not (name and sign and handle):
            raise BadStyle(
                f"“{line.strip()[:60]}” is no mention. Write a name, “=” and its "
                "handle, such as: Ann Lee = @annlee.",
                "mentions",
            )
        found[name] = handle
    return found


def _named(template: str) -> frozenset[str]:
    try:
        return templates.names_in(template)
    except BadTemplate as error:
        raise BadStyle(str(error), "template") from error


def _refuse_handle(name: str, handle: str) -> None:
    if handle.startswith("@") and len(handle) > 1 and not any(map(str.isspace, handle)):
        return
    raise BadStyle(
        f"“{handle[:60]}” is no handle for {name[:60]}. A handle starts with @ and has "
        "no space in it.",
        "mentions",
    )
