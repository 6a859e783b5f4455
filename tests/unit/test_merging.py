"""One text of two: what each changed is in it, and nothing is in it twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.merging import merge_lists, merge_words

BEFORE = "Ferries stay in harbour. Trams run to the last stop. What is shut:"


@pytest.mark.parametrize(
    ("theirs", "mine", "both"),
    [
        (
            "Ferries stay in harbour until noon. Trams run to the last stop. "
            "What is shut:",
            "Ferries stay in harbour. Trams run to the last stop. Schools open at "
            "ten. What is shut:",
            "Ferries stay in harbour until noon. Trams run to the last stop. "
            "Schools open at ten. What is shut:",
        ),
        (
            BEFORE.replace("the last stop.", "Quay Street."),
            BEFORE.replace("the last stop.", "Market Hill."),
            "Ferries stay in harbour. Trams run to Quay Street. Market Hill. "
            "What is shut:",
        ),
        (
            BEFORE.replace(" What is shut:", ""),
            BEFORE.replace("Ferries", "All ferries"),
            "All ferries stay in harbour. Trams run to the last stop.",
        ),
    ],
    ids=["apart", "in the same words", "one takes away"],
)
def test_both_changes_are_in_it(theirs: str, mine: str, both: str) -> None:
    assert merge_words(BEFORE, theirs, mine) == both


def test_two_who_began_from_nothing_stand_behind_each_other() -> None:
    assert merge_words("", "Their words", "My words") == "Their words My words"


def test_lines_stay_lines() -> None:
    both = merge_words("One\n\nTwo", "One more\n\nTwo", "One\n\nTwo\n\nThree")

    assert both == "One more\n\nTwo\n\nThree"


TEXTS = st.lists(st.sampled_from(["a ", "b ", "c\n", "d. "]), max_size=8).map(
    lambda words: "".join(words).strip()
)


@given(TEXTS, TEXTS, TEXTS)
def test_who_alone_changed_something_is_right(before: str, one: str, two: str) -> None:
    assert merge_words(before, one, before) == one
    assert merge_words(before, before, two) == two
    assert merge_words(before, one, one) == one


@given(TEXTS, TEXTS, TEXTS)
def test_no_word_of_either_is_lost(before: str, theirs: str, mine: str) -> None:
    both = merge_words(before, theirs, mine).split()

    for words in (theirs.split(), mine.split()):
        for word in set(words) - set(before.split()):
            assert both.count(word) >= words.count(word)


def test_labels_of_both_stand_there_once() -> None:
    assert merge_lists("storm, coast", "coast, trams") == "storm, coast, trams"


def test_of_texts_too_long_to_compare_both_are_kept() -> None:
    was = "word " * 2_000

    assert merge_words(was, f"theirs {was}", f"mine {was}") == (
        f"theirs {was}\n\nmine {was}"
    )
