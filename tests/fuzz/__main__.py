"""Thousands of hostile things through the children that parse.

    make fuzz [FIRST=1] [COUNT=10000]

Each is a number: what goes wrong is told with it, and made again with COUNT=1. What
goes over its limits, or raises what nobody is told of, is a find; so is the end of
this process.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

import click

from tests.fuzz.trying import tried

TOLD_EVERY = 500


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=10_000)
    asked = parser.parse_args()
    ends: Counter[str] = Counter()
    finds: list[str] = []
    began = time.monotonic()
    for number in range(asked.first, asked.first + asked.count):
        try:
            end = tried(number)
        except Exception as error:  # whatever it is, it is what we look for
            end = f"raised {type(error).__name__}"
        ends[end] += 1
        if "over its" in end or "raised" in end:
            finds.append(f"{number}: {end}")
            click.echo(finds[-1])
        if sum(ends.values()) % TOLD_EVERY == 0:
            click.echo(f"{sum(ends.values())} after {time.monotonic() - began:.0f} s")
    for end, count in sorted(ends.items()):
        click.echo(f"{count:7} {end}")
    return 1 if finds else 0


if __name__ == "__main__":
    sys.exit(main())
