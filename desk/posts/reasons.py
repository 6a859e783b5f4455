"""Reasons: why a post is as it is, in sentences made from their kinds."""

from __future__ import annotations

from desk.models import Post
from desk.models.posts import ReasonKind


def in_words(post: Post) -> str:
    """The reason of a post for whoever reads it; empty where there is none."""
    if post.reason_kind == ReasonKind.CHANGES:
        return f"Changes asked: {post.reason}"
    return post.reason
