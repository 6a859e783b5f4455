"""Free times: when the drafts of a story would go out, each at its next free slot."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from desk.posts.marks import Mark


@dataclass(frozen=True)
class Free:
    """The first and the last of them."""

    first: datetime | None
    at_first: int  # so many of them at that time
    last: datetime | None  # None: all at that time
    slotless: list[str]  # channels without one


def free_for(its: Collection[Mark], slots: Mapping[int, datetime | None]) -> Free:
    found = [slots.get(post.channel.id) for post in its]
    times = sorted(at for at in found if at)
    slotless = [
        post.channel.name for post, at in zip(its, found, strict=True) if not at
    ]
    if not times:
        return Free(None, 0, None, slotless)
    first, last = times[0], times[-1]
    return Free(first, times.count(first), last if last > first else None, slotless)
