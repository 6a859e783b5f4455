"""Reasons: why a post is as it is, in sentences made from their kinds."""

from __future__ import annotations

from desk.lifecycle import State
from desk.models import Post
from desk.models.posts import ReasonKind
from desk.posts.marks import Mark


def was_sent_back(post: Post | Mark) -> bool:
    """Did its approver want changes of this draft, which nobody sent in again since?"""
    return post.state == State.DRAFT and post.reason_kind == ReasonKind.CHANGES


def reason_words(post: Post) -> str:
    """The reason of a post for whoever reads it; empty where there is none."""
    if post.reason_kind == ReasonKind.CHANGES:
        return f"Changes asked: {post.reason}"
    return post.reason
