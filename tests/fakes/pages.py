"""Pages of a listing, as Mastodon's API asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.fakes.ids import order

Json = dict[str, Any]
USUAL = 20


def page(posts: Sequence[Json], asked: Mapping[str, str], most: int) -> list[Json]:
    """Newest first; of older posts than one, of newer ones, or right behind one."""
    if asked.get("pinned") == "true":
        return []
    found = [post for post in posts if _within(post["id"], asked)]
    if asked.get("only_media") == "true":
        found = [post for post in found if post["media"]]
    size = max(1, min(int(asked.get("limit", USUAL)), most))
    taken = found[:size] if "min_id" in asked else found[-size:]
    return taken[::-1]


def links(address: str, shown: Sequence[Json]) -> str:
    """The header that leads to the pages before and after."""
    if not shown:
        return ""
    older, newer = f"max_id={shown[-1]['id']}", f"min_id={shown[0]['id']}"
    return f'<{address}?{older}>; rel="next", <{address}?{newer}>; rel="prev"'


def _within(post_id: str, asked: Mapping[str, str]) -> bool:
    older = "max_id" not in asked or order(post_id) < order(asked["max_id"])
    newer = (asked[name] for name in ("since_id", "min_id") if name in asked)
    return older and all(order(post_id) > order(one) for one in newer)
