"""Trying: one hostile thing through the child that parses it."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from connectors.base import Limits
from desk import picturing, reading
from desk.articles.drafting import USUAL
from desk.picturing import BadPicture, accepting, cards, fitting
from desk.reading import File, Unreadable, parsing
from desk.sandbox import MEGABYTE, Exhausted, Sandbox
from desk.writing import drafts
from desk.writing.drafts import Voice
from tests.fakes.scripted import Scripted
from tests.fuzz.given import given

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
VOICE = Voice.of(Scripted({}), USUAL, "A channel")
NAMES = {"page": "page.html", "word file": "story.docx", "picture": "picture"}
CHANNEL = Limits(text=300, image_bytes=1_000_000, image_pixels=4_000_000)
ARTICLES = Sandbox("a hostile article", parsing.LIMITS, parsing.load, Unreadable)
PICTURES = Sandbox("a hostile picture", picturing.LIMITS, picturing.load, BadPicture)


@dataclass(frozen=True)
class Tried:
    """What became of one, and the most that its child ever held."""

    kind: str
    end: str
    seconds: float = 0.0
    megabytes: int = 0

    @property
    def well(self) -> bool:
        return self.end in ("read", "refused")


def tried(number: int) -> Tried:
    """Raises what nobody would be told of."""
    kind, what = given(number)
    child, do = (PICTURES, draw) if kind == "picture" else (ARTICLES, read_and_draft)
    source = what if isinstance(what, str) else File(NAMES[kind], what)
    begun = time.monotonic()
    try:
        end, megabytes = child.run(measured, do, source)
    except Exhausted as error:
        end, megabytes = f"over its {error.over}", 0
    return Tried(kind, end, time.monotonic() - begun, megabytes)


def measured(do: Callable[[Any], None], source: str | File) -> tuple[str, int]:
    """In the child: the end, and the most that it ever held."""
    try:
        do(source)
        end = "read"
    except (Unreadable, BadPicture):
        end = "refused"
    return end, held() // MEGABYTE


def held() -> int:
    """The most bytes that this process had in memory, ever.

    Linux counts the parent's, from before the start, in what `getrusage` says.
    """
    if sys.platform == "linux":
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def draw(file: File) -> None:
    """As a desk takes it in, and as a channel and a card get it."""
    taken = accepting.accept(file.data)
    fitting.fit(taken.data, CHANNEL)
    cards.card(taken.data)


def read_and_draft(source: str | File) -> None:
    """As a desk does it, but for what it fetches."""
    read = reading.taken_apart(source, NOW)
    drafts.draft_each(read, [VOICE], NOW.astimezone(ZoneInfo("Europe/Rome")))
