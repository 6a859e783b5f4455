"""Offered sets: the channels of a share that are taken with one press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.channels import channel_sets
from desk.conflicts import mark
from desk.models import ChannelSet, Post
from web import current

EVERY = 0  # the number of the set that has every channel


@dataclass(frozen=True)
class OfferedSet:
    """A set as a share can take it: those of its posts that are on its channels."""

    id: int
    name: str
    posts: frozenset[int]


def sets_on(its: Sequence[Post], at: current.Moment) -> list[OfferedSet]:
    """Every channel, what the section went out on last, and what people named."""
    if len(its) < 2:
        return []
    article = its[0].article
    found = channel_sets.sets_of(at.session, article.section if article else "")
    known = [_offer(one, its) for one in found]
    every = OfferedSet(EVERY, "Every channel", frozenset(post.id for post in its))
    return [every, *(one for one in known if one.posts)]


def _offer(one: ChannelSet, its: Sequence[Post]) -> OfferedSet:
    on = frozenset(post.id for post in its if post.channel_id in one.channels)
    return OfferedSet(one.id, one.name or f"As {one.section} went out last", on)


def set_mark(one: ChannelSet) -> str:
    """How a page shows it, for its forms to say back."""
    return mark(channel_sets.set_as_seen(one))
