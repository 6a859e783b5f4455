r"""Graphemes: letters as readers see them, grapheme clusters of current Unicode.

`\X` alone counts back, at each half of a flag, to where the row of flags began: ten
thousand of them took seconds. Flags are taken whole here, and `\X` has the rest.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

_GOES_ON = r"[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]"
_ONE = regex.compile(rf"\p{{RI}}\p{{RI}}?+(?!{_GOES_ON})|\X")


def count(text: str) -> int:
    """How many a text has."""
    return sum(1 for _ in ends(text))


def ends(text: str) -> Iterator[int]:
    """Where each of them ends."""
    return (one.end() for one in _ONE.finditer(text))
