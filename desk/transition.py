"""Transition: the one way of a post from one state into another.

`lifecycle.MOVES` says what may follow on what, and what goes with it. Nothing else
writes the state, fence, lease, owner or turn of a post.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, case, update
from sqlalchemy.orm import Session

from desk import lifecycle
from desk.history import note
from desk.lifecycle import Does, State
from desk.models import Post
from desk.models.base import Instant
from desk.models.posts import EventKind
from desk.people.actors import DESK, Actor

Chosen = Collection[int] | Select[int]
RELEASED = {"lease_until": None, "owner": None, "turn": None}
SETTLED = {"look_at": None, "unseen": None, "needs_person": False}
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Lease:
    """Until when a post is held, and by whom; by nobody: it is to be picked up."""

    until: Instant
    owner: str | None = None


def move(
    session: Session,
    post: Post,
    to: State,
    now: datetime,
    said: str = "",
    *,
    by: Actor = DESK,
    kind: EventKind = EventKind.NOTED,
    lease: Lease | None = None,
) -> None:
    """Bring a locked post into this state, with all that goes with it.

    `said`: the line of its history; empty where another one says what happened. Raises
    `IllegalMove`.
    """
    does = lifecycle.move(post.state, to)
    post.state = to
    for name, value in _goes_with(does, lease).items():
        setattr(post, name, value)
    if Does.FENCE in does:
        raise_fence(post)
    if said:
        note(session, post, said, now, by, kind)


def moving(
    chosen: Chosen,
    old: State,
    new: State,
    lease: Lease | None = None,
    also: Mapping[str, Any] = NOTHING,
) -> Update:
    """The same for many posts in one statement; those in another state stay there.

    The caller locks them, and adds to their history.
    """
    does = lifecycle.move(old, new)
    fence = {"fence": Post.fence + 1} if Does.FENCE in does else {}
    values = {"state": new, **fence, **_goes_with(does, lease), **also}
    return _of(chosen).where(Post.state == old).values(values)


def raise_fence(post: Post) -> None:
    """Whoever was handed this locked post before may not act on it any more."""
    post.fence += 1


def fencing(chosen: Chosen, also: Mapping[str, Any]) -> Update:
    """The same for many posts; `also`: what is written with it."""
    return _of(chosen).values({"fence": Post.fence + 1, **also})


def renewing(chosen: Chosen, until: datetime, owner: str | None = None) -> Update:
    """Whoever holds these goes on holding them; `owner`: who took them up now."""
    taken = {"owner": owner} if owner else {}
    return _of(chosen).values({"lease_until": _later(until), **taken})


def taking_turns(chosen: Chosen) -> Update:
    """These claimed posts are the ones on their way on channels that keep order."""
    return _of(chosen).values(turn=Post.channel_id)


def _goes_with(does: Does, lease: Lease | None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if Does.RELEASE in does:
        values |= RELEASED
    if Does.LEASE in does:
        values |= _leased(lease)
    if Does.SETTLE in does:
        values |= SETTLED
    if Does.FREE_SLOT in does:
        values["slot_at"] = None
    return values


def _leased(lease: Lease | None) -> dict[str, Any]:
    if lease is None:
        raise TypeError("Someone holds a post in this state: say who, and how long.")
    return {"lease_until": lease.until, "owner": lease.owner}


def _of(chosen: Chosen) -> Update:
    of = update(Post).where(Post.id.in_(chosen))
    return of.execution_options(synchronize_session=False)


def _later(lease: datetime) -> ColumnElement[datetime]:
    """This lease, or one that runs longer (a post waits for its due time)."""
    return case((Post.lease_until > lease, Post.lease_until), else_=lease)
