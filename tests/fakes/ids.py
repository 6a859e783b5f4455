"""The ids that servers give to posts: most hold a time, some only count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BASE_62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

Made = Callable[[datetime, int], str]


def snowflake(at: datetime, number: int) -> str:
    """Mastodon: milliseconds, then a counter."""
    return str((_milliseconds(at) << 16) + number)


def ulid(at: datetime, number: int) -> str:
    """GoToSocial: milliseconds in ten letters, then sixteen by lot."""
    return _written(_milliseconds(at), CROCKFORD, 10) + _written(number, CROCKFORD, 16)


def flake(at: datetime, number: int) -> str:
    """Pleroma: milliseconds, a machine and a counter, in 128 bits."""
    return _written((_milliseconds(at) << 64) + number, BASE_62, 18)


def count(at: datetime, number: int) -> str:
    """Friendica: one more than the last, of all that the server knows."""
    return str(7_301 + 11 * number)


MADE: dict[str, Made] = {
    "snowflake": snowflake,
    "ulid": ulid,
    "flake": flake,
    "count": count,
}


def order(post_id: str) -> tuple[int, str]:
    """Older ids of one kind come first."""
    return len(post_id), post_id


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _written(number: int, letters: str, width: int) -> str:
    told = ""
    while number or len(told) < width:
        number, last = divmod(number, len(letters))
        told = letters[last] + told
    return told
