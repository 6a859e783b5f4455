"""Locking: where each change of a post begins; nobody else changes it meanwhile."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.lifecycle import EDITABLE, State
from desk.models import Post
from desk.models.base import LARGEST_ID
from desk.people.actors import Actor
from desk.people.rights import Permission
from desk.posts.refusals import refuse, refuse_actor, refuse_partly_live
from desk.posts.seen import Seen
from desk.refusal import Refusal, RefusalKind


class NoSuchPost(Refusal):
    """There is no post of that number."""

    kind = RefusalKind.MISSING


def find_post(session: Session, post_id: int, *, lock: bool = False) -> Post:
    """The post; with `lock`, nobody else changes it until the transaction ends."""
    post = None
    if 0 < post_id <= LARGEST_ID:  # else no database looks
        post = session.get(
            Post, post_id, with_for_update=lock or None, populate_existing=lock
        )
    if post is None:
        raise NoSuchPost(f"There is no post number {post_id}.")
    return post


def lock_all(session: Session, post_ids: Collection[int]) -> None:
    """Lock these posts, before a change of several: always in one order.

    Else two people who begin at different ends wait for each other.
    """
    known = [one for one in post_ids if 0 < one <= LARGEST_ID]
    query = select(Post.id).where(Post.id.in_(known)).order_by(Post.id)
    session.execute(query.with_for_update())


def locked(
    session: Session,
    post_id: int,
    by: Actor,
    needs: Permission | None = None,
    seen: Seen | None = None,
) -> Post:
    """The post for a change by this actor; nobody else changes it meanwhile.

    Every change begins here, in the transaction that writes it.
    """
    post = find_post(session, post_id, lock=True)
    refuse_actor(session, post, by, needs, seen)
    return post


def lock_in_state(
    session: Session,
    post_id: int,
    allowed: Collection[State],
    by: Actor,
    needs: Permission | None = None,
    seen: Seen | None = None,
) -> Post:
    """The same, for what may be done to a post in these states alone.

    Raises `IllegalMove` as well.
    """
    post = locked(session, post_id, by, needs, seen)
    refuse(post, allowed)
    return post


def lock_editable(
    session: Session,
    post_id: int,
    by: Actor,
    needs: Permission | None = None,
    seen: Seen | None = None,
) -> Post:
    """The same, where nothing of it is live or on its way."""
    post = lock_in_state(session, post_id, EDITABLE, by, needs, seen)
    refuse_partly_live(post)
    return post
