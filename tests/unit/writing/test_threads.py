"""A long text in parts: nothing lost, nothing cut, nothing too long that needn't be."""

from __future__ import annotations

import regex
from hypothesis import given
from hypothesis import strategies as st

from desk.writing.sentences import split
from desk.writing.threads import thread

GRAPHEMES = regex.compile(r"\X")
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
SAID = (
    f"the ferry is back at Saltmere Dr. 3.5 “never” (again) 今日は हिन्दी שלום {FAMILY}"
)
WORDS = st.sampled_from(SAID.split(" "))
SENTENCE = st.lists(WORDS, min_size=1, max_size=9).map(
    lambda w: " ".join(w).capitalize() + "."
)
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=5).map(" ".join)
TEXT = st.lists(PARAGRAPH, min_size=1, max_size=5).map("\n\n".join)


def under(limit: int):  # type: ignore[no-untyped-def]  # a test's own rule
    return lambda at, text: len(text) <= limit


def bare(text: str) -> str:
    return "".join(text.split())


def test_parts_end_at_paragraphs() -> None:
    text = "One is here.\n\nTwo is here.\n\nThree is here."

    assert thread(text, under(30)) == ("One is here.\n\nTwo is here.", "Three is here.")
    assert thread(text, under(100)) == (text,)


def test_a_long_paragraph_is_cut_where_its_sentences_end() -> None:
    text = "One is here. Two is here. Three is here.\n\nFour."

    assert thread(text, under(27)) == (
        "One is here. Two is here.",
        "Three is here.\n\nFour.",
    )
    assert thread("東京は晴れ。明日は雨。", under(6)) == ("東京は晴れ。", "明日は雨。")


def test_three_dashes_end_a_part() -> None:
    text = "One.\n---\nTwo.\n\n ------ \n\nThree -- four."

    assert thread(text, under(100)) == ("One.", "Two.", "Three -- four.")


def test_a_sentence_that_fits_nowhere_stands_alone() -> None:
    text = "Short. This one is far too long for any part of it. Short again."

    assert thread(text, under(20)) == (
        "Short.",
        "This one is far too long for any part of it.",
        "Short again.",
    )


def test_numbers_count_in_what_fits() -> None:
    text = "One is here.\n\nTwo is here."

    assert thread(text, under(29), numbered=True) == (
        "One is here.\n\n1/2",
        "Two is here.\n\n2/2",
    )
    assert thread(text, under(31), numbered=True) == (text,)
    many = thread("\n\n".join(["Word here."] * 11), under(18), numbered=True)
    assert many[0] == "Word here.\n\n1/11"
    assert many[-1] == "Word here.\n\n11/11"


def test_the_first_part_may_have_less_room() -> None:
    def fits(at: int, text: str) -> bool:
        return len(text) <= (15 if at == 0 else 40)

    text = "One is here.\n\nTwo is here.\n\nThree is here."

    assert thread(text, fits) == ("One is here.", "Two is here.\n\nThree is here.")


@given(TEXT, st.integers(20, 120), st.booleans())
def test_nothing_is_lost_cut_or_needlessly_long(
    text: str, limit: int, numbered: bool
) -> None:
    parts = thread(text, under(limit), numbered=numbered)

    whole = [regex.sub(r"\n\n\d+/\d+$", "", part) for part in parts]
    assert bare("".join(whole)) == bare(text)
    letters = {m.end() for m in GRAPHEMES.finditer(bare(text))}
    at = 0
    for part, said in zip(parts, whole, strict=True):
        at += len(bare(said))
        assert at in letters
        if len(part) > limit:
            assert len(split(said)) == 1
            assert said in text


@given(st.text(max_size=300), st.integers(1, 60))
def test_any_text_keeps_all_its_letters(text: str, limit: int) -> None:
    parts = thread(text, under(limit))

    dashes = regex.compile(r"^[ \t]*-{3,}[ \t]*$", regex.MULTILINE)
    assert bare("".join(parts)) == bare(dashes.sub("", text))
