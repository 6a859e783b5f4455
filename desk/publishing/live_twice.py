"""Live twice: parts of a post that are live twice, and which of the two stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from desk.lifecycle import Outcome
from desk.models import Attempt, Part, Post


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


def double_parts(post: Post) -> list[Double]:
    """What is live twice, and not settled yet, part by part."""
    if post.twice_url is None:
        return []
    if found := list(repeated_parts(post)):
        return found
    live = next((part for part in post.parts if part.url), post.parts[0])
    return [Double(live, post.twice_url, len(post.parts) > 1)]


def double_words(post: Post) -> str:
    """What is to be done about it, in a sentence; nothing where it is live once."""
    doubles = double_parts(post)
    if not doubles:
        return ""
    if len(doubles) == 1:
        to_do = "delete one of the two"
    elif _one_part(doubles):
        to_do = "delete all but one"
    else:
        to_do = "delete one of each two"
    return f"{double_title(post)}: {to_do}."


def double_title(post: Post) -> str:
    """What is live how often, without a full stop, where anything is."""
    doubles = double_parts(post)
    if len(doubles) > 1 and _one_part(doubles):
        return f"{double_name(post)} is live {len(doubles) + 1} times"
    verb = "is" if len(doubles) == 1 else "are"
    return f"{double_name(post)} {verb} live twice"


def _one_part(doubles: list[Double]) -> bool:
    return len({one.part.position for one in doubles}) == 1


def double_name(post: Post) -> str:
    """What of it is live twice, such as "It", "Part 2", "Parts 2 and 3"."""
    places = sorted({one.part.position for one in double_parts(post)})
    if len(post.parts) == 1:
        return "It"
    if len(places) == 1:
        return f"Part {places[0]}"
    return f"Parts {', '.join(map(str, places[:-1]))} and {places[-1]}"


def repeated_parts(post: Post) -> Iterator[Double]:
    """Every part of it with more than one receipt."""
    for part in post.parts:
        for one in part.attempts:
            if one.outcome == Outcome.PUBLISHED and one.url and _is_other(part, one):
                yield Double(part, one.url, len(post.parts) > 1, one)


def settle_deleted(post: Post, double: Double, url: str) -> str:
    """This one of the two is gone. Returns the link of the other, now the part's."""
    first_gone = url == double.first and url != double.second
    gone = _made(double.part) if first_gone else double.attempt
    if first_gone:
        known = double.attempt.remote_id if double.attempt else None
        double.part.remote_id = known or double.second
        double.part.url = double.second
    if gone is not None:
        gone.outcome = Outcome.DELETED
    left = next(repeated_parts(post), None)
    post.twice_url = left.second if left else None
    return double.part.url or ""


def _is_other(part: Part, attempt: Attempt) -> bool:
    by_link = part.remote_id == part.url  # a person knows only the link
    same = (part.url, attempt.url) if by_link else (part.remote_id, attempt.remote_id)
    return part.remote_id is not None and same[0] != same[1]


def _made(part: Part) -> Attempt | None:
    """The try whose receipt counts."""
    made = (
        one
        for one in part.attempts
        if one.outcome == Outcome.PUBLISHED and one.remote_id == part.remote_id
    )
    return next(made, None)
