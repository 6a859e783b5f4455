"""Every candidate of every page, for every connector, by a checker of its own."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.base import Card, Connector, Message
from desk.reading.article import Block, Kind, Reading
from desk.reading.text import read_text
from desk.writing import Angle, Candidate, Written, candidates
from tests import readings
from tests.readings import NOW
from tests.unit.writing.checker import faults, twins

COUNTERS = readings.counters()
each_connector = pytest.mark.parametrize("platform", sorted(COUNTERS))
GENERIC = "The new Mission Impossible film is here"


def over(connector: Connector, reading: Reading, text: str) -> int:
    """By how much a post of this article with this text is too long."""
    card = None if reading.image_url else Card(reading.headline, reading.standfirst)
    return connector.over(Message(text, reading.link, card=card))


def written(connector: Connector, reading: Reading) -> Written:
    return candidates(reading, lambda text: over(connector, reading, text), 0, NOW)


def against(connector: Connector, reading: Reading) -> list[str]:
    """All that is wrong with what an editor would be offered."""
    made = written(connector, reading).candidates
    found = ["no candidate"] if not made else twins(made)
    for one in made:
        found += faults(one, reading, lambda text: over(connector, reading, text), 0)
    return found


def all_against(told: Iterable[tuple[str, Reading]]) -> list[str]:
    return [
        f"{name} on {platform}: {fault}"
        for name, reading in told
        for platform, connector in COUNTERS.items()
        for fault in against(connector, reading)
    ]


def test_our_own_articles_pass_on_every_connector() -> None:
    told = list(readings.own())

    assert all_against(told) == []
    languages = Counter(reading.language[:2] for _, reading in told)
    assert {"de", "fr", "es", "ru", "ar", "he", "ja", "zh", "hi", "en"} <= set(
        languages
    )


@pytest.mark.samples
@pytest.mark.timeout(240)
def test_the_sample_pages_pass_on_every_connector(samples: Path) -> None:
    assert all_against(readings.of_samples(samples)) == []


@pytest.mark.samples
@each_connector
def test_the_pasted_sample_on_each_connector(samples: Path, platform: str) -> None:
    pasted = (samples / "articles" / "powernation.txt").read_text()
    reading = read_text(pasted, NOW)

    made = written(COUNTERS[platform], reading).candidates

    texts = {one.kind: one.text for one in reversed(made)}  # the first of its kind
    assert any("one-handed" in text and "Tom" in text for text in texts.values())
    assert "Drifting One-Handed" in texts[Angle.HEADLINE]
    assert texts[Angle.QUOTE] == (
        "“Tom had to drive one-handed, cuffed… for real,” adds stunt coordinator Wade "
        "Eastwood. “No cheating it.”"
    )
    assert not any(one.text.startswith(GENERIC) for one in made)
    assert any("July 12th, 2023" in warning for warning in reading.warnings)


LETTERS = st.sampled_from(
    [
        *(
            "rain",
            "Saltmere",
            "3.50",
            "“so it is”",
            "it’s",
            "(or not)",
            "e\u0301te\u0301",
        ),
        *("नमस्ते", "क्षत्रिय", "東京", "العربية", "שלום", "ไทยนี้", "\U0001f1e9\U0001f1ea"),
        *("\U0001f469\u200d\U0001f469\u200d\U0001f467", "https://a.example/b", "#Tag"),
    ]
)
SENTENCES = st.builds(
    lambda words, end: f"The {' '.join(words)}{end}",
    st.lists(LETTERS, min_size=1, max_size=30),
    st.sampled_from([".", "!", "?", "。", "।", "؟"]),
)
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join)
ANY = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=400)


def told(headline: str, paragraphs: list[str]) -> Reading:
    blocks = tuple(Block(Kind.PARAGRAPH, text) for text in paragraphs)
    return Reading(identity="any", headline=headline, blocks=blocks)


def broken(one: Candidate, reading: Reading) -> bool:
    """Whether it starts or ends inside a letter that takes several characters."""
    for home in (reading.headline, *(block.text for block in reading.blocks)):
        letters = {found.start() for found in regex.finditer(r"\X", home)} | {len(home)}
        at = home.find(one.text)
        if at >= 0 and {at, at + len(one.text)} <= letters:
            return False
    return True


@pytest.mark.parametrize("platform", sorted(COUNTERS))
@settings(max_examples=60)
@given(
    headline=SENTENCES,
    paragraphs=st.lists(PARAGRAPHS | ANY, min_size=1, max_size=4),
    limit=st.integers(1, 400),
)
def test_any_article_in_any_script(
    platform: str, headline: str, paragraphs: list[str], limit: int
) -> None:
    kind = type(COUNTERS[platform])
    limits = replace(kind.default_limits, text=limit)
    connector = kind(COUNTERS[platform].credentials, limits)
    reading = told(headline, paragraphs)

    made = written(connector, reading).candidates

    ends = string.punctuation + "。।؟…”’»)"
    for one in made:
        assert connector.length(Message(one.text)) <= limit
        assert not broken(one, reading)
        whole = one.kind is Angle.HEADLINE or one.text[-1] in ends
        assert whole or not one.text[-1].isalnum()
