from __future__ import annotations

from dataclasses import replace

import pytest

from desk.writing import Angle, Candidate
from tests.unit.writing.articles import ENGLISH
from tests.unit.writing.checker import faults, twins

GOOD = ENGLISH.paragraphs[2]


def candidate(text: str, kind: Angle = Angle.LEAD) -> Candidate:
    return Candidate(text, kind, (text,))


def test_the_checker_has_nothing_against_a_good_candidate() -> None:
    assert faults(candidate(GOOD), ENGLISH, len, 300) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (GOOD, "too long"),
        (GOOD[:-1], "no end mark"),
        (GOOD[1:], "starts in lower case"),
        (
            "Port Ellery, and the city will close it for nine weeks from Monday.",
            "cut out",
        ),
        ("“We looked at every other way.", "odd quote marks"),
        ("A 15-centimetre crack.", "strange number 15"),
        ("A crack in Berlin.", "strange word Berlin"),
        ("Read more about the bridge here.", "junk"),
        ("She added that 31,400 cars cross the bridge each day.", "leans on “she”"),
        (ENGLISH.headline + ".", "the headline again"),
        (ENGLISH.caption, "the caption"),
        ("A crack does not wait.", "not the article's own letters"),
        (
            "“Nobody ever looked at it,” said city engineer Maria Okafor.",
            "strange quote",
        ),
    ],
)
def test_the_checker_sees_each_fault(text: str, fault: str) -> None:
    limit = 40 if fault == "too long" else 300

    assert any(fault in found for found in faults(candidate(text), ENGLISH, len, limit))


def test_the_checker_asks_for_a_speaker_and_a_source() -> None:
    nobody = candidate("“A crack like this doesn’t wait.”", Angle.QUOTE)
    rootless = replace(candidate(GOOD), sources=())

    assert any("nobody said it" in found for found in faults(nobody, ENGLISH, len, 99))
    assert any("no source" in found for found in faults(rootless, ENGLISH, len, 300))


def test_the_checker_asks_for_a_name_that_is_one_and_for_the_right_one() -> None:
    first = "Lawyers said: “The court should never have used this.”"
    asked = "Maria Okafor asked twice. “Nobody ever looked at it in all those years.”"
    told = replace(
        ENGLISH,
        blocks=(
            *ENGLISH.blocks,
            replace(ENGLISH.blocks[0], text=first),
            replace(ENGLISH.blocks[0], text=f"{asked} Jo Park said."),
        ),
    )

    lone = faults(candidate(first, Angle.QUOTE), told, len, 300)
    other = faults(candidate(asked, Angle.QUOTE), told, len, 300)

    assert any("nobody said it" in found for found in lone)
    assert any("its speaker comes after it" in found for found in other)


def test_the_checker_sees_twins() -> None:
    assert twins((candidate(GOOD), candidate(GOOD, Angle.NUMBER)))
