"""Words: gates by language, what an editor chooses from, counters, and what it costs.

The pages are those of the folder that STANDFIRST_SAMPLES names, and the project's own
articles. Whether somebody would send it no figure says: read the contact sheet
(`python -m tests.bench.contact_sheet`).
"""

from __future__ import annotations

import difflib
import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest
import yaml

from connectors.base import Connector
from connectors.bluesky.text import count_letters
from connectors.x.text import weight
from desk.reading.article import Reading
from desk.writing import Candidate
from tests import readings
from tests.contract.test_bluesky import COUNTED
from tests.contract.test_x_text import SECTIONS, shown
from tests.unit.writing.checker import faults
from tests.unit.writing.test_every_page import COUNTERS, over, written


def _samples() -> Path | None:
    named = os.environ.get("STANDFIRST_SAMPLES")
    return Path(named) if named else None


def _told() -> Iterator[tuple[str, Reading]]:
    yield from readings.own()
    if folder := _samples():
        yield from readings.of_samples(folder)


@pytest.mark.timeout(600)
def test_gates_by_language_and_what_there_is_to_choose_from() -> None:
    made: dict[str, list[list[Candidate]]] = defaultdict(list)
    wrong: Counter[str] = Counter()
    took: list[float] = []
    read: list[float] = []
    for reading in _timed(_told(), read):
        language = reading.language[:2] or "?"
        began = time.process_time()
        each = {p: written(c, reading).candidates for p, c in COUNTERS.items()}
        took.append((time.process_time() - began) * 1000)
        made[language] += [list(found) for found in each.values()]
        wrong[language] += sum(
            _is_wrong(one, COUNTERS[platform], reading)
            for platform, found in each.items()
            for one in found
        )
    many = sum(len(sets) for sets in made.values()) // len(COUNTERS)
    print(f"\nwriting from {many} articles, for each of {len(COUNTERS)} connectors")
    print(f"  {'':<6}{'articles':>10}{'candidates':>12}{'passed':>8}{'each':>7}")
    for language, sets in sorted(made.items(), key=lambda item: -len(item[1])):
        _row(language, sets, wrong[language])
    every = [found for sets in made.values() for found in sets]
    _row("all", every, sum(wrong.values()))
    closest = [_closest(found) for found in every if len(found) > 1]
    print(
        f"  the two most alike of each article share {mean(closest):.0%} of their "
        f"letters in the mean, {max(closest):.0%} at most"
    )
    for what, spent in (("writing for all connectors", took), ("reading it", read)):
        p95 = sorted(spent)[int(len(spent) * 0.95)]
        ratio = median(spent) / median(read)
        print(
            f"  {what:<28} median {median(spent):>4.0f} ms, p95 {p95:>4.0f} ms of a "
            f"processor, {ratio:.2f} of reading"
        )


def _timed(told: Iterator[tuple[str, Reading]], read: list[float]) -> Iterator[Reading]:
    """Each reading; what it cost goes into `read`, in milliseconds."""
    while True:
        began = time.process_time()
        found = next(told, None)
        if found is None:
            return
        read.append((time.process_time() - began) * 1000)
        yield found[1]


def _row(name: str, sets: list[list[Candidate]], wrong: int) -> None:
    count = sum(map(len, sets))
    print(
        f"  {name:<6}{len(sets) // len(COUNTERS):>10}{count:>12}"
        f"{(count - wrong) / max(count, 1):>8.0%}{count / len(sets):>7.1f}"
    )


def _is_wrong(one: Candidate, connector: Connector, reading: Reading) -> bool:
    def length(text: str) -> int:
        return over(connector, reading, text)

    return bool(faults(one, reading, length, 0))


def _closest(found: list[Candidate]) -> float:
    pairs = combinations([one.text for one in found], 2)
    return max(difflib.SequenceMatcher(None, *pair).ratio() for pair in pairs)


def test_counters_beside_the_platforms_own_cases() -> None:
    print("\ncounters beside the platforms' own cases")
    _score(
        "Bluesky: graphemes", {text: count_letters(text) for text in COUNTED}, COUNTED
    )
    folder = _samples()
    if folder is None:
        print("  X: not measured, STANDFIRST_SAMPLES is not set")
        return
    for page, sections in SECTIONS.items():
        cases = _cases(folder / "specs" / "twitter-text" / f"{page}.yml")
        for section in sections:
            count: Callable[[str], object] = weight if page == "validate" else shown
            right = {case["text"]: _expected(case) for case in cases[section]}
            _score(f"X: {page}, {section}", {t: count(t) for t in right}, right)


def _cases(path: Path) -> dict[str, list[dict[str, Any]]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, list[dict[str, Any]]] = yaml.load(
        path.read_text("utf-8"),
        loader,  # noqa: S506  a safe one; the C one where there is one
    )["tests"]
    return found


def _expected(case: Mapping[str, Any]) -> object:
    told = case["expected"]
    if isinstance(told, dict):
        return told["weightedLength"]
    return [one["url"] if isinstance(one, dict) else one for one in told]


def _score(name: str, ours: Mapping[str, object], right: Mapping[str, object]) -> None:
    passed = sum(ours[text] == told for text, told in right.items())
    print(f"  {name:<56}{passed:>6} of {len(right)}")
