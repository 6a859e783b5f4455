"""Leaving out: the channels that a share is not to go out on."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from desk import shares
from desk.lifecycle import UNDECIDED
from desk.models import Post
from desk.people.actors import Actor
from desk.posts import following


def leave_out(
    session: Session, share_id: int, choices: Mapping[int, bool], by: Actor
) -> list[Post]:
    """`choices`: of posts by number, is it left out? Nothing of it is sent or lost.

    What has its time is none of them any more. Raises `NotYours`.
    """
    share = shares.locked(session, share_id, by)
    its = [
        post
        for post in following.posts_of(session, share)
        if post.state in UNDECIDED and post.id in choices
    ]
    for post in its:
        post.left_out = choices[post.id]
    return its
