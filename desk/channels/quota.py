"""Quota: how many posts a platform takes of a channel, and what we keep back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from desk.channels import accounts
from desk.models import Channel


@dataclass(frozen=True)
class Quota:
    """How many posts a platform says it takes in what time, and what we keep back."""

    posts: int
    reserve: int
    per: timedelta

    @property
    def ours(self) -> int:
        return max(1, self.posts - self.reserve)


def quota_of(channel: Channel) -> Quota | None:
    """What the platform takes of this channel; None: it names no limit."""
    limits = accounts.limits_of(channel)
    if limits is None or not limits.posts:
        return None
    return Quota(limits.posts, limits.reserve, limits.per)
