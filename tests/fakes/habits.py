"""What a fake Mastodon server does with posts that it took; may change as it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.fakes.ways import Way

PEOPLE = ("desk", "thepaper", "the.paper", "Anna-Lena", "wire_desk2", "paper@b.example")


@dataclass(frozen=True)
class Habits:
    """The defaults are those of a Mastodon server in good order."""

    way: str | Way = "mastodon"  # see catalogue.py; "lot 7" is drawn by that lot
    lists_lag: float = 0.0  # seconds until a listing shows a post
    count_lag: float = 0.0  # and until the account's count of posts holds it
    dates: bool = True  # answers have a Date header
    source: bool = True  # `/source` is there
    hides: str = ""  # a listing leaves out posts with these words
    page: int = 40  # posts of a listing at most, whatever is asked for
    ids: str = "snowflake"  # see ids.py
    people: Sequence[str] = PEOPLE  # whom it knows, in their own spelling
    domains: Sequence[str] = ("paper.example",)  # its own, beside its address
