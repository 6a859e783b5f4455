"""Pastes: words of an article, with hostile fragments between them."""

from __future__ import annotations

import random
from pathlib import Path

from tests.growing import FRAGMENTS

ARTICLES = Path(__file__).parents[1] / "articles"
LONGEST = 100_000  # letters


def paste(dice: random.Random) -> str:
    """Words of an article with hostile fragments between them, or those alone."""
    pieces = [story(dice)] if dice.random() < 0.5 else []
    while sum(map(len, pieces)) < dice.choice((200, 5_000, 30_000, LONGEST)):
        pieces.insert(dice.randint(0, len(pieces)), repeated(dice, 4_000))
    if dice.random() < 0.3:
        pieces.append("".join(chr(dice.randint(1, 0xD7FF)) for _ in range(500)))
    return "".join(pieces)[:LONGEST]


def repeated(dice: random.Random, most: int) -> str:
    """Up to three fragments in a row, again and again."""
    fragment = "".join(dice.choices(FRAGMENTS, k=dice.randint(1, 3)))
    return fragment * dice.randint(1, most)


def story(dice: random.Random) -> str:
    return dice.choice(sorted(ARTICLES.glob("*.txt"))).read_text(encoding="utf-8")


def paragraphs(dice: random.Random) -> list[str]:
    """A story's, with hostile ones between them and hostile words in some."""
    lines = [line for line in story(dice).splitlines() if line.strip()]
    for _ in range(dice.choice((0, 1, 3, 20))):
        at = dice.randrange(len(lines))
        odd = repeated(dice, dice.choice((1, 20, 300)))
        if dice.random() < 0.5:
            lines[at] += odd
        else:
            lines.insert(at + 1, odd)
    return lines
