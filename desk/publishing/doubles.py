"""Doubles: parts of a post that are live twice, and which of the two stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from desk.models import Attempt, Part, Post

DELETED = "deleted"  # of an attempt: it was live, and a person took it down


@dataclass(frozen=True)
class Double:
    """A part that is live twice: by the receipt that counts, and by another."""

    part: Part
    second: str  # the other one's link
    one_of: bool  # the post has other parts
    attempt: Attempt | None = None  # that made it

    @property
    def first(self) -> str:
        return self.part.url or ""

    @property
    def links(self) -> tuple[str, str]:
        return self.first, self.second

    @property
    def name(self) -> str:
        """What is live twice: the post, or a part of a thread."""
        return f"Part {self.part.position}" if self.one_of else "It"


def of(post: Post) -> Double | None:
    """What is live twice, and not settled yet; the one that was found last."""
    if post.twice_url is None:
        return None
    found = (one for one in all_of(post) if one.second == post.twice_url)
    live = next((part for part in post.parts if part.url), post.parts[0])
    return next(found, Double(live, post.twice_url, len(post.parts) > 1))


def words(post: Post) -> str:
    """What is to be done about it, in a sentence; nothing where it is live once."""
    double = of(post)
    return f"{double.name} is live twice: delete one of the two." if double else ""


def all_of(post: Post) -> Iterator[Double]:
    """Every part of it with more than one receipt."""
    for part in post.parts:
        for one in part.attempts:
            if one.outcome == "published" and one.url and _is_other(part, one):
                yield Double(part, one.url, len(post.parts) > 1, one)


def keep(post: Post, double: Double, url: str) -> None:
    """The other one is gone: this one is the part's, and a further double is next."""
    gone = _made(double.part) if url == double.second else double.attempt
    if url == double.second:
        known = double.attempt.remote_id if double.attempt else None
        double.part.remote_id, double.part.url = known or url, url
    if gone is not None:
        gone.outcome = DELETED
    left = next(all_of(post), None)
    post.twice_url = left.second if left else None


def _is_other(part: Part, attempt: Attempt) -> bool:
    by_link = part.remote_id == part.url  # a person knows only the link
    same = (part.url, attempt.url) if by_link else (part.remote_id, attempt.remote_id)
    return part.remote_id is not None and same[0] != same[1]


def _made(part: Part) -> Attempt | None:
    """The try whose receipt counts."""
    made = (
        one
        for one in part.attempts
        if one.outcome == "published" and one.remote_id == part.remote_id
    )
    return next(made, None)
