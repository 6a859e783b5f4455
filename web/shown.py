"""Shown: what a page shows of a post, and how its buttons say so.

A post that stands otherwise when a button is pressed was changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import request

from desk.models import Post
from desk.posts import Seen, stands
from web import forms


def fields(post: Post) -> dict[str, int | str]:
    """The hidden fields of a button's form."""
    return {f"revision-{post.id}": post.revision, f"stood-{post.id}": stands(post)}


def by(post_id: int) -> Seen | None:
    """What the page of this button showed; None where it doesn't say so."""
    stood = stood_by(post_id)
    if stood is None:
        return None
    return Seen(forms.whole(f"revision-{post_id}"), stood=stood)


def by_each(post_ids: Iterable[int]) -> dict[int, Seen]:
    return {one: seen for one in post_ids if (seen := by(one))}


def stood_by(post_id: int) -> str | None:
    """The state and time alone, by form or address."""
    return request.values.get(f"stood-{post_id}")


def standing(post: Post) -> dict[str, str]:
    """For the address of a button whose form has the revision that words began from."""
    return {f"stood-{post.id}": stands(post)}
