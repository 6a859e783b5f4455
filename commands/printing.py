"""Printing: rows for people, JSON for programs."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_rows(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table whose columns are as wide as their widest cell."""
    lines = [list(heads), *[[str(cell) for cell in row] for row in rows]]
    widths = [max(_width(line[n]) for line in lines) for n in range(len(heads))]
    for line in lines:
        cells = [
            cell + " " * (width - _width(cell))
            for cell, width in zip(line, widths, strict=True)
        ]
        click.echo("  ".join(cells).rstrip())


def one_line(text: str, length: int = 60) -> str:
    """A post's text in a table."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def _width(text: str) -> int:
    """How many columns of a terminal this takes."""
    return sum(0 if unicodedata.combining(c) else 2 if _is_wide(c) else 1 for c in text)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
