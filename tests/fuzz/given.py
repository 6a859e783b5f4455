"""Given: hostile pastes, pages, Word files and pictures, each made from a number.

Most open well enough to be read to their end, and are odd deep inside; the rest are
half a thing that people give and half its ruin.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.fuzz.pages import page
from tests.fuzz.pastes import paste
from tests.fuzz.pictures import picture
from tests.fuzz.word_files import word_file

KINDS: dict[str, Callable[[random.Random], str | bytes]] = {
    "paste": paste,
    "page": page,
    "word file": word_file,
    "picture": picture,
}


def given(number: int) -> tuple[str, str | bytes]:
    """What has this number: its kind, and itself; the same each time."""
    dice = random.Random(number)  # cases, not secrets
    kind = list(KINDS)[number % len(KINDS)]
    return kind, KINDS[kind](dice)
