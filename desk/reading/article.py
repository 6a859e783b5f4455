"""What reading gives: an article in the newsroom's own words, and who said what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from desk.refusal import Refusal, RefusalKind

LOOKED_INTO = 2_000  # letters at once; 2 in 1,000 paragraphs of news pages are longer


class Kind(StrEnum):
    PARAGRAPH = "paragraph"
    SUBHEADING = "subheading"


@dataclass(frozen=True)
class Block:
    kind: Kind
    text: str

    @property
    def start(self) -> str:
        """What patterns look into; the rest of so long a paragraph is only kept."""
        return self.text[:LOOKED_INTO]


@dataclass(frozen=True)
class Shown:
    """A picture of the page, with what stands beside it there."""

    url: str
    caption: str = ""  # without its credit
    credit: str = ""
    alt: str = ""

    @property
    def key(self) -> str:
        """What a button calls it, wherever it stands by then."""
        said = "\0".join((self.url, self.caption, self.credit, self.alt))
        return sha256(said.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Reading:
    """An article as the desk read it. Nothing in it is invented or mended."""

    identity: str  # canonical link, or "text:" and a digest of the pasted text
    headline: str
    standfirst: str = ""
    authors: tuple[str, ...] = ()
    section: str = ""
    topics: tuple[str, ...] = ()  # as the newsroom tags the story
    language: str = ""  # BCP 47; empty where it can't be told
    published_at: datetime | None = None
    only_day: bool = False  # of `published_at`, its midnight in UTC: no hour is known
    link: str | None = None
    image_url: str | None = None
    caption: str = ""  # without its credit
    credit: str = ""
    alt: str = ""  # as the page has it
    others: tuple[Shown, ...] = ()  # the page's other pictures, to choose from
    blocks: tuple[Block, ...] = ()
    warnings: tuple[str, ...] = ()  # sentences for the editor
    said: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(b.text for b in self.blocks if b.kind is Kind.PARAGRAPH)

    @property
    def subheadings(self) -> tuple[str, ...]:
        return tuple(b.text for b in self.blocks if b.kind is Kind.SUBHEADING)


@dataclass(frozen=True)
class File:
    """A file as it was dropped or named, not yet trusted."""

    name: str
    data: bytes


class Unreadable(Refusal):
    """What was pasted is no article; says in a sentence why, and what to do."""

    kind = RefusalKind.UNFIT


class Unreached(Unreadable):
    """The page did not answer, which says nothing about the story behind it."""
