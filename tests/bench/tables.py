"""What a bench prints: figures side by side, each with its ratio to the raw ceiling."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median


def seconds(work: Callable[[], object], rounds: int = 5) -> float:
    """The median time of one call."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return median(took)


def show(title: str, rows: Sequence[tuple[str, float, str]], ceiling: str) -> None:
    """Print the rows, each beside the one named `ceiling`."""
    against = next(value for name, value, _ in rows if name == ceiling)
    print(f"\n{title}")
    for name, value, unit in rows:
        print(f"  {name:<44} {value:>12,.1f} {unit:<10} {value / against:>6.2f}")
