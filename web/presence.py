"""Presence: who has a share open, and who of them writes in it. In memory alone.

A seat is one page of one person. It is theirs as long as that page speaks up
(`web/frontend/scripts/here.js`), and some seconds longer: nobody seems to go who only
loads the next page.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

SILENCE_S = 20.0  # after which somebody is not here any more


class Someone(NamedTuple):
    """A person at a share."""

    person_id: int
    name: str
    tab: int  # the post that is open there; 0: what is common to all
    writes: bool


Here = tuple[Someone, ...]


@dataclass(eq=False)
class Seat:
    """A page that shows a share. `key`: whoever knows it speaks for this page."""

    person_id: int
    session_id: int
    name: str
    share_id: int
    heard_at: float
    tab: int = 0
    writes: bool = False
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    told: Here | None = None  # who else is here; None: not even its key


class Seats:
    """All of them, of one process."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._by_key: dict[str, Seat] = {}

    def take(self, seat: Seat) -> None:
        with self._changing:
            self._by_key[seat.key] = seat

    def hear(self, key: str, tab: int, writes: bool, at: float) -> bool:
        """What its page says of itself. Is there such a seat?"""
        with self._changing:
            seat = self._by_key.get(key)
            if seat is not None:
                seat.tab, seat.writes, seat.heard_at = tab, writes, at
        return seat is not None

    def taken(self, at: float) -> list[Seat]:
        """Those of which something was heard of late; the others are given up."""
        with self._changing:
            self._by_key = {
                key: seat
                for key, seat in self._by_key.items()
                if at - seat.heard_at <= SILENCE_S
            }
            return list(self._by_key.values())


def here(seats: Iterable[Seat]) -> dict[int, Here]:
    """Who is at each share by name, each person once: where they write, if they do."""
    found = defaultdict[int, dict[int, Someone]](dict)
    for seat in sorted(seats, key=lambda seat: (seat.writes, seat.heard_at)):
        one = Someone(seat.person_id, seat.name, seat.tab, seat.writes)
        found[seat.share_id][seat.person_id] = one
    return {
        share_id: tuple(sorted(its.values(), key=lambda one: (one.name, one.person_id)))
        for share_id, its in found.items()
    }


def others(its: Collection[Someone], person_id: int) -> Here:
    """Without whoever looks."""
    return tuple(one for one in its if one.person_id != person_id)


def as_event(its: Here) -> str:
    """As the page of a seat is told of it."""
    people = [
        {"id": one.person_id, "name": one.name, "tab": one.tab, "writes": one.writes}
        for one in its
    ]
    return f"event: here\ndata: {json.dumps(people)}\n\n"
