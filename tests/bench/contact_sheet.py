"""Thirty articles, each with its headline and what an editor may choose from.

    python -m tests.bench.contact_sheet [connector]

From the pages of the folder that STANDFIRST_SAMPLES names, spread over publishers and
languages; else from the project's own articles. Printed to be read: no figure says
whether somebody would send it.
"""

from __future__ import annotations

import os
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain, zip_longest
from pathlib import Path

from desk.reading.article import Reading
from tests import readings
from tests.unit.writing.test_every_page import written

MANY = 30
WIDTH = 100


def spread(told: Iterable[tuple[str, Reading]]) -> list[tuple[str, Reading]]:
    """One of each language first, then of another publisher in each."""
    by_language: dict[str, dict[str, tuple[str, Reading]]] = defaultdict(dict)
    for name, reading in told:
        by_language[reading.language[:2]].setdefault(
            name.split("_")[0], (name, reading)
        )
    rounds = zip_longest(*(each.values() for each in by_language.values()))
    return [one for one in chain.from_iterable(rounds) if one][:MANY]


def show(number: int, name: str, reading: Reading, platform: str) -> None:
    made = written(readings.counters()[platform], reading)
    print(f"\n{number:>2}  {reading.headline}\n    [{reading.language}] {name}")
    for one in made.candidates:
        lines = textwrap.wrap(one.text, WIDTH)
        print(f"    {one.kind:<9} {lines[0]}")
        for line in lines[1:]:
            print(f"    {'':<9} {line}")
    for note in made.notes:
        print(f"    ({note})")


def main(platform: str = "x") -> None:
    named = os.environ.get("STANDFIRST_SAMPLES")
    told = readings.of_samples(Path(named)) if named else readings.own()
    for number, (name, reading) in enumerate(spread(told), 1):
        show(number, name, reading, platform)


if __name__ == "__main__":
    main(*sys.argv[1:])
