"""Connectors: one file per platform, found by entry point; a library of its own."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from connectors.base import Connector


@cache
def installed() -> dict[str, type[Connector]]:
    """Every connector there is, by platform name, whichever package brought it."""
    return {point.name: point.load() for point in entry_points(group="desk.connectors")}
