"""Pasted text: every line in its place, nothing invented, nothing mended."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.reading.article import Reading, Unreadable
from desk.reading.text import read_text

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STORY = (
    "The council of Marrow Bay voted on Monday to repair the old pier before the "
    "winter storms arrive. Work takes six weeks."
)
MORE = (
    "“We asked for a light and got a concert hall,” says councillor Marit Ekholm. "
    "“I can live with both.”"
)


def paste(*lines: str, headline: str = "Town Repairs Its Pier") -> Reading:
    return read_text("\n\n".join((headline, *lines)), NOW)


def warned(reading: Reading, words: str) -> bool:
    return any(words in warning for warning in reading.warnings)


def test_takes_the_first_line_as_the_headline() -> None:
    assert paste(STORY).headline == "Town Repairs Its Pier"


def test_leaves_a_repeated_headline_out_of_the_story() -> None:
    assert paste("Town Repairs Its Pier", STORY).paragraphs == (STORY,)


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("The pier at dawn. Image via Twitter", "The pier at dawn.", "Twitter"),
        ("The pier. Photo: Jane Doe / AP", "The pier.", "Jane Doe / AP"),
        ("Die Mole am Morgen Foto: Max M./dpa", "Die Mole am Morgen", "Max M./dpa"),
        ("La jetée. (Photo : Élise G / AFP)", "La jetée.", "Élise G / AFP"),
        ("El muelle. Foto: EFE/Ana Ruiz", "El muelle.", "EFE/Ana Ruiz"),
        ("Il molo (foto di Marco Rossi)", "Il molo", "Marco Rossi"),
        ("The pier. Photo by Jane Doe.", "The pier.", "Jane Doe"),
        ("The pier. Credit: Jane Doe", "The pier.", "Jane Doe"),
        (
            "The pier at dawn. (AP Photo/Jane Doe)",
            "The pier at dawn.",
            "AP Photo/Jane Doe",
        ),
        ("The pier at dawn. © Anna Keller", "The pier at dawn.", "Anna Keller"),
        ("The pier. Courtesy of NASA", "The pier.", "NASA"),
        ("Пирс. Фото: Иван Петров / ТАСС", "Пирс.", "Иван Петров / ТАСС"),
        ("朝の桟橋。写真：山田太郎", "朝の桟橋。", "山田太郎"),
        ("رصيف الميناء. تصوير: أحمد علي", "رصيف الميناء.", "أحمد علي"),
        ("The pier. Jane Doe/Getty Images", "The pier.", "Jane Doe/Getty Images"),
    ],
)
def test_takes_caption_and_credit_out_of_the_story(
    line: str, caption: str, credit: str
) -> None:
    reading = paste(line, STORY)

    assert (reading.caption, reading.credit) == (caption, credit)
    assert reading.paragraphs == (STORY,)


@pytest.mark.parametrize(
    "line",
    [
        "He shared the image via Twitter, and by noon the whole town had seen it.",
        "She posted one photo: her cat asleep on the new pier.",
        "The report cites a source: nobody has looked under the pier since 1988.",
        "The budget was cut by a third, he said. (Reuters)",
    ],
)
def test_leaves_sentences_about_pictures_in_the_story(line: str) -> None:
    reading = paste(STORY, line)

    assert reading.paragraphs == (STORY, line)
    assert reading.credit == ""


@pytest.mark.parametrize("first_is_curly", [True, False])
def test_keeps_a_doubled_caption_once_with_its_curly_quotes(
    first_is_curly: bool,
) -> None:
    straight = 'Marit Ekholm at the "Old Pier - East." Image via Harbour Club'
    curly = "Marit Ekholm at the “Old Pier – East.” Image via Harbour Club"
    pair = (curly, straight) if first_is_curly else (straight, curly)

    reading = paste("\n".join(pair), STORY)

    assert reading.caption == "Marit Ekholm at the “Old Pier – East.”"
    assert reading.credit == "Harbour Club"
    assert reading.paragraphs == (STORY,)


def test_knows_a_caption_without_a_credit_when_it_stands_twice() -> None:
    line = "Marit Ekholm at the old pier"

    reading = paste(f"{line}\n{line}", STORY)

    assert reading.caption == line
    assert reading.paragraphs == (STORY,)
    assert warned(reading, "names no source")


def test_takes_the_caption_above_a_credit_on_a_line_of_its_own() -> None:
    reading = paste("Marit Ekholm at the old pier\nPhoto: Jane Doe / AP", STORY)

    assert (reading.caption, reading.credit) == (
        "Marit Ekholm at the old pier",
        "Jane Doe / AP",
    )


@pytest.mark.parametrize(
    "credit", ["Image via Twitter", "Photo: X", "Foto: Instagram", "Photo via Facebook"]
)
def test_warns_when_the_rights_are_unclear(credit: str) -> None:
    assert warned(paste(f"The pier. {credit}", STORY), "rights are unclear")


def test_does_not_warn_when_the_owner_is_named() -> None:
    assert not warned(paste("The pier. Photo: Jane Doe / AP", STORY), "rights")


def test_asks_for_an_image_and_invents_none() -> None:
    reading = paste(STORY)

    assert reading.image_url is None
    assert warned(reading, "without an image")


@pytest.mark.parametrize(
    "line", ["Who Pays for the Pier?", "The Town Wants Its Light Back", "Wer zahlt?"]
)
def test_keeps_subheadings_as_subheadings(line: str) -> None:
    reading = paste(STORY, line, MORE)

    assert reading.subheadings == (line,)
    assert reading.paragraphs == (STORY, MORE)


@pytest.mark.parametrize(
    "line",
    ["“No cheating it.”", "He laughed.", "- one lamp, 86,000 crowns", "Why? Because."],
)
def test_keeps_short_paragraphs_as_paragraphs(line: str) -> None:
    assert paste(STORY, line, MORE).paragraphs == (STORY, line, MORE)


def test_keeps_quotes_to_the_letter() -> None:
    quote = "“The key is…  don’t crash,” she says. ‘So’ — they “didn't”."

    assert paste(STORY, quote).paragraphs[1] == quote


@pytest.mark.parametrize(
    "line",
    [
        "Read More from PowerNation",
        "Sign up for our newsletter",
        "Related: The Pier That Nobody Wanted",
        "Subscribe to The Courier",
        "Follow us on Instagram",
        "Lesen Sie auch: Die alte Mole",
        "À lire aussi : La jetée",
        "Lee también: El muelle",
        "Leggi anche: Il molo",
        "Advertisement",
        "5 min read",
        "© 2026 The Courier. All rights reserved.",
        "Читайте также: Пирс",
        "関連記事：桟橋",
    ],
)
def test_drops_boilerplate(line: str) -> None:
    reading = paste(STORY, line, MORE)

    assert [block.text for block in reading.blocks] == [STORY, MORE]
    assert reading.said["left out"]["text"] == line


@pytest.mark.parametrize(
    "line",
    [
        "Subscribers to the harbour fund paid for half of the pier last year.",
        "Copyright law does not cover a lamp, the court in Marrow Bay ruled.",
        "Les mères de famille demandent une barrière sur la jetée.",
        "More on this pier was written in 1911 than in all the years since then.",
    ],
)
def test_drops_no_sentence_that_begins_like_boilerplate(line: str) -> None:
    assert paste(STORY, line).paragraphs == (STORY, line)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Jane Doe", ("Jane Doe",)),
        ("By JANE DOE and JOHN ROE", ("JANE DOE", "JOHN ROE")),
        ("By Jane Doe, Staff Writer", ("Jane Doe",)),
        ("By Jane Doe | November 20, 2026", ("Jane Doe",)),
        ("Von Anna Keller, Berlin", ("Anna Keller",)),
        ("Par Jeanne Martin et Luc Petit", ("Jeanne Martin", "Luc Petit")),
        ("Por María de la Cruz", ("María de la Cruz",)),
        ("Автор: Иван Петров", ("Иван Петров",)),
        ("文・写真 山田太郎", ("山田太郎",)),
    ],
)
def test_takes_the_byline_out_as_authors(line: str, names: tuple[str, ...]) -> None:
    reading = paste(line, STORY)

    assert reading.authors == names
    assert reading.paragraphs == (STORY,)


@pytest.mark.parametrize(
    "line",
    [
        "By Monday the storm had passed.",
        "Von Berlin nach Rom und zurück.",
        "By design.",
    ],
)
def test_takes_no_sentence_for_a_byline(line: str) -> None:
    reading = paste(line, STORY)

    assert reading.authors == ()
    assert line in reading.paragraphs


@pytest.mark.parametrize(
    "dateline",
    ["ROME (AP) — ", "Berlin (dpa) - ", "PARIS, Nov 20 (Reuters) - ", "LONDON — "],
)
def test_drops_the_dateline(dateline: str) -> None:
    assert paste(dateline + STORY).paragraphs == (STORY,)


@pytest.mark.parametrize(
    "opening", ["NASA — the agency — says so.", "Merz (CDU) - he again - says so."]
)
def test_takes_no_dash_for_a_dateline(opening: str) -> None:
    assert paste(opening, STORY).paragraphs[0] == opening


def test_takes_the_line_between_headline_and_byline_as_the_standfirst() -> None:
    reading = paste("The pier has stood since 1911.", "By Jane Doe", STORY)

    assert reading.standfirst == "The pier has stood since 1911."
    assert reading.paragraphs == (STORY,)


def test_reads_a_line_that_is_only_a_date_as_the_day_it_was_published() -> None:
    reading = paste("Published: November 20, 2026 at 3:45 PM", STORY)

    assert reading.published_at == datetime(2026, 11, 20, tzinfo=UTC)
    assert reading.only_day
    assert reading.paragraphs == (STORY,)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dead Pier Part 1 opens the series.", "Later came Dead Pier Part One too."),
        ("So says Haley Atwell today.", "And Haley Attwell said it twice."),
        ("So says Haley Atwell today.", "It was what Attwell said, twice."),
    ],
)
def test_flags_two_spellings_of_one_name_and_mends_neither(
    one: str, other: str
) -> None:
    reading = paste(STORY, one, other)

    assert warned(reading, "spells one name in two ways")
    assert reading.paragraphs[1:] == (one, other)


@pytest.mark.parametrize(
    "line",
    [
        "Anna Keller and Anna Kellermann met Jane Martin, Ann Marin and Jane Roe.",
        "Die Deutsche Bank und der Deutschen Bank ihr Haus in Bremen und Bergen.",
    ],
)
def test_flags_no_names_that_are_merely_alike(line: str) -> None:
    assert not warned(paste(STORY, line), "two ways")


@pytest.mark.parametrize(
    "line",
    [
        "The film arrives in theaters July 12th, 2023.",
        "Der Film startet am 12. Juli 2023 im Kino.",
        "Le film sortira le 3 août 2024.",
        "El museo abre el 5 de mayo de 2025.",
        "Il festival si terrà il 3 marzo 2025.",
        "Премьера состоится 12 июля 2023 года.",
    ],
)
def test_warns_of_an_announcement_whose_day_is_past(line: str) -> None:
    assert warned(paste(STORY, line), "as still to come, and that day is past")


@pytest.mark.parametrize(
    "line",
    [
        "The film arrives in theaters July 12th, 2027.",
        "The film opened on July 12, 2023. It will be shown again.",
        "The pier was closed on 3 March 2025.",
    ],
)
def test_does_not_warn_of_days_to_come_or_told_as_past(line: str) -> None:
    assert not warned(paste(STORY, line), "as still to come")


def test_joins_the_lines_of_a_wrapped_mail() -> None:
    wrapped = (
        "The council of Marrow Bay voted on Monday to repair the\n"
        "old pier before the winter storms arrive, and to leave\n"
        "the lamp as it is. Work takes six weeks."
    )

    reading = paste(wrapped, wrapped.replace("Monday", "Tuesday"))

    assert len(reading.paragraphs) == 2
    assert "repair the old pier" in reading.paragraphs[0]


def test_reads_a_paste_without_empty_lines() -> None:
    reading = read_text(f"Town Repairs Its Pier\n{STORY}\n{MORE}", NOW)

    assert reading.paragraphs == (STORY, MORE)


def test_reads_the_line_ends_of_windows() -> None:
    assert read_text(f"Pier\r\n\r\n{STORY}\r\n\r\n{MORE}", NOW).paragraphs == (
        STORY,
        MORE,
    )


def test_takes_a_link_on_its_own_line_as_the_articles_link() -> None:
    reading = paste(STORY, "https://courier.example/pier")

    assert reading.link == "https://courier.example/pier"
    assert reading.paragraphs == (STORY,)


def test_the_same_words_are_the_same_article_however_they_are_spaced() -> None:
    one = read_text(f"Pier\n\n{MORE}", NOW)
    other = read_text(f"\n Pier \r\n\r\n\r\n{MORE.replace('“', chr(34))}\n", NOW)

    assert one.identity == other.identity
    assert one.identity != paste(STORY).identity


def test_names_no_language_when_it_is_not_sure() -> None:
    assert read_text("Xyzzy\n\nQwx plugh.", NOW).language == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Nothing was pasted"),
        (" \n\t\n\ufeff", "Nothing was pasted"),
        ("Pier " * 1_000_000, "5.0 MB.*up to 1 MB"),
        ("PNG\x00\x1a\x02" * 20, "inside of a file"),
        ("\ufffd\ufffdPK\x03\x04 abc" * 20, "inside of a file"),
        ("123 456\n\n789", "no words"),
        ("Town Repairs Its Pier", "headline and no story"),
        ("Look at this https://courier.example/pier", "paste the link alone"),
        ("Look at this\n\nhttps://courier.example/pier", "paste the link alone"),
        ("<!DOCTYPE html><html><body><p>Hi", "source code"),
    ],
)
def test_says_why_a_paste_is_no_article(text: str, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        read_text(text, NOW)


def test_reads_the_shared_sample_as_an_editor_would(samples: Path) -> None:
    text = (samples / "articles" / "powernation.txt").read_text()

    reading = read_text(text, NOW)

    assert reading.headline == text.splitlines()[0]
    assert reading.caption.count("“Mission Impossible – Dead Reckoning Part 1.”") == 1
    assert reading.credit == "Twitter"
    assert len(reading.subheadings) == 2
    assert len(reading.paragraphs) == 7
    assert not any("Read More" in block.text for block in reading.blocks)
    assert not any("Twitter" in block.text for block in reading.blocks)
    assert reading.image_url is None
    assert reading.language == "en"
    for words in ("without an image", "unclear", "two ways", "July 12th, 2023"):
        assert warned(reading, words)
    assert "“Tom had to drive one-handed, cuffed… for real,”" in reading.paragraphs[3]
