"""Record keys of our own: fixed before a post is sent, so that a repeat is the same."""

from __future__ import annotations

import hashlib
from datetime import datetime

LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
LENGTH = 13


def tid(at: datetime, key: str) -> str:
    """A timestamp identifier for this key: the second of `at`, and 30 hashed bits.

    It sorts by time; https://atproto.com/specs/tid has the layout: 53 bits of
    microseconds, then 10 that tell clocks apart.
    """
    digest = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])
    micros = int(at.timestamp()) * 1_000_000 + digest % 1_000_000
    number = micros << 10 | (digest >> 40) % 1024
    return "".join(
        LETTERS[number >> 5 * place & 31] for place in reversed(range(LENGTH))
    )
