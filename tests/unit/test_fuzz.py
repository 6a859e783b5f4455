"""A handful of what `make fuzz` tries by the thousands."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.fuzz.given import KINDS, given
from tests.fuzz.trying import tried

HANDFUL = range(1, 49)
ONCE_FOUND = (25_929, 54_579, 68_481)  # control signs; EXIF that can't be written


@pytest.mark.slow
def test_no_hostile_thing_goes_over_the_limits_of_a_child_and_most_are_read() -> None:
    ends = [tried(number) for number in HANDFUL]

    assert [one for one in ends if not one.well] == []
    read = Counter(one.kind for one in ends if one.end == "read")
    for kind in KINDS:
        assert read[kind] > len(HANDFUL) / len(KINDS) / 2, kind


@pytest.mark.slow
@pytest.mark.parametrize("number", ONCE_FOUND)
def test_what_was_found_once_is_found_no_more(number: int) -> None:
    assert tried(number).well


@pytest.mark.parametrize("number", HANDFUL)
def test_the_same_number_is_the_same_thing(number: int) -> None:
    assert given(number) == given(number)
