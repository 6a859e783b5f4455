from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.writing.sentences import split


def texts(paragraph: str, language: str = "en") -> list[str]:
    return [sentence.text for sentence in split(paragraph, language)]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            [
                "Dr. J. K. Smith paid $1.5 million.",
                "He left the U.S. at 5 p.m. on foot.",
            ],
        ),
        ("en", ["“The car is possessed! It has amazing results.”", "They laughed."]),
        ("en", ["Tom had to… drive.", "“Really?” Cruise asked.", "Yes!"]),
        ("en", ["He said: ‘The drivers’ cars are fast. Very.’", "Then he left."]),
        ("en", ["The film (it opens soon. In May.) is long.", "It is fun."]),
        ("de", ["„Wir kommen“, sagte er.", "Am 3. Mai ist z. B. Schluss.", "„Nein!“"]),
        ("de", ["»Wir kommen«, sagte sie.", "Es kostet 12,4 Mio. Euro."]),
        ("fr", ["« Quoi ? » demande-t-il.", "« Non ! »", "M. Dupont part."]),
        ("es", ["«¿Quién va?», pregunta.", "¡Nadie!", "Va el Sr. Ruiz."]),
        ("ru", ["«Нет», — сказал И. О. Петров.", "Это стоит 5 млн руб. в год."]),
        ("ar", ["انتهى الأمر.", "هل هذا صحيح؟", "نعم."]),
        ("he", ['צה"ל תקף בלילה.', '"לא נוותר", אמר השר.']),
        ("hi", ["यह है।", "वह नहीं।"]),
    ],
)
def test_a_paragraph_is_split_at_its_sentences(
    language: str, sentences: list[str]
) -> None:
    assert texts(" ".join(sentences), language) == sentences


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("ja", ["彼は「痛い。行こう。」と言った。", "次の日、晴れた！", "そうだ。"]),
        ("zh", ["他说：“走吧。”", "我们走了吗？", "走了。"]),
    ],
)
def test_a_script_without_spaces_is_split_too(
    language: str, sentences: list[str]
) -> None:
    assert texts("".join(sentences), language) == sentences


def test_a_quote_of_several_sentences_stays_in_one_piece() -> None:
    paragraph = (
        "“We built it,” says director Ann Lee. “Some say it’s possessed! I don’t. "
        "It has results.” Nobody knows."
    )

    assert texts(paragraph) == [
        "“We built it,” says director Ann Lee.",
        "“Some say it’s possessed! I don’t. It has results.”",
        "Nobody knows.",
    ]


def test_what_stops_without_an_end_mark_is_not_whole() -> None:
    assert [s.whole for s in split("It rains. And it", "en")] == [True, False]


def test_a_quote_mark_without_a_partner_blocks_nothing() -> None:
    assert texts("“It rains. It pours.") == ["“It rains.", "It pours."]


@given(st.text(alphabet="aB9 .!?…“”\"'’„«»()。।\n", max_size=80))
def test_every_sentence_is_the_paragraphs_own_letters(paragraph: str) -> None:
    found = split(paragraph, "en")

    assert all(paragraph[s.start : s.end] == s.text for s in found)
    assert "".join("".join(s.text for s in found).split()) == "".join(paragraph.split())
    assert all(one.end <= two.start for one, two in pairwise(found))
