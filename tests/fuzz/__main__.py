"""Thousands of hostile things through the children that parse.

    make fuzz [FIRST=1] [COUNT=10000] [MINUTES=60]

Each is a number: what goes wrong is told with it, and made again with COUNT=1. What
goes over its limits, or raises what nobody meant to, is a find; so is the end of this
process. With MINUTES it goes on with the next numbers until they are over.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from itertools import count
from operator import attrgetter

import click

from tests.fuzz.trying import Tried, tried

TOLD_EVERY = 500


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=0)
    asked = parser.parse_args()
    ends: list[Tried] = []
    began = time.monotonic()
    for number in count(asked.first):
        ends.append(one := tried(number))
        if not one.well:
            click.echo(f"{number}: {one.kind} {one.end}")
        gone = time.monotonic() - began
        if len(ends) % TOLD_EVERY == 0:
            click.echo(f"{len(ends)} after {gone:.0f} s")
        if len(ends) >= asked.count and gone >= 60 * asked.minutes:
            break
    tell(ends, asked.first)
    return 0 if all(one.well for one in ends) else 1


def tell(ends: list[Tried], first: int) -> None:
    click.echo(f"Numbers {first} to {first + len(ends) - 1}")
    for (kind, end), many in sorted(Counter((o.kind, o.end) for o in ends).items()):
        click.echo(f"{many:7} {kind}: {end}")
    for kind in sorted({one.kind for one in ends}):
        these = [one for one in ends if one.kind == kind]
        slowest = max(these, key=attrgetter("seconds"))
        at = first + ends.index(slowest)
        most = max(one.megabytes for one in these)
        click.echo(f"{kind}: slowest {slowest.seconds:.1f} s ({at}), most {most} MB")


if __name__ == "__main__":
    sys.exit(main())
