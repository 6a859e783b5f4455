from __future__ import annotations

import regex
from hypothesis import given
from hypothesis import strategies as st

from desk.writing.fitting import fit, trim
from desk.writing.marks import paired
from desk.writing.sentences import split

WORDS = st.sampled_from(
    [
        "rain",
        "नमस्ते",
        "👩‍👩‍👧‍👦",
        "e\u0301te\u0301",
        "東京",
        "“so it is”",
        "it’s",
        "(or not)",
        "1.5",
    ]
)
SENTENCE = st.builds(
    lambda words, end: "The " + " ".join(words) + end,
    st.lists(WORDS, min_size=1, max_size=8),
    st.sampled_from([".", "!", "?"]),
)
TEXT = st.lists(SENTENCE, min_size=1, max_size=6).map(" ".join)


def graphemes(text: str) -> int:
    return len(regex.findall(r"\X", text))


@given(TEXT, st.integers(0, 300))
def test_fitting_keeps_whole_sentences_within_the_limit(text: str, limit: int) -> None:
    fitted = fit(text, graphemes, limit, "en")

    whole = [sentence.text for sentence in split(text, "en")]
    assert graphemes(fitted) <= limit
    assert fitted in [" ".join(whole[:number]) for number in range(len(whole) + 1)]


@given(TEXT, st.integers(0, 300))
def test_fitting_leaves_out_no_sentence_that_would_fit(text: str, limit: int) -> None:
    kept = len(split(fit(text, graphemes, limit, "en"), "en"))

    longer = [s.text for s in split(text, "en")][: kept + 1]
    assert len(longer) == kept or graphemes(" ".join(longer)) > limit


@given(st.text(max_size=200) | TEXT, st.integers(2, 120))
def test_trimming_never_breaks_a_letter_or_the_limit(text: str, limit: int) -> None:
    trimmed = trim(text, graphemes, limit)

    start = regex.findall(r"\X", trimmed.removesuffix("…"))
    assert graphemes(trimmed) <= limit
    assert regex.findall(r"\X", text.strip())[: max(len(start) - 1, 0)] == start[:-1]


@given(TEXT, st.integers(8, 120))
def test_trimming_stops_inside_no_word_while_a_word_fits(text: str, limit: int) -> None:
    trimmed = trim(text, graphemes, limit, "en")

    rest = text[len(trimmed.removesuffix("…")) :]
    assert not regex.match(r"\w", rest) or not trimmed.endswith("…")
    assert not paired(trimmed).strays


def test_a_text_that_fits_stays_as_it_is() -> None:
    assert trim("A car, seen from behind", len, 23) == "A car, seen from behind"


def test_a_long_description_ends_at_a_clause() -> None:
    text = "A red car drifts through Rome, one wheel on the pavement of a narrow street"

    assert trim(text, len, 40) == "A red car drifts through Rome…"


def test_a_platform_that_counts_its_own_way_is_believed() -> None:
    assert (
        fit("One. Two. Three.", lambda text: 10 * len(split(text)), 20) == "One. Two."
    )
