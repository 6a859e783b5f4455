"""A handful of what `make fuzz` tries by the thousands."""

from __future__ import annotations

import pytest

from tests.fuzz.trying import tried

ONCE_FOUND = (50, 95, 99)  # slow to read, too large, and the next after that


@pytest.mark.parametrize("number", [*range(1, 25), *ONCE_FOUND])
def test_no_hostile_thing_goes_over_the_limits_of_a_child(number: int) -> None:
    assert tried(number).endswith(("read", "refused"))
