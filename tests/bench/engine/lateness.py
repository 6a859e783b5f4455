"""Lateness: how long after its due time each post was at the platform."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Lateness:
    """Seconds, by their rank; `least` below zero: one was early."""

    posts: int
    least: float
    p50: float
    p99: float
    most: float

    @classmethod
    def of(cls, late: Iterable[float]) -> Lateness:
        ranked = sorted(late)
        if not ranked:
            raise ValueError("No post arrived at all.")
        return cls(
            len(ranked), ranked[0], rank(ranked, 0.5), rank(ranked, 0.99), ranked[-1]
        )

    def __str__(self) -> str:
        return (
            f"p50 {self.p50:.3f}  p99 {self.p99:.3f}  "
            f"max {self.most:.3f}  min {self.least:.3f} s"
        )


def rank(ranked: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]
