"""Pasted articles of our own, and what becomes of them on a desk."""

from __future__ import annotations

import re
from html import unescape

from desk import report
from desk.desk import Desk
from desk.models import Post
from tests.factories import make_channel
from tests.web.filling import form_in
from tests.web.visiting import Visitor

FERRY = """Harbour ferry returns after eleven months in dry dock

By Ines Marlow

The Saltmere ferry will sail again on Monday, eleven months after a cracked shaft took it out of service.

“We said we would bring her back before winter, and we have,” said Tomas Reil, who runs the harbour for the town.

The repair cost 2.4 million and was paid from the port's own reserve, so the fare stays at 3.20.
"""  # noqa: E501  # one paragraph a line, as a page is copied


def paste(visitor: Visitor, channels: int = 2) -> int:
    """Paste the ferry article on a desk with channels; gives the article's number."""
    for number in range(channels):
        make_channel(visitor.desk, f"Channel {number + 1}")
    answer = visitor.send("/articles", {"source": FERRY})
    found = re.search(r"/articles/(\d+)", answer.location or "")
    assert found, answer.text
    return int(found[1])


def posts_of(desk: Desk, article_id: int) -> list[Post]:
    with desk.db.reading() as session:
        found = report.list_posts(session, article_id=article_id)
    return sorted(found, key=lambda post: post.channel.name)


def share_path(visitor: Visitor, article_id: int) -> str:
    """The page of its newest share."""
    answer = visitor.look(f"/articles/{article_id}")
    assert answer.location, answer.text
    return answer.location


def compose_form(
    visitor: Visitor, article_id: int, **changed: object
) -> dict[str, object]:
    """The form of its share's page, as a browser would send it; at once, on all."""
    path = share_path(visitor, article_id)
    form = form_in(visitor.look(path).text, f"{path}/schedule")
    posts = [str(post.id) for post in posts_of(visitor.desk, article_id)]
    return form | {"when": "at", "at": "now", "posts": posts} | changed


def untouched(page: str, post_id: int) -> dict[str, object]:
    """What a post's card sends when nobody wrote on it."""
    areas = rf'<textarea[^>]*name="([a-z-]+-{post_id})"[^>]*>(.*?)</textarea>'
    lines = rf'<input[^>]*name="([a-z-]+-{post_id})"[^>]*value="([^"]*)"'
    found = re.findall(areas, page, re.DOTALL) + re.findall(lines, page)
    return {name: unescape(value) for name, value in found}
