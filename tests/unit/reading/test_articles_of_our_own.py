"""Whole articles in several languages, in the shape that editors paste them in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.reading.text import read_text

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Right:
    """What a person reads in the file of this name."""

    file: str
    language: str
    authors: tuple[str, ...]
    credit: str
    subheadings: tuple[str, ...]
    paragraphs: int
    warned: tuple[str, ...] = ()


RIGHT = (
    Right(
        "desk/samples/article.txt",
        "en",
        (),
        "Facebook",
        ("How Does a Choir Fit on 132 Steps?", "The Town Wants Its Lamp Back"),
        8,
        ("rights are unclear",),
    ),
    Right(
        "tests/articles/ferry_en.txt",
        "en",
        ("Jane Hallworth", "Tomas Reyl"),
        "AP Photo/Dana Whitlock",
        ("Where Is the Tenth Bell?",),
        3,
    ),
    Right(
        "tests/articles/bruecke_de.txt",
        "de",
        ("Anna Kellermann",),
        "Max Moritz/dpa",
        ("Wie viel Musik trägt ein Seil?", "Der Ton kommt von unten"),
        3,
        ("12. Juli 2025",),
    ),
    Right(
        "tests/articles/boulanger_fr.txt",
        "fr",
        ("Jeanne Morvan", "Luc Delattre"),
        "Élise Garnier / AFP",
        ("Pourquoi le pont reste-t-il fermé ?",),
        3,
    ),
    Right(
        "tests/articles/faro_es.txt",
        "es",
        ("María de la Cruz Otero",),
        "Instagram",
        ("Una noche sin turistas",),
        3,
        ("rights are unclear",),
    ),
    Right(
        "tests/articles/campane_it.txt",
        "it",
        ("Marco Bellandi",),
        "Giulia Ferrante",
        ("Chi ha aspettato di più",),
        2,
        ("“Lucia Montanari” and “Luccia Montanari”",),
    ),
    Right(
        "tests/articles/hashi_ja.txt",
        "ja",
        (),
        "山野新聞",
        ("塔は長いのど",),
        3,
        ("2025年5月8日",),
    ),
    Right(
        "tests/articles/manara_ar.txt",
        "ar",
        ("سلمى الحداد",),
        "كريم يوسف",
        ("كيف تغني جوقة على الدرج؟",),
        2,
    ),
    Right(
        "tests/articles/tunnel_en.txt",
        "en",
        ("Priya Raman",),
        "AP Photo/Marcus Lindqvist",
        ("What Passengers Save",),
        3,
        ("was corrected",),
    ),
    Right(
        "tests/articles/orchard_en.txt",
        "en",
        ("Owen Marsh", "Ruth Calloway"),
        "Ruth Calloway/The Arden Post",
        ("Will Prices Rise?",),
        3,
    ),
    Right(
        "tests/articles/museum_de.txt",
        "de",
        (),
        "Jörg Sandmann/epd",
        ("Ein langer Weg",),
        2,
        ("was corrected",),
    ),
    Right(
        "tests/articles/metro_fr.txt",
        "fr",
        ("Claire Aubin",),
        "Hugo Lemaire / AFP",
        ("Qui paiera ?",),
        2,
        ("was corrected",),
    ),
    Right(
        "tests/articles/mercado_es.txt",
        "es",
        ("Lucía Ferrer",),
        "EFE/ Jorge Salas",
        ("La cubierta, otra vez de vidrio",),
        2,
    ),
    Right(
        "tests/articles/lago_it.txt",
        "it",
        ("Paola Renzi",),
        "Dario Conti / ANSA",
        ("Quanto è spesso il ghiaccio",),
        2,
        ("was corrected",),
    ),
    Right(
        "tests/articles/ponte_pt.txt",
        "pt",
        ("Inês Valadares",),
        "Rui Sampaio/Lusa",
        ("Quantos visitantes?",),
        2,
        ("was corrected",),
    ),
    Right(
        "tests/articles/fiets_nl.txt",
        "nl",
        ("Sanne de Wit",),
        "Bart Kuipers / ANP",
        ("Waar laat je ze?",),
        2,
    ),
    Right(
        "tests/articles/fyr_sv.txt",
        "sv",
        ("Karin Sjögren",),
        "Lars Edman/TT",
        ("Vem sköter den?",),
        2,
    ),
    Right(
        "tests/articles/most_pl.txt",
        "pl",
        ("Piotr Zieliński",),
        "Anna Wrona / PAP",
        ("Co dalej z objazdem",),
        2,
    ),
    Right(
        "tests/articles/parom_ru.txt",
        "ru",
        ("Ольга Серова",),
        "Илья Громов / ТАСС",
        ("Кто платит за рейс",),
        2,
        ("was corrected",),
    ),
    Right(
        "tests/articles/tea_zh.txt",
        "zh",
        ("林小雨",),
        "陈立/新华社",
        ("茶的味道会变吗？",),
        2,
    ),
    Right(
        "tests/articles/tren_he.txt",
        "he",
        ("נועה ברקאי",),
        "דניאל רז",
        ("מי ישלם?",),
        2,
    ),
    Right(
        "tests/articles/school_hi.txt",
        "hi",
        (),
        "अमित रावत/PTI",
        ("किताबें कहाँ से आईं?",),
        2,
    ),
)


@pytest.mark.parametrize("right", RIGHT, ids=lambda right: Path(right.file).stem)
def test_reads_an_article_as_a_person_does(right: Right) -> None:
    text = (ROOT / right.file).read_text(encoding="utf-8")

    reading = read_text(text, NOW)

    assert reading.headline == text.splitlines()[0]
    assert reading.language == right.language
    assert reading.authors == right.authors
    assert reading.credit == right.credit
    assert reading.subheadings == right.subheadings
    assert len(reading.paragraphs) == right.paragraphs
    for words in right.warned:
        assert any(words in warning for warning in reading.warnings)


@pytest.mark.parametrize("right", RIGHT, ids=lambda right: Path(right.file).stem)
def test_keeps_the_story_free_of_what_surrounds_it(right: Right) -> None:
    text = (ROOT / right.file).read_text(encoding="utf-8")

    reading = read_text(text, NOW)
    story = "\n".join(block.text for block in reading.blocks)

    assert right.credit not in story
    if reading.caption:
        assert reading.caption in text
        assert reading.caption not in story
    assert all(author not in story for author in right.authors)
    assert text.rstrip().splitlines()[-1] not in story
    assert all(paragraph in text for paragraph in reading.paragraphs)
