"""What writing gives: candidates for a post's text, and what the editor should know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Length = Callable[[str], int]  # how long the platform will say this text is


class Angle(StrEnum):
    """What a candidate sells the article with."""

    HEADLINE = "headline"
    DEK = "dek"
    LEAD = "lead"
    QUOTE = "quote"
    NUMBER = "number"
    QUESTION = "question"

    @property
    def spoken(self) -> str:
        """As editors call it."""
        return "standfirst" if self is Angle.DEK else self.value


@dataclass(frozen=True)
class Candidate:
    """A text for a post, and the article's own sentences that it was made from."""

    text: str
    kind: Angle
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """The first candidate is the one to draft with; `notes` are for the editor."""

    candidates: tuple[Candidate, ...]
    notes: tuple[str, ...] = ()
    not_offered: str = ""  # why there are no more
