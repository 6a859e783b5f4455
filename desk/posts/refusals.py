"""Refusals: why a post can't be changed, or not by this person."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from desk.conflicts import Overtaken
from desk.lifecycle import UNDECIDED, IllegalMove, State
from desk.models import Post
from desk.people import rights
from desk.people.actors import Actor
from desk.people.rights import Permission
from desk.posts.seen import Seen

REFUSALS = {
    State.SENDING: "This post is already going out: it can't be changed any more.",
    State.UNCONFIRMED: (
        "This post may be live and the desk is finding out: decide that first."
    ),
    State.PUBLISHED: "This post is published: it can't be changed here any more.",
}


def refuse_actor(
    session: Session,
    post: Post,
    by: Actor,
    needs: Permission | None = None,
    seen: Seen | None = None,
) -> None:
    """The post is locked. Raises `NotYours` where the actor lacks the permission.

    That is what the change `needs`, else what the state of the post asks for. Raises
    `Overtaken` where the post is not as it was `seen`.
    """
    asked = Permission.WRITE if post.state in UNDECIDED else Permission.PUBLISH
    rights.refuse(session, by, needs or asked)
    if seen is not None and not seen.holds(post):
        raise Overtaken(
            "Someone changed this post, or decided on it, since you saw it: nothing "
            "was done. Read it as it stands now, then press again."
        )


def refuse(post: Post, allowed: Collection[State]) -> None:
    if post.state not in allowed:
        state = State(post.state)
        raise IllegalMove(REFUSALS.get(state, f"A post that is {state} can't do that."))


def refuse_partly_live(post: Post) -> None:
    """Live parts never change, and their post is never cancelled or taken back."""
    if any(part.remote_id for part in post.parts):
        raise IllegalMove(
            "Part of this thread is live and can't be changed any more: send the rest, "
            "or leave it as it is."
        )
