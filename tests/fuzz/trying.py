"""Trying: one hostile thing through the child that parses it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from desk import picturing, reading
from desk.articles.drafting import USUAL
from desk.picturing import BadPicture, accepting
from desk.reading import File, Unreadable, parsing
from desk.sandbox import Exhausted, Sandbox
from desk.writing import drafts
from desk.writing.drafts import Voice
from tests.fakes.scripted import Scripted
from tests.fuzz.given import given

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
VOICE = Voice.of(Scripted({}), USUAL, "A channel")
NAMES = {"page": "page.html", "word file": "story.docx"}
ARTICLES = Sandbox("a hostile article", parsing.LIMITS, parsing.load)
PICTURES = Sandbox("a hostile picture", picturing.LIMITS, picturing.load)


def tried(number: int) -> str:
    """What became of it, in a word; raises what nobody would be told of."""
    kind, what = given(number)
    try:
        parse(kind, what)
    except (Unreadable, BadPicture):
        return f"{kind}: refused"
    except Exhausted as error:
        return f"{kind}: over its {error.over}"
    return f"{kind}: read"


def parse(kind: str, what: str | bytes) -> None:
    if kind == "picture":
        PICTURES.run(accepting.accept, what)
    elif isinstance(what, str):
        ARTICLES.run(read_and_draft, what)
    else:
        ARTICLES.run(read_and_draft, File(NAMES[kind], what))


def read_and_draft(source: str | File) -> None:
    """In the child, as a desk does it, but for what it fetches."""
    read = reading.taken_apart(source, NOW)
    drafts.draft(read, VOICE, NOW.astimezone(ZoneInfo("Europe/Rome")))
