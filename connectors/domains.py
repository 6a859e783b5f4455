"""Domains: whether a name, such as "paper.org", is one of the public web."""

from __future__ import annotations

from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

RESERVED = frozenset({"example", "test"})  # for documents and trials: RFC 2606


def is_domain(name: str) -> bool:
    """Whether a name ends as those of the public web do, in small letters."""
    return is_top_level(name.rpartition(".")[2])


@lru_cache(maxsize=5_000)  # of words that a dot joins, too
def is_top_level(ending: str) -> bool:
    """A name below it is asked for: of some countries only such are listed."""
    below = f"name.{ending}"
    return ending in RESERVED or _listed().publicsuffix(below) is not None


@cache
def _listed() -> PublicSuffixList:
    """Read when the first name is asked for: that takes a tenth of a second."""
    return PublicSuffixList(accept_unknown=False, only_icann=True)
