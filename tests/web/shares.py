"""Shares of pasted articles, and their page's form as a browser would send it."""

from __future__ import annotations

from desk.models import Post, Share
from tests.web.articles import paste, posts_of
from tests.web.filling import Form, form_in
from tests.web.visiting import Visitor


def share_story(visitor: Visitor, channels: int = 2) -> tuple[int, list[Post]]:
    """Paste an article; the number of its share, and its posts by channel."""
    its = posts_of(visitor.desk, paste(visitor, channels))
    return its[0].share_id, its


def share_of(visitor: Visitor, share_id: int) -> Share:
    with visitor.desk.db.reading() as session:
        share = session.get_one(Share, share_id)
        assert share.pictures is not None
        assert share.labels is not None
        return share


def share_form(visitor: Visitor, share_id: int, **changed: object) -> Form:
    """The form of its page, with what was written or chosen there."""
    page = visitor.look(f"/shares/{share_id}").text
    return form_in(page, f"/shares/{share_id}/schedule") | changed
