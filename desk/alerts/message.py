"""A message: one alert as it is, many as lists with a count."""

from __future__ import annotations

from collections.abc import Sequence

from desk.alerts.rules import Alert

LISTED = 50


def subject(alerts: Sequence[Alert]) -> str:
    """What happened, in a line: "7 posts failed on Gazette, and 2 more things"."""
    heads = [_head(group) for group in _groups(alerts)]
    more = len(heads) - 1
    others = f", and {more} more thing{'s' if more > 1 else ''}" if more else ""
    return " ".join(f"{heads[0].rstrip('.')}{others}".split())


def body(alerts: Sequence[Alert], address: str) -> str:
    """Each group with its list; every line leads to its screen."""
    blocks = [_block(group, address) for group in _groups(alerts)]
    return "\n\n".join([*blocks, f"Everything that needs you: {address}/needs"]) + "\n"


def _block(group: Sequence[Alert], address: str) -> str:
    lines = [f"- {one.words}\n  {address}{one.link}" for one in group[:LISTED]]
    if len(group) > LISTED:
        lines.append(f"- and {len(group) - LISTED} more: {address}/needs")
    head = [_head(group)] if len(group) > 1 else []
    return "\n".join([*head, *lines])


def _head(group: Sequence[Alert]) -> str:
    first, count = group[0], len(group)
    if not first.about:
        return first.words
    posts = "1 post" if count == 1 else f"{count} posts"
    return f"{posts} {first.about} on {first.where}"


def _groups(alerts: Sequence[Alert]) -> list[list[Alert]]:
    """The largest first: what is alike stands together."""
    found: dict[tuple[str, str], list[Alert]] = {}
    for one in alerts:
        key = (one.about, one.where) if one.about else (one.key, "")
        found.setdefault(key, []).append(one)
    return sorted(found.values(), key=len, reverse=True)
