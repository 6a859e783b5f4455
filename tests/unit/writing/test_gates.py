from __future__ import annotations

from dataclasses import replace

import pytest

from desk.reading.article import Reading
from desk.writing import gates
from desk.writing.candidate import Angle
from desk.writing.dangling_starts import leaning
from desk.writing.gates import GATES, Gate, Text, problems
from desk.writing.pool import Pool
from tests.unit.writing.articles import ENGLISH, GERMAN, article

GOOD = (
    "Engineers found a 14-centimetre crack in the harbour bridge at Port Ellery, and "
    "the city will close it for nine weeks from Monday."
)
REFUSED = [
    (gates.fits, GOOD + " " + GOOD * 3),
    (gates.whole_sentences, "The city plans a free ferry every 20"),
    (gates.whole_sentences, "city will close it for nine weeks from Monday."),
    (gates.whole_sentences, "and the city will close it for nine weeks from Monday."),
    (gates.whole_sentences, "The city plans a free ferry…"),
    (gates.whole_sentences, "The city plans a ferry.The island waits for it."),
    (gates.balanced, "“We looked at every other way."),
    (gates.story, "Read more about the bridge here."),
    (gates.story, "The harbour bridge at Port Ellery seen from the island."),
    (gates.story, "Photo: Jo Park/Agency."),
    (gates.stands_alone, "She added that 31,400 cars cross the bridge each day."),
    (gates.stands_alone, "But quiet is not what commuters will get."),
    (gates.stands_alone, "All of this, while 31,400 cars cross the bridge."),
    (gates.stands_alone, "2. The bridge."),
    (
        gates.not_the_headline,
        "Harbour bridge closes for nine weeks after crack is found.",
    ),
    (gates.not_the_headline, "The harbour bridge closes after a crack."),
    (gates.numbers_are_the_articles, "Engineers found a 15-centimetre crack."),
    (gates.names_are_the_articles, "The city asked Joe Biden about the bridge."),
    (
        gates.quotes_are_the_articles,
        "“There is some way,” said city engineer Maria Okafor.",
    ),
    (gates.quotes_have_their_speaker, "“A crack like this doesn’t wait.”"),
    (gates.quotes_have_their_speaker, "“It’s a disaster for my shop,” he said."),
    (
        gates.quotes_have_their_speaker,
        "“We looked at every other way. There is none,” said Port Ellery.",
    ),
]


def held_against(text: str, kind: Angle = Angle.LEAD, limit: int = 300) -> Text:
    return Text(text, kind, Pool(ENGLISH), len, limit)


@pytest.mark.parametrize(("gate", "text"), REFUSED)
def test_the_gate_says_in_a_sentence_what_is_wrong(gate: Gate, text: str) -> None:
    said = gate(held_against(text))

    assert said is not None
    assert said.endswith(".")
    assert said in problems(held_against(text))


@pytest.mark.parametrize("gate", GATES)
def test_a_good_sentence_passes_the_gate(gate: Gate) -> None:
    assert gate(held_against(GOOD)) is None


@pytest.mark.parametrize("gate", GATES)
def test_each_gate_was_seen_refusing(gate: Gate) -> None:
    assert gate in {seen for seen, _ in REFUSED}


def test_a_headline_and_a_dek_may_do_without_the_point() -> None:
    assert problems(held_against(ENGLISH.headline, Angle.HEADLINE)) == []
    assert problems(held_against(ENGLISH.standfirst, Angle.DEK)) == []


@pytest.mark.parametrize(
    "standfirst",
    [
        "Engineers found a 14-centimetre crack in the harbour",
        "Engineers found a 14-centimetre crack in the harbour...",
        "A ferry will carry islanders. According to.",
        "ngineers found a crack that nobody expected.",
    ],
)
def test_a_dek_that_a_machine_cut_is_refused(standfirst: str) -> None:
    cut = article(
        "Bridge closes for nine weeks",
        GOOD,
        "According to the city, repairs take a year.",
        standfirst=standfirst,
    )

    assert (
        gates.whole_sentences(Text(standfirst, Angle.DEK, Pool(cut), len, 300))
        is not None
    )


