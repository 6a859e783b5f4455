"""Slugs: a headline as it may stand in an address."""

from __future__ import annotations

import regex

LONGEST = 60
WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")


def slug(headline: str) -> str:
    """In its own script: letters, digits and hyphens."""
    words = "-".join(WORD.findall(headline.casefold()))
    return words[:LONGEST].rstrip("-") or "article"
