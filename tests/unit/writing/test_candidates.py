from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.reading.article import Reading
from desk.reading.text import read_text
from desk.writing import Written, candidates
from tests.unit.writing import articles
from tests.unit.writing.articles import article
from tests.unit.writing.checker import faults, twins

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PASTED = Path(__file__).parents[2] / "articles"
LIMITS = (60, 140, 260, 477)
WHEEL = (
    "“Tom had to drive one-handed, cuffed… for real,” adds stunt coordinator Wade "
    "Eastwood. “No cheating it.”"
)


def write(reading: Reading, limit: int = 477) -> Written:
    return candidates(reading, len, limit, NOON)


def texts(reading: Reading, limit: int = 477) -> dict[str, str]:
    return {str(c.kind): c.text for c in reversed(write(reading, limit).candidates)}


def checked(reading: Reading, limit: int) -> list[str]:
    written = write(reading, limit)
    found = twins(written.candidates)
    for candidate in written.candidates:
        found += faults(candidate, reading, len, limit)
    return found


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("reading", articles.ALL, ids=lambda reading: reading.language)
def test_every_candidate_passes_every_gate(reading: Reading, limit: int) -> None:
    assert checked(reading, limit) == []


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("path", sorted(PASTED.glob("*.txt")), ids=lambda p: p.stem)
def test_a_pasted_article_passes_every_gate(path: Path, limit: int) -> None:
    reading = read_text(path.read_text(), NOON)

    assert checked(reading, limit) == []
    assert write(reading, 477).candidates


@pytest.mark.parametrize("reading", articles.ALL, ids=lambda reading: reading.language)
def test_every_language_gets_a_lead_and_a_headline(reading: Reading) -> None:
    assert {"lead", "headline"} <= texts(reading).keys()


@pytest.mark.parametrize(
    ("reading", "quote"),
    [
        (
            articles.ENGLISH,
            "“We looked at every other way. There is none,” said city engineer Maria "
            "Okafor. “A crack like this doesn’t wait.”",
        ),
        (
            articles.GERMAN,
            "„Wir haben uns bei den Brücken verrechnet“, sagte Verkehrsstadträtin "
            "Almut Behrens. „Das ist ärgerlich.“",
        ),
        (
            articles.FRENCH,
            "« Nous avons gardé les vieilles étagères, et tout le reste est neuf », "
            "explique l’architecte Paul Sorel. « Même l’escalier. »",
        ),
        (
            articles.RUSSIAN,
            "«Мы строили его четыре года», — сказала архитектор Алина Сафина. «И не "
            "зря».",
        ),
        (articles.ARABIC, articles.ARABIC.paragraphs[1]),
        (articles.HEBREW, articles.HEBREW.paragraphs[1]),
        (articles.JAPANESE, articles.JAPANESE.paragraphs[1]),
        (articles.CHINESE, articles.CHINESE.paragraphs[1]),
        (articles.HINDI, articles.HINDI.paragraphs[1]),
    ],
    ids=lambda value: value.language if isinstance(value, Reading) else "",
)
def test_a_quote_is_whole_and_has_its_own_speaker(reading: Reading, quote: str) -> None:
    assert texts(reading)["quote"] == quote


def test_the_opening_that_only_sets_the_scene_is_passed_over() -> None:
    assert texts(articles.ENGLISH)["lead"].startswith("Engineers found")


def test_the_dek_comes_first_and_the_headline_after_the_quote() -> None:
    kinds = [c.kind for c in write(articles.ENGLISH).candidates]

    assert kinds == ["dek", "lead", "quote", "headline", "number", "question"]


def test_a_lead_that_says_what_the_dek_says_is_left_out() -> None:
    told = article(
        "Harbour bridge closes",
        "Engineers of the city found a long crack in the bridge at Port Ellery today.",
        standfirst="Engineers found a long crack in the bridge at Port Ellery.",
    )

    assert "lead" not in texts(told)
    assert "lead (it says the same as the standfirst)" in write(told).not_offered


def test_fewer_candidates_come_with_the_reason() -> None:
    plain = article("Rain in Ellery", "It rained in Port Ellery on Monday morning.")

    why = write(plain).not_offered

    assert "quote (there is no quote with a named speaker)" in why
    assert "lead (it starts with “It”, which leans on what came before)" in why


def test_the_only_whole_sentence_is_taken_however_general() -> None:
    only = article(
        "Ellery’s harbour bridge shut " * 9,
        "People look forward to a quiet winter by the sea.",
    )

    assert texts(only, 60) == {
        "lead": "People look forward to a quiet winter by the sea."
    }


def test_nothing_is_offered_where_nothing_fits() -> None:
    written = write(articles.ENGLISH, 20)

    assert written.candidates == ()
    assert "too long for the channel" in written.not_offered


def test_a_word_such_as_today_is_told() -> None:
    told = article(
        "Harbour bridge closes",
        "The city of Port Ellery closes its harbour bridge today.",
    )

    assert (
        "The lead says “today”: check that it is still true when the post goes live."
        in write(told).notes
    )


def test_a_date_that_has_passed_is_told_and_comes_last() -> None:
    stale = "The harbour bridge in Port Ellery closes for repair on July 12th, 2023."
    fresh = "A drone of the city found the crack in the harbour bridge on Monday."
    told = article(
        "Harbour bridge in Port Ellery has a crack", stale, published_at=None
    )
    both = replace(told, blocks=(*told.blocks, replace(told.blocks[0], text=fresh)))

    assert "The lead names 12 July 2023, which has passed." in write(told).notes
    assert texts(both)["lead"] == fresh


def test_the_platforms_own_counter_decides() -> None:
    def with_link(text: str) -> int:
        return len(text) + 24

    quote = texts(articles.ENGLISH)["quote"]
    written = candidates(articles.ENGLISH, with_link, len(quote), NOON)

    assert quote not in [c.text for c in written.candidates]
    assert all(with_link(c.text) <= len(quote) for c in written.candidates)


@pytest.fixture
def stunt(samples: Path) -> Reading:
    return read_text((samples / "articles" / "powernation.txt").read_text(), NOON)


@pytest.mark.samples
@pytest.mark.parametrize("limit", LIMITS)
def test_the_sample_passes_every_gate(stunt: Reading, limit: int) -> None:
    assert checked(stunt, limit) == []
    assert not any(
        c.text.startswith("The new Mission Impossible film is here")
        for c in write(stunt, limit).candidates
    )


@pytest.mark.samples
def test_the_sample_leads_with_the_stunt(stunt: Reading) -> None:
    first = write(stunt).candidates[0]

    assert first.kind == "lead"
    assert first.text.startswith("In a special behind-the-scenes look at Mission")
    assert first.text.endswith("handcuffed to his co-star Haley Atwell.")
    assert texts(stunt)["quote"] == WHEEL
