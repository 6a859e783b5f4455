from __future__ import annotations

from datetime import date

import pytest

from desk.writing.timeliness import dates, past_date, time_word


@pytest.mark.parametrize(
    "text",
    [
        "It arrives July 12th, 2023.",
        "It arrives on 12 July 2023.",
        "Es kommt am 12. Juli 2023.",
        "Il arrive le 12 juillet 2023.",
        "Llega el 12 de julio de 2023.",
        "Он выйдет 12 июля 2023 года.",
        "2023年7月12日に公開。",
        "On 2023-07-12 it starts.",
    ],
)
def test_a_date_in_full_is_read(text: str) -> None:
    assert dates(text) == [date(2023, 7, 12)]


def test_a_day_that_does_not_exist_is_no_date() -> None:
    assert dates("On 31 February 2023 it rained.") == []


def test_a_date_that_passed_since_the_article_was_told_is_stale() -> None:
    text, today = "It arrives July 12th, 2023.", date(2026, 11, 22)

    assert past_date(text, today) == date(2023, 7, 12)
    assert past_date(text, today, told=date(2023, 5, 1)) == date(2023, 7, 12)
    assert past_date(text, today, told=date(2024, 1, 1)) is None
    assert past_date(text, date(2023, 7, 12)) is None


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("en", "The bridge closes today.", "today"),
        ("de", "Die Brücke schließt heute.", "heute"),
        ("de", "Am Morgen schließt die Brücke.", ""),
        ("fr", "Le pont ferme aujourd’hui.", "aujourd'hui"),
        ("ja", "橋は今日閉まる。", "今日"),
        ("en", "The bridge closes on Monday.", ""),
        ("en", "The lodge officially reopened this week.", "this week"),
        ("it", "La scorsa settimana il ponte ha chiuso.", "La scorsa settimana"),
        ("ja", "橋は来週閉まる。", "来週"),
    ],
)
def test_a_word_that_is_true_on_one_day_only_is_told(
    language: str, text: str, word: str
) -> None:
    assert time_word(text, language) == word
