"""Actors: whose doing a change is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A person, the command line, or the desk itself, which has no name."""

    name: str = ""
    person_id: int | None = None  # None: whoever runs the desk, who may do all of it


DESK = Actor()
