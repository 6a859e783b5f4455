from __future__ import annotations

import pytest

from desk.writing.quotes import full_name, spoken
from desk.writing.sentences import split


def speakers(paragraph: str, language: str = "en") -> list[str]:
    return [q.speaker for q in spoken(split(paragraph, language), language)]


def texts(paragraph: str) -> list[str]:
    return [sentence.text for sentence in split(paragraph, "en")]


@pytest.mark.parametrize(
    ("language", "paragraph", "speaker"),
    [
        ("en", "“I want to give them that thrill,” Cruise says in the clip.", "Cruise"),
        (
            "en",
            "“It was for real,” adds stunt coordinator Wade Eastwood.",
            "Wade Eastwood",
        ),
        (
            "en",
            "Ann Lee, head of Oxford Properties, said: “We are done here.”",
            "Ann Lee",
        ),
        ("en", "In London, Ann Lee told the BBC “it is over for us”.", "Ann Lee"),
        (
            "en",
            "“We are done here,” said the mayor of Paris, Anne Hidalgo.",
            "Anne Hidalgo",
        ),
        ("de", "„Wir sind am Ende“, sagte Almut Behrens.", "Almut Behrens"),
        ("de", "Almut Behrens: „Wir sind hier am Ende.“", "Almut Behrens"),
        (
            "fr",
            "« Nous avons tout gardé », explique l’architecte Paul Sorel.",
            "Paul Sorel",
        ),
        ("es", "«Nadie sabe qué hacer», afirmó Inés Caldera.", "Inés Caldera"),
        ("ru", "«Мы строили его долго», — сказала Алина Сафина.", "Алина Сафина"),
        (
            "ja",
            "岡田真理さんは「ほかの方法はすべて検討した」と話した。",
            "岡田真理さん",
        ),
        ("zh", "王丽说：“我们考虑过所有其他办法。”", "王丽"),
        ("ar", "قالت سلمى حسان: «نريد أن يجد الطلاب مكانا».", "سلمى حسان"),
        ("he", '"אנחנו רוצים מקום שקט ללמוד", אמרה נועה ברק.', "נועה ברק"),
    ],
)
def test_the_speaker_is_found_before_and_behind_the_quote(
    language: str, paragraph: str, speaker: str
) -> None:
    found = speakers(paragraph, language)

    assert len(found) == 1
    assert found[0].endswith(speaker)


@pytest.mark.parametrize(
    ("language", "paragraph"),
    [
        ("en", "“It’s a disaster for my shop,” he said."),
        ("en", "“We are surely done here,” a Treasury official said."),
        ("en", "“We are surely done here,” said a spokesman for Acme Ltd."),
        ("de", "„Wir sind am Ende“, sagte er am Montag."),
        ("fr", "« Nous avons tout gardé », a-t-il expliqué."),
    ],
)
def test_a_pronoun_or_somebody_is_no_name(language: str, paragraph: str) -> None:
    assert speakers(paragraph, language) == [""]


def test_a_pronoun_is_who_the_sentence_before_is_about() -> None:
    paragraph = (
        "Captain Ruth Okonedo saw the sheep at 6:40 a.m. from the deck. “They did not "
        "want to come,” she said. “Sheep never do.”"
    )

    with_captain, alone = spoken(split(paragraph, "en"), "en")

    assert with_captain.speaker == "Captain Ruth Okonedo"
    assert [s.text for s in with_captain.sentences] == texts(paragraph)
    assert with_captain.saying.text == "“They did not want to come,” she said."
    assert alone.speaker == ""


def test_a_pronoun_stays_without_name_where_two_people_are_near() -> None:
    paragraph = "Ruth Okonedo met Elias Brandt on deck. “They did not come,” she said."

    assert speakers(paragraph) == [""]


def test_words_that_nobody_says_are_no_quote() -> None:
    assert speakers("The so-called “big red dog house” stands in Ohio.") == []


def test_the_quote_goes_on_until_somebody_else_speaks() -> None:
    paragraph = "“We tried,” Ann Lee said. “We failed. Twice.” Then it rained."
    paragraph = paragraph.replace("We tried", "We tried it all")

    (quote,) = spoken(split(paragraph, "en"), "en")

    assert [s.text for s in quote.sentences] == [
        "“We tried it all,” Ann Lee said.",
        "“We failed. Twice.”",
    ]


def test_a_surname_is_not_full_where_the_article_has_the_first_name() -> None:
    article = "Tom Cruise drives. Cruise says so."

    assert not full_name("Cruise", article)
    assert full_name("Tom Cruise", article)
    assert full_name("Madonna", "Madonna sings.")
