"""Seen: how a post stood when a person saw it, and whether it still stands so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from desk.lifecycle import UNDECIDED, State
from desk.models import Post


@dataclass(frozen=True)
class Seen:
    """What a person saw of a post before they changed it; None: they saw no such thing.

    `stood`: its state and times, as `stands` says them; `arranged`: what it showed
    beside its words, as `arrangement` says it.
    """

    revision: int | None
    approved: bool | None = None
    stood: str | None = None
    arranged: str | None = None

    @classmethod
    def of(cls, post: Post) -> Seen:
        return cls(post.revision, post.state not in UNDECIDED)

    def holds(self, post: Post) -> bool:
        """Is the post still so?"""
        return (
            self.revision in (None, post.revision)
            and self.approved in (None, post.state not in UNDECIDED)
            and self.stood in (None, stands(post))
            and self.arranged in (None, arrangement(post))
        )


class Standing(Protocol):
    """A post, or what a list knows of it."""

    @property
    def state(self) -> str: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def was_due_at(self) -> datetime | None: ...


UNSEEN: Mapping[int, Seen] = MappingProxyType({})


def stands(post: Standing) -> str:
    """Its state and time, for a form; what the clock has claimed is scheduled still.

    Its former time tells a draft from one that had a time meanwhile.
    """
    state = State.SCHEDULED if post.state == State.CLAIMED else post.state
    times = (post.due_at, post.was_due_at)
    return " ".join([state, *(at.isoformat() if at else "untimed" for at in times)])


def arrangement(post: Post) -> str:
    """Its picture, if it is a thread, and where its link goes, for a form."""
    shape = post.picture_id or 0, int(post.thread), int(post.link_in_reply)
    return "-".join(map(str, shape))
