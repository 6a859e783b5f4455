"""No text that is pasted, however it is made, keeps a process busy."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from desk.reading.article import LOOKED_INTO, Block, Kind, Reading
from desk.reading.text import read_text
from desk.writing.candidates import candidates
from desk.writing.pool import SENTENCES, Pool
from tests import growing

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
STORY = "Harbour workers counted 40 boats before the storm reached the island. "
LAST = "Nobody on the island expected the ferry to return before the spring. "


@pytest.fixture(scope="module")
def found() -> set[str]:
    return {one.name for one in growing.found()}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_pattern_takes_longer_than_its_text_grows() -> None:
    assert _slow("patterns") == {}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_paste_takes_longer_to_draft_than_it_grows() -> None:
    assert _slow("drafting") == {}


@pytest.mark.slow
def test_sees_patterns_that_grow_or_explode() -> None:
    assert _slow("explode").keys() == growing.HOSTILE.keys()


@pytest.mark.parametrize(
    "name",
    [
        "desk.writing.news.AMOUNT",  # a module's
        "desk.reading.days.SHAPES",  # in a tuple
        "desk.writing.languages.SCRIPTS",  # in pairs
        "verbs(de)",  # made when it is needed
    ],
)
def test_finds_patterns_wherever_they_are_kept(name: str, found: set[str]) -> None:
    assert name in found


def test_finds_patterns_that_stand_in_a_call(found: set[str]) -> None:
    assert any(name.startswith("desk.writing.words:") for name in found)


def test_a_long_paragraph_is_kept_whole() -> None:
    long = STORY * 60
    reading = read_text(f"Storm reaches the island\n\n{long}\n\n{LAST}", NOW)
    assert reading.paragraphs == (long.strip(), LAST.strip())


def test_a_long_paragraph_is_looked_into_by_stretches_of_whole_sentences() -> None:
    reading = Reading("text:1", "Storm", blocks=(Block(Kind.PARAGRAPH, STORY * 60),))
    stretches = Pool(reading).paragraphs
    assert max(len(stretch.text) for stretch in stretches) <= LOOKED_INTO
    told = [sentence.text for stretch in stretches for sentence in stretch.sentences]
    assert told == [STORY.strip()] * 60


def test_a_quote_is_taken_apart_by_no_stretch() -> None:
    quote = "“We stay. We never leave. We wait for spring,” Anna Berg said. "
    reading = Reading("text:1", "Sea", blocks=(Block(Kind.PARAGRAPH, quote * 90),))
    stretches = Pool(reading).paragraphs
    told = [sentence.text for stretch in stretches for sentence in stretch.sentences]
    assert told == [quote.strip()] * 90


def test_no_more_sentences_are_looked_into_than_the_longest_story_has() -> None:
    endless = Block(Kind.PARAGRAPH, "Aa. " * 25_000)
    reading = Reading("text:1", "Storm", blocks=(endless, endless))
    told = [one for stretch in Pool(reading).paragraphs for one in stretch.sentences]
    assert SENTENCES <= len(told) <= SENTENCES + LOOKED_INTO


def test_a_sentence_longer_than_what_is_looked_into_is_no_candidate() -> None:
    endless = "Harbour workers counted boats, " * 100 + "they said. "
    blocks = Block(Kind.PARAGRAPH, endless + STORY), Block(Kind.PARAGRAPH, LAST)
    reading = Reading("text:1", "Storm", standfirst=endless, blocks=blocks)
    written = candidates(reading, len, 5000, NOW)
    assert {one.text for one in written.candidates} <= {"Storm", LAST.strip()}


def _slow(kind: str) -> dict[str, str]:
    """In a process of its own: a fork of this one would take its threads along."""
    command = [sys.executable, "-m", "tests.growing", kind]
    done = subprocess.run(command, cwd=growing.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    slow: dict[str, str] = json.loads(done.stdout)
    return slow
