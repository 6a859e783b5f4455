"""Record keys of our own: fixed before a post is sent, so that a repeat is the same."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
LENGTH = 13
START = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def tid(at: datetime, key: str, after: str = "") -> str:
    """A timestamp identifier for this key, within a second from `at`.

    `after`: the identifier of a thread's part before; this one sorts behind it.
    https://atproto.com/specs/tid has the layout: 53 bits of microseconds, then 10
    that tell clocks apart. Of both, 30 bits are hashed, so that no two keys meet.
    """
    digest = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])
    micros = (at - START) // MICROSECOND + digest % 1_000_000
    if after:
        before = (moment(after) - START) // MICROSECOND
        micros = max((at - START) // MICROSECOND, before + 1000) + digest % 1000
    number = micros << 10 | (digest >> 40) % 1024
    return "".join(
        LETTERS[number >> 5 * place & 31] for place in reversed(range(LENGTH))
    )


def moment(made: str) -> datetime:
    """The time that an identifier tells."""
    number = 0
    for letter in made:
        number = number << 5 | LETTERS.index(letter)
    return START + (number >> 10) * MICROSECOND
