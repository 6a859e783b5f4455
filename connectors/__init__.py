"""Connectors: a folder a platform, found by entry point; a library of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from connectors.base import Connector


class Installed(Mapping[str, type[Connector]]):
    """Connectors by platform name, each loaded when it is first asked for.

    A desk without an X channel never loads tweepy: 7 MB in every process.
    """

    def __init__(self, points: dict[str, EntryPoint]) -> None:
        self._points = points
        self._loaded: dict[str, type[Connector]] = {}

    def __getitem__(self, platform: str) -> type[Connector]:
        if platform not in self._loaded:
            self._loaded[platform] = self._points[platform].load()
        return self._loaded[platform]

    def __iter__(self) -> Iterator[str]:
        return iter(self._points)

    def __len__(self) -> int:
        return len(self._points)


@cache
def installed() -> Installed:
    """Every connector there is, by platform name, whichever package brought it."""
    return Installed(
        {point.name: point for point in entry_points(group="desk.connectors")}
    )
