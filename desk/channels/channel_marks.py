"""Channel marks: the letters that tell further accounts of a platform apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.models import Channel


def letters(session: Session) -> dict[int, str]:
    """By channel, retired ones as well; empty for a platform's first account."""
    query = select(Channel.id, Channel.platform, Channel.name).order_by(Channel.id)
    first: dict[str, str] = {}
    taken: dict[str, set[str]] = defaultdict(set)
    found: dict[int, str] = {}
    for id_, platform, name in session.execute(query):
        found[id_] = ""
        if first.setdefault(platform, name) is not name:
            free = _letters_of(name, first[platform])
            found[id_] = next(one for one in free if one not in taken[platform])
        taken[platform].add(found[id_])
    return found


def _letters_of(name: str, first: str) -> Iterator[str]:
    """What a name may be marked with, the likeliest first: of a word of its own."""
    known = {word.casefold() for word in first.split()}
    words = name.split()
    own = [word for word in words if word.casefold() not in known]
    for word in (*own, *words):
        yield from _capitals(word[:1])
    for word in (*own, *words):
        yield from _capitals(word)
    yield from map(str, count(2))


def _capitals(letters_: str) -> Iterator[str]:
    return (one.upper() for one in letters_ if one.isalnum() and len(one.upper()) == 1)
