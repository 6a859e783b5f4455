"""What a channel makes of words that are meant for several."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from desk.writing.following import Frame, alt_within, bare, followed, framed
from desk.writing.style import Style
from desk.writing.templates import Facts

FACTS = Facts(headline="Ferry returns", section="Transport", link="https://p.org/1")
TOPICS = ("Ferries", "Saltmere", "Ports")
TEMPLATES = (
    "{teaser}\n\n{hashtags}",
    "{section}: {teaser}\n{link}",
    "{teaser} ({headline})\n\n{hashtags} #desk",
    "{teaser} and again: {teaser}",
)


def frame(template: str = TEMPLATES[0], hashtags: int = 0, most: int = 280) -> Frame:
    style = Style(template=template, hashtags=hashtags)
    return Frame(style, FACTS, TOPICS, lambda text: max(0, len(text) - most))


def test_a_channel_without_a_style_says_the_words_as_they_are() -> None:
    assert followed("The ferry is back", frame()) == "The ferry is back"


def test_hashtags_give_way_to_words() -> None:
    words = "The ferry is back"

    roomy, tight, none = (frame(hashtags=2, most=most) for most in (60, 30, 20))

    assert followed(words, roomy) == f"{words}\n\n#Ferries #Saltmere"
    assert followed(words, tight) == f"{words}\n\n#Ferries"
    assert followed(words, none) == words


def test_nothing_to_say_is_nothing_whatever_stands_around_it() -> None:
    assert followed("", frame(TEMPLATES[1], hashtags=2)) == ""


def test_what_is_too_long_is_said_in_full_for_its_editor_to_cut() -> None:
    assert followed("long " * 20 + "end", frame(most=10)) == "long " * 20 + "end"


def test_words_that_stand_in_the_frame_already_do_so_once() -> None:
    around = frame("{section}: {teaser}", hashtags=1)

    assert followed("Transport: The ferry is back", around) == (
        "Transport: The ferry is back"
    )


@given(
    words=some.text("abc #:\n", min_size=1).map(str.strip).filter(bool),
    template=some.sampled_from(TEMPLATES[:3]),
    hashtags=some.integers(0, 2),
)
def test_the_words_are_found_again_in_what_the_channel_says(
    words: str, template: str, hashtags: int
) -> None:
    around = frame(template, hashtags, most=10_000)

    said = framed(words, around)

    assert framed(bare(said, around), around) == said


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_text_without_the_frame_is_all_words(template: str) -> None:
    assert bare("Something else", frame(template)) == "Something else"


def test_an_alt_text_leaves_room_for_the_credit_behind_it() -> None:
    long = "A ferry at the quay. " * 10

    said = alt_within(long, "Noor Halvard", 100, "en")

    assert said == ("A ferry at the quay. " * 4).strip()
    assert len(f"{said} (Noor Halvard)") <= 100
