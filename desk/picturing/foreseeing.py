"""Foreseeing: what a picture will cost to decode, by its headers alone.

A JPEG is a row of scans, each of which may go over the whole picture again: thousands
fit into a small file. A PNG goes over its pixels once, interlaced or not, and of a GIF
or WebP only the first frame is ever decoded: there the number of pixels is the cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

START, FRAMES, SCAN, END = b"\xff\xd8", frozenset(range(0xC0, 0xD0)), 0xDA, 0xD9
NO_FRAMES = frozenset({0xC4, 0xC8, 0xCC})  # tables, within the same range
MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # no filler, no part of a scan
ALONE = frozenset({0x01, 0xD8})  # markers without a body


@dataclass(frozen=True)
class Work:
    """What a JPEG's decoder goes over; nothing of that for other formats."""

    pixels: int = 0
    scans: int = 0

    @property
    def cost(self) -> int:
        """In pixels, scan by scan."""
        return self.pixels * self.scans


def foreseen(data: bytes) -> Work:
    pixels = scans = 0
    for kind, body in _segments(data):
        if kind in FRAMES - NO_FRAMES:
            size = body[1:5]
            pixels = int.from_bytes(size[:2], "big") * int.from_bytes(size[2:], "big")
        scans += kind == SCAN
    return Work(pixels, scans)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each marker of a JPEG, with the first bytes that stand behind its length."""
    at = len(START) if data.startswith(START) else len(data)
    while found := MARKER.search(data, at):
        kind, at = data[found.start() + 1], found.end()
        if kind == END:
            return
        yield kind, data[at + 2 : at + 10]
        if kind not in ALONE:
            at += max(2, int.from_bytes(data[at : at + 2], "big"))
