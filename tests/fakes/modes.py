"""The kinds of server that speak Mastodon's API: how each treats keys and forms."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mode:
    """How a kind of server treats keys and forms, and what it says it is."""

    honours: bool
    races: bool = False
    json_only: bool = False
    software: str = "mastodon"
    version: str = "4.4.2"  # as the API tells it


MODES = {
    "honours": Mode(honours=True),
    "ignores": Mode(honours=False, software="gotosocial", version="0.19.1"),
    "races": Mode(honours=True, races=True),
    "json-only": Mode(
        honours=True, races=True, json_only=True, software="other", version="4.2.0"
    ),
}