@pytest.mark.parametrize(
    "written", ["1,234", "1.234", "1 234", "1234", "1’234", "١٬٢٣٤"]
)
def test_thousands_may_be_set_apart_in_any_way(written: str) -> None:
    told = article("Bridge closes", "The repair costs 1,234 euros in all.")
    text = f"The repair costs {written} euros in all."

    found = gates.numbers_are_the_articles(Text(text, Angle.LEAD, Pool(told), len, 99))

    assert found is None


def test_quote_marks_may_have_any_shape_and_words_may_not_change() -> None:
    straight = '"We looked at every other way. There is none," said Maria Okafor.'

    assert gates.quotes_are_the_articles(held_against(straight)) is None
    assert gates.quotes_are_the_articles(held_against(straight.replace("none", "no")))


def test_a_possessive_is_the_same_name() -> None:
    text = "They asked about Maria Okafor’s way."

    assert gates.names_are_the_articles(held_against(text)) is None


def test_german_nouns_are_not_taken_for_names() -> None:
    text = Text("Ein Fahrrad fährt am Ufer.", Angle.LEAD, Pool(GERMAN), len, 99)

    assert gates.names_are_the_articles(text) is None


def test_a_sentences_first_word_is_no_speaker_unless_it_is_a_name() -> None:
    said = "Lawyers said: “The court should never have used this evidence.”"
    told = article("Court frees three judges", said)
    known = article("Court frees three judges", said, "They met the Lawyers twice.")

    def found(reading: Reading) -> str | None:
        text = Text(said, Angle.QUOTE, Pool(reading), len, 200)
        return gates.quotes_have_their_speaker(text)

    assert found(told) == "It quotes somebody without a name."
    assert found(known) is None


@pytest.mark.parametrize(
    ("sentence", "leans"),
    [
        ("Die rückte am Vormittag mit hundert Kräften an.", "Die"),
        ("Das kostete die Stadt zwei Millionen Euro.", "Das"),
        ("Die geplante Brücke kostet zwei Millionen Euro.", ""),
        ("Die seit dem Sommer gesperrte Brücke öffnet.", ""),
        ("Die mit dem Fall befasste Richterin schweigt.", ""),
    ],
)
def test_a_german_article_without_its_noun_leans(sentence: str, leans: str) -> None:
    assert leaning(sentence, "de") == leans


@pytest.mark.parametrize(
    ("said", "unnamed"),
    [
        (
            "„Wir sehen das anders als die Stadt“, sagte der 35 Jahre alte Maat.",
            True,
        ),
        ("„Wir sehen das anders als die Stadt“, erklärt der Chef.", True),
        ("„Wir sehen das anders als die Stadt“, sagt Behrens.", False),
        ("„Wir sehen das anders als die Stadt“, sagt Kapitän Behrens.", False),
        ("„Wir sehen das anders als die Stadt“, erklärte das Gericht.", False),
    ],
)
def test_a_noun_is_no_speakers_name(said: str, unnamed: bool) -> None:
    told = replace(article("Brücke bleibt zu", said), language="de")

    found = gates.quotes_have_their_speaker(
        Text(said, Angle.QUOTE, Pool(told), len, 200)
    )

    assert (found is not None) == unnamed


def test_words_that_begin_a_text_need_whoever_said_them() -> None:
    said = (
        "“El karma es algo maravilloso”, espetó el ingeniero a Verstappen, en Qatar, "
        "incontestable ganador tras liderar las 57 vueltas del gran premio de Qatar."
    )
    told = replace(article("Verstappen gana en Qatar", said), language="es")

    found = gates.quotes_have_their_speaker(
        Text(said, Angle.LEAD, Pool(told), len, 400)
    )

    assert found == "It quotes somebody without a name."


def test_a_common_acronym_is_no_speakers_name() -> None:
    said = "“Estamos desconsolados por la muerte de dos colegas”, explica la ONG."
    told = replace(article("Mueren dos sanitarios", said), language="es")

    found = gates.quotes_have_their_speaker(
        Text(said, Angle.QUOTE, Pool(told), len, 400)
    )

    assert found == "It quotes somebody without a name."


def test_a_surname_first_is_a_speaker_in_another_case_of_it() -> None:
    said = "Иванов сказал: «Мост больше никогда не закроют на ремонт»."
    told = article("Мост открыт", said, "Мэрия спорила с Ивановым два года.")

    text = Text(said, Angle.QUOTE, Pool(replace(told, language="ru")), len, 200)

    assert gates.quotes_have_their_speaker(text) is None
