"""A letter is what its reader sees; counting takes no longer than the text grows."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from connectors import graphemes
from tests.growing import grows

LETTERS = 5_000
SIGNS = "a \n\r.é🇮🇹🇫👩🏽👍❤\ufe0f\u200d\u0301\u0903\u094dकᄀ\u1161\u0600"


@given(st.text(st.sampled_from(SIGNS), max_size=20))
def test_each_ends_where_unicode_says(text: str) -> None:
    assert list(graphemes.ends(text)) == [
        one.end() for one in regex.finditer(r"\X", text)
    ]


@pytest.mark.parametrize("sign", [*SIGNS, "🇮🇹", "👩\u200d", "e\u0301", "🇮🇹\u0301"])
def test_counting_grows_as_the_text_does(sign: str) -> None:
    assert not grows(graphemes.count, lambda letters: sign * letters, LETTERS)
