"""A message: one piece of news as it is, many as lists with a count."""

from __future__ import annotations

from collections.abc import Sequence

from desk.telling.news import News

LISTED = 50


def subject(news: Sequence[News]) -> str:
    """What happened, in a line: "7 posts failed on Gazette, and 2 more things"."""
    heads = [_head(group) for group in _groups(news)]
    more = len(heads) - 1
    others = f", and {more} more thing{'s' if more > 1 else ''}" if more else ""
    return " ".join(f"{heads[0].rstrip('.')}{others}".split())


def body(news: Sequence[News], address: str) -> str:
    """Each group with its list; every line leads to its screen."""
    blocks = [_block(group, address) for group in _groups(news)]
    return "\n\n".join([*blocks, f"Everything that needs you: {address}/needs"]) + "\n"


def _block(group: Sequence[News], address: str) -> str:
    lines = [f"- {one.words}\n  {address}{one.link}" for one in group[:LISTED]]
    if len(group) > LISTED:
        lines.append(f"- and {len(group) - LISTED} more: {address}/needs")
    head = [_head(group)] if len(group) > 1 else []
    return "\n".join([*head, *lines])


def _head(group: Sequence[News]) -> str:
    first, count = group[0], len(group)
    if not first.about:
        return first.words
    posts = "1 post" if count == 1 else f"{count} posts"
    return f"{posts} {first.about} on {first.where}"


def _groups(news: Sequence[News]) -> list[list[News]]:
    """The largest first: what is alike stands together."""
    found: dict[tuple[str, str], list[News]] = {}
    for one in news:
        key = (one.about, one.where) if one.about else (one.key, "")
        found.setdefault(key, []).append(one)
    return sorted(found.values(), key=len, reverse=True)
