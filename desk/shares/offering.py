"""Offering: the story's own words, to be taken as a share's text with one press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.desk import Desk
from desk.models import Post
from desk.posts import following

MOST = 6


@dataclass(frozen=True)
class Candidate:
    """Words for all channels, without what any of them puts around them."""

    text: str
    kind: str
    sources: tuple[str, ...]


def candidates(desk: Desk, its: Sequence[Post]) -> list[Candidate]:
    """What the posts of a share were offered; the same words once."""
    found: dict[str, Candidate] = {}
    for post in its:
        frame = following.frame_of(desk, post, post.link)
        for one in post.candidates:
            text = following.words_in(frame, post, one["text"])
            offered = Candidate(text, one["kind"], tuple(one["sources"]))
            found.setdefault(text, offered)
    return list(found.values())[:MOST]
