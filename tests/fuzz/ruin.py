"""Ruin: what a bad disk, a bad line or a bad hand does to a file."""

from __future__ import annotations

import random


def ruined(dice: random.Random, whole: bytes, share: float = 0.4) -> bytes:
    """Whole, or (as often as `share` says) cut off, or with other bytes in places."""
    if not whole or dice.random() >= share:
        return whole
    if dice.random() < 0.5:
        return whole[: dice.randint(0, len(whole))]
    return flipped(dice, whole, 0)


def flipped(dice: random.Random, whole: bytes, first: int) -> bytes:
    """With other bytes at some places behind the first ones."""
    flipping = bytearray(whole)
    for _ in range(dice.choice((1, 1, 2, 30)) if len(whole) > first else 0):
        flipping[dice.randrange(first, len(flipping))] = dice.randrange(256)
    return bytes(flipping)
