"""Garbage: looked for less often, in processes that load thousands of rows a second."""

from __future__ import annotations

import gc

COLLECT_AFTER = 10_000  # new objects; Python's own 700 are made for every few posts


def collect_less() -> None:
    """Look for garbage less often, and not among what lives as long as the process.

    Loading a post and its intent cost a third less so (docs/benchmarks.md), a page of
    the inbox a tenth. What is forked from this process has that memory in common.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, *gc.get_threshold()[1:])
